"""Addresses of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from portal import health
from portal.ui.views import home

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", home, name="home"),
    path("", include("portal.ui.urls")),
    path("", include("portal.classifications.urls")),
    path("tyonhakijat/", include("jobmatching.seekers.urls")),
    path("tyopaikat/", include("employers.vacancies.urls")),
    path("tyonantajat/", include("employers.companies.urls")),
    path("", include("jobmatching.nightly.urls")),
    path("ajot/", include("portal.runs.urls")),
    path("luottamus/", include("portal.privacy.trust_urls")),
    path("luottamus/", include("portal.privacy.access.urls")),
    path("luottamus/sailytys/", include("portal.privacy.retention.urls")),
    path("", include("portal.privacy.register.urls")),
    path("muutokset/", include("portal.privacy.history.urls")),
    path("", include("portal.outbox.urls")),
    path("tili/", include("portal.accounts.urls")),
    path("tili/", include("portal.accounts.allauth_urls")),
    path("hallinta/", admin.site.urls),
    path("kieli/", login_not_required(set_language), name="set_language"),
]

handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.permission_denied"
handler404 = "portal.ui.errors.page_not_found"
handler500 = "portal.ui.errors.server_error"
