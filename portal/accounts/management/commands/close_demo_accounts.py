"""`manage.py close_demo_accounts`: nobody signs in as one of the demo's people any more."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.accounts.demo import open_demo_accounts


class Command(BaseCommand):
    """Close the accounts; what they have written stays under their names."""

    help = "Closes the accounts of the demo's people."

    def handle(self, *args: Any, **options: Any) -> None:
        """Doing it again changes nothing."""
        closed = open_demo_accounts().update(is_active=False, closed_at=timezone.now())
        self.stdout.write(f"Closed: {closed}.")
