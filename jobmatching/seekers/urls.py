"""Addresses of jobseekers. No address ever carries a name."""

from django.urls import path

from jobmatching.seekers import import_views, views

app_name = "seekers"
urlpatterns = [
    path("", views.seeker_list, name="list"),
    path("haku/", views.search, name="search"),
    path("vienti/", views.export, name="export"),
    path("tuonti/", import_views.choose, name="import"),
    path("tuonti/tarkistus/", import_views.check, name="import_check"),
    path("tuonti/malli/", import_views.template, name="import_template"),
    path("<int:pk>/", views.seeker_page, name="page"),
    path("<int:pk>/osumat/", views.seeker_matches, name="matches"),
    path("<int:pk>/tauko/", views.pause, name="pause"),
    path("<int:pk>/tauon-loppu/", views.resume, name="resume"),
]
