"""Addresses of the pages that belong to no one register. The address "" is `home`, in `portal.urls`."""

from django.urls import path

from portal.ui import views
from portal.ui.security_txt import security_txt

app_name = "ui"
urlpatterns = [
    path("saavutettavuus/", views.accessibility, name="accessibility"),
    path("tietosuoja/", views.privacy, name="privacy"),
    path("palaute/", views.feedback, name="feedback"),
    path("tyyli/", views.components, name="components"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
]
