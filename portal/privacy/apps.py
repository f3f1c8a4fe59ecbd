"""Privacy: what protects the people whose data is here."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "portal.privacy"
    label = "privacy"
    verbose_name = _("Data protection")

    def ready(self) -> None:
        post_migrate.connect(_give_first_times, sender=self, dispatch_uid="portal.privacy.retention")
        post_migrate.connect(_keep_history, sender=self, dispatch_uid="portal.privacy.history")

        from portal.privacy.access import checks as of_log  # noqa: F401  registers the check
        from portal.privacy.history import checks  # noqa: F401  registers the check
        from portal.privacy.history.jobs import listen

        listen()


def _give_first_times(using: str, plan: Any = (), **_: Any) -> None:
    """Give retention classes that have no time yet their first one, once the table is there."""
    from portal.privacy.retention.classes import fill_in_first_rows

    fill_in_first_rows(using)


def _keep_history(using: str, **_: Any) -> None:
    """Bring the triggers of the history in step with the tables, once all apps have migrated."""
    from portal.privacy.history.triggers import install

    install(using)
