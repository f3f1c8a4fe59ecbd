"""Addresses of the auditor's pages. No address carries a name or an identity code."""

from django.urls import path

from portal.privacy.access import anomaly_views, log_views

app_name = "audit"
urlpatterns = [
    path("kayttoloki/", log_views.log, name="log"),
    path("kayttoloki/haku/", log_views.find, name="find"),
    path("kayttoloki/vienti/", log_views.export, name="export"),
    path("kayttoloki/henkilo/<int:number>/", log_views.person, name="person"),
    path("poikkeamat/", anomaly_views.anomalies, name="anomalies"),
    path("poikkeamat/vienti/", anomaly_views.export, name="anomalies_export"),
    path("poikkeamat/<int:pk>/", anomaly_views.anomaly, name="anomaly"),
    path("poikkeamat/<int:pk>/kasittely/", anomaly_views.handle_anomaly, name="handle"),
]
