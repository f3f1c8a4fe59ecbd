"""Addresses of the pages about retention."""

from django.urls import path

from portal.privacy.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.classes, name="classes"),
    path("koeajo/", views.trial, name="trial"),
    path("todisteet/", views.reports, name="reports"),
    path("todisteet/<int:pk>/", views.report_page, name="report"),
    path("ehdotukset/<int:pk>/", views.proposal_page, name="proposal"),
    path("ehdotukset/<int:pk>/peru/", views.withdraw_proposal, name="withdraw"),
    path("luokat/<slug:code>/", views.class_page, name="class"),
    path("luokat/<slug:code>/ehdotus/", views.propose_time, name="propose"),
]
