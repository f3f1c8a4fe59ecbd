"""Addresses of the history of accounts."""

from django.urls import path

from portal.privacy.history import views

app_name = "history"
urlpatterns = [path("kayttajat/<int:pk>/", views.user_history, name="user")]
