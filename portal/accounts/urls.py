"""Addresses of a person's own account; sign-in and passwords are allauth's (`portal.accounts.allauth_urls`)."""

from django.urls import path

from portal.accounts import views
from portal.accounts.second_factor import views as second_factor

app_name = "accounts"
urlpatterns = [
    path("oma/", views.own, name="own"),
    path("kaksivaiheinen-kirjautuminen/", second_factor.enrol, name="enrol"),
    path("kaksivaiheinen-kirjautuminen/uusi-sovellus/", second_factor.ReplaceTOTPView.as_view(), name="replace_totp"),
]
