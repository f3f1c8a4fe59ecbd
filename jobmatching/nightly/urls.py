"""Addresses of matching: single lines of candidate lists, how matching works, and what stands for trust in it."""

from django.urls import path

from jobmatching.nightly import public_views, views
from jobmatching.nightly.fairness import views as fairness_views
from jobmatching.nightly.rules_flow import preview_views
from jobmatching.nightly.rules_flow import views as rules_views
from jobmatching.nightly.stopping import views as stopping_views
from jobmatching.nightly.system_card import views as system_card_views

app_name = "matching"
urlpatterns = [
    path("nain-kohtaanto-toimii/", public_views.how, name="how"),
    path("luottamus/pysaytys/", stopping_views.switch, name="switch"),
    path("luottamus/pysaytys/pysayta/", stopping_views.stop_matching, name="stop"),
    path("luottamus/pysaytys/jatka/", stopping_views.lift_stop, name="lift"),
    path("luottamus/yhdenvertaisuus/", fairness_views.fairness, name="fairness"),
    path("luottamus/yhdenvertaisuus/kommentti/", fairness_views.comment, name="fairness_comment"),
    path("luottamus/yhdenvertaisuus/vienti/<slug:kind>/", fairness_views.export, name="fairness_export"),
    path("luottamus/jarjestelmakortti/", system_card_views.card, name="system_card"),
    path("luottamus/saannot/", rules_views.versions, name="rules"),
    path("luottamus/saannot/<int:pk>/", rules_views.version_page, name="rules_version"),
    path("luottamus/saannot/<int:pk>/luonnos/", rules_views.draft, name="rules_draft"),
    path("luottamus/saannot/<int:pk>/muokkaa/", rules_views.edit, name="rules_edit"),
    path("luottamus/saannot/<int:pk>/laheta/", rules_views.send, name="rules_send"),
    path("luottamus/saannot/<int:pk>/takaisin/", rules_views.back, name="rules_back"),
    path("luottamus/saannot/<int:pk>/peru/", rules_views.give_up, name="rules_withdraw"),
    path("luottamus/saannot/<int:pk>/paatos/", rules_views.decide, name="rules_decide"),
    path("luottamus/saannot/<int:pk>/esikatsele/", preview_views.start_preview, name="rules_start_preview"),
    path("luottamus/saannot/esikatselut/<int:pk>/", preview_views.preview, name="rules_preview"),
    path(
        "luottamus/saannot/esikatselut/<int:pk>/eteneminen/",
        preview_views.preview_progress,
        name="rules_preview_progress",
    ),
    path("tyopaikat/<int:pk>/ehdokkaat/<int:seeker_pk>/", views.candidate, name="candidate"),
    path("tyonhakijat/<int:pk>/osumat/<int:vacancy_pk>/", views.vacancy_of_seeker, name="vacancy_of_seeker"),
]
