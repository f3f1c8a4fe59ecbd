"""Addresses of a person's own account; sign-in and passwords are allauth's."""

from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [path("oma/", views.own, name="own")]
