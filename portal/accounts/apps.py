"""Accounts: who uses the portal, in which role, and what that role may do."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts and roles")

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.account.signals import user_logged_in as came_in
        from allauth.mfa.signals import authenticator_added

        from portal.accounts import checks  # noqa: F401  importing registers the checks
        from portal.accounts.by_provider.services import keep_what_was_told
        from portal.accounts.second_factor.duty import note_enrolment
        from portal.accounts.sessions.clock import start
        from portal.accounts.sessions.own import end_others

        post_migrate.connect(_write_roles, sender=self, dispatch_uid="accounts.write_roles")
        user_logged_in.connect(start, dispatch_uid="accounts.session_starts")
        came_in.connect(keep_what_was_told, dispatch_uid="accounts.by_provider")
        authenticator_added.connect(note_enrolment, dispatch_uid="accounts.note_enrolment")
        for changed in (password_changed, password_reset, password_set):
            changed.connect(end_others, dispatch_uid="accounts.password_ends_sessions")


def _write_roles(using: str, **_unused: Any) -> None:
    """Each release brings its roles: after the migrations the rows say what the code says."""
    from portal.accounts.role_rows import RolePermission, sync

    if using == "default" and RolePermission._meta.db_table in connections[using].introspection.table_names():
        sync()
