"""Addresses of jobseekers. No address ever carries a name."""

from django.urls import path

from jobmatching.seekers import (
    export_views,
    history_views,
    identity_views,
    import_views,
    looked_views,
    reason_views,
    views,
)
from jobmatching.seekers.contact import views as contact
from jobmatching.seekers.non_disclosure import views as non_disclosure
from jobmatching.seekers.rights import document_views as documents
from jobmatching.seekers.rights import list_views as right_lists
from jobmatching.seekers.rights import views as rights

app_name = "seekers"
urlpatterns = [
    path("", views.seeker_list, name="list"),
    path("haku/", views.search, name="search"),
    path("vienti/", export_views.export, name="export"),
    path("tuonti/", import_views.choose, name="import"),
    path("tuonti/tarkistus/", import_views.check, name="import_check"),
    path("tuonti/malli/", import_views.template, name="import_template"),
    path("turvakiellot/", non_disclosure.overview, name="non_disclosures"),
    path("turvakiellot/<uuid:key>/", non_disclosure.name, name="non_disclosure_name"),
    path("tietosuoja/pyynnot/", right_lists.requests, name="requests"),
    path("tietosuoja/pyynnot/taulukko/", right_lists.requests_file, name="requests_file"),
    path("tietosuoja/poistuvat/", right_lists.departing, name="departing"),
    path("<int:pk>/", views.seeker_page, name="page"),
    path("<int:pk>/osumat/", views.seeker_matches, name="matches"),
    path("<int:pk>/muutokset/", history_views.seeker_history, name="history"),
    path("<int:pk>/henkilotunnus/", identity_views.reveal, name="reveal"),
    path("<int:pk>/katselut/", looked_views.looked, name="looked"),
    path("<int:pk>/syy/", reason_views.give, name="reason"),
    path("<int:pk>/tietosuoja/", rights.tab, name="rights"),
    path("<int:pk>/tietosuoja/pyynnot/uusi/", rights.request_new, name="request_new"),
    path("<int:pk>/tietosuoja/pyynnot/<int:number>/", rights.request_page, name="request"),
    path("<int:pk>/tietosuoja/pyynnot/<int:number>/poisto/", rights.erasure, name="erasure"),
    path("<int:pk>/tietosuoja/rajoitus/", rights.restrict, name="restriction_new"),
    path("<int:pk>/tietosuoja/rajoitus/poisto/", rights.lift, name="restriction_lift"),
    path("<int:pk>/tietosuoja/sailyta/", rights.keep, name="hold_new"),
    path("<int:pk>/tietosuoja/sailyta/<int:number>/", rights.release, name="hold_release"),
    path("<int:pk>/tietosuoja/tiedot/", documents.ask, name="document_new"),
    path("<int:pk>/tietosuoja/tiedot/<int:number>/", documents.document_page, name="document"),
    path("<int:pk>/tietosuoja/tiedot/<int:number>/eteneminen/", documents.progress, name="document_progress"),
    path("<int:pk>/tietosuoja/tiedot/<int:number>/poista/", documents.empty, name="document_empty"),
    path("<int:pk>/tietosuoja/tiedot/<int:number>/json/", documents.fetch, {"kind": "json"}, name="document_json"),
    path("<int:pk>/tietosuoja/tiedot/<int:number>/html/", documents.fetch, {"kind": "html"}, name="document_html"),
    path("<int:pk>/viestit/", contact.contact, name="contact"),
    path("<int:pk>/viestit/kysy/", contact.ask, name="contact_ask"),
    path("<int:pk>/tauko/", views.pause, name="pause"),
    path("<int:pk>/tauon-loppu/", views.resume, name="resume"),
    path("<int:pk>/turvakielto/", non_disclosure.of_person, name="non_disclosure"),
    path("<int:pk>/turvakielto/asetus/", non_disclosure.set_in_force, name="non_disclosure_set"),
    path("<int:pk>/turvakielto/nimetyt/", non_disclosure.workers, name="non_disclosure_workers"),
    path("<int:pk>/turvakielto/voimassaolo/", non_disclosure.change_validity, name="non_disclosure_validity"),
    path("<int:pk>/turvakielto/poisto/", non_disclosure.lift_it, name="non_disclosure_lift"),
]
