"""Addresses of matching: single lines of candidate lists, how matching works, and what stands for trust in it."""

from django.urls import path

from jobmatching.nightly import public_views, views
from jobmatching.nightly.fairness import views as fairness_views
from jobmatching.nightly.stopping import views as stopping_views

app_name = "matching"
urlpatterns = [
    path("nain-kohtaanto-toimii/", public_views.how, name="how"),
    path("luottamus/pysaytys/", stopping_views.switch, name="switch"),
    path("luottamus/pysaytys/pysayta/", stopping_views.stop_matching, name="stop"),
    path("luottamus/pysaytys/jatka/", stopping_views.lift_stop, name="lift"),
    path("luottamus/yhdenvertaisuus/", fairness_views.fairness, name="fairness"),
    path("luottamus/yhdenvertaisuus/kommentti/", fairness_views.comment, name="fairness_comment"),
    path("luottamus/yhdenvertaisuus/vienti/<slug:kind>/", fairness_views.export, name="fairness_export"),
    path("tyopaikat/<int:pk>/ehdokkaat/<int:seeker_pk>/", views.candidate, name="candidate"),
    path("tyonhakijat/<int:pk>/osumat/<int:vacancy_pk>/", views.vacancy_of_seeker, name="vacancy_of_seeker"),
]
