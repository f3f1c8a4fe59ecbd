"""Addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("tili/", include("allauth.urls")),
    path("hallinta/", admin.site.urls),
    path("kieli/", include("django.conf.urls.i18n")),
]
