"""Addresses of occupations and skills."""

from django.urls import path

from portal.classifications import views

app_name = "classifications"
urlpatterns = [
    path("ammatit/", views.occupations, name="occupations"),
    path("ammatit/<int:pk>/", views.occupation, name="occupation"),
    path("osaamiset/", views.skills, name="skills"),
    path("osaamiset/<int:pk>/", views.skill, name="skill"),
    path("valinta/<str:kind>/<slug:name>/<str:how>/", views.pick, name="pick"),
]
