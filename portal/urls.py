"""Addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("tili/", include("allauth.urls")),
    path("hallinta/", admin.site.urls),
    path("kieli/", include("django.conf.urls.i18n")),
]
