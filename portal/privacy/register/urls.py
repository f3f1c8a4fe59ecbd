"""Addresses of the register of personal fields."""

from django.urls import path

from portal.privacy.register import views

app_name = "register"
urlpatterns = [
    path("luottamus/rekisteri/", views.register, name="fields"),
    path("luottamus/rekisteri/taulukko/", views.register_file, name="file"),
    path("tietosuoja/rekisteri/", views.public_register, name="public"),
]
