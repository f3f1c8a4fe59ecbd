"""Addresses of runs."""

from django.urls import path

from portal.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("kaynnista/", views.start_run, name="start"),
    path("<int:pk>/", views.run_page, name="page"),
    path("<int:pk>/eteneminen/", views.run_progress, name="progress"),
]
