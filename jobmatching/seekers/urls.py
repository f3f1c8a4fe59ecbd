"""Addresses of jobseekers. No address ever carries a name."""

from django.urls import path

from jobmatching.seekers import export_views, identity_views, import_views, reason_views, views
from jobmatching.seekers.non_disclosure import views as non_disclosure

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
    path("<int:pk>/", views.seeker_page, name="page"),
    path("<int:pk>/osumat/", views.seeker_matches, name="matches"),
    path("<int:pk>/henkilotunnus/", identity_views.reveal, name="reveal"),
    path("<int:pk>/syy/", reason_views.give, name="reason"),
    path("<int:pk>/tauko/", views.pause, name="pause"),
    path("<int:pk>/tauon-loppu/", views.resume, name="resume"),
    path("<int:pk>/turvakielto/", non_disclosure.of_person, name="non_disclosure"),
    path("<int:pk>/turvakielto/asetus/", non_disclosure.set_in_force, name="non_disclosure_set"),
    path("<int:pk>/turvakielto/nimetyt/", non_disclosure.workers, name="non_disclosure_workers"),
    path("<int:pk>/turvakielto/voimassaolo/", non_disclosure.change_validity, name="non_disclosure_validity"),
    path("<int:pk>/turvakielto/poisto/", non_disclosure.lift_it, name="non_disclosure_lift"),
]
