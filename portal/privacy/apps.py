"""Privacy: what protects the people whose data is here."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PrivacyConfig(AppConfig):
    name = "portal.privacy"
    label = "privacy"

    def ready(self) -> None:
        post_migrate.connect(_give_first_times, sender=self, dispatch_uid="portal.privacy.retention")


def _give_first_times(using: str, plan: Any = (), **_: Any) -> None:
    """Give retention classes that have no time yet their first one, once the table is there."""
    from portal.privacy.retention.classes import fill_in_first_rows

    fill_in_first_rows(using)
