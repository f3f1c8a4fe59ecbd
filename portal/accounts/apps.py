"""Accounts: who uses the portal, in which role, and what that role may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
