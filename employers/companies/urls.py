"""Addresses of employers."""

from django.urls import path

from employers.companies import views

app_name = "companies"
urlpatterns = [path("<int:pk>/muutokset/", views.employer_history, name="history")]
