"""`manage.py load_builtin`: the registers that come with the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.classifications.importers.builtin import load_builtin
from portal.classifications.management.reporting import report_changes


class Command(BaseCommand):
    """Load municipalities, employment areas, travel times and code lists; safe to repeat."""

    help = (
        "Loads the built-in municipalities, employment areas, travel times and code lists; a second time"
        " changes nothing."
        " Occupations and skills come by import_esco."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what changed."""
        report_changes(self.stdout, load_builtin())
