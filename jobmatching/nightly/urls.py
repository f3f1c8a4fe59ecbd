"""Addresses of matching: single lines of candidate lists, and the public page about how matching works."""

from django.urls import path

from jobmatching.nightly import public_views, views

app_name = "matching"
urlpatterns = [
    path("nain-kohtaanto-toimii/", public_views.how, name="how"),
    path("tyopaikat/<int:pk>/ehdokkaat/<int:seeker_pk>/", views.candidate, name="candidate"),
    path("tyonhakijat/<int:pk>/osumat/<int:vacancy_pk>/", views.vacancy_of_seeker, name="vacancy_of_seeker"),
]
