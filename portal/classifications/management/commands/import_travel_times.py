"""`manage.py import_travel_times`: a road matrix in place of the estimates."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.importers.travel import import_travel_times
from portal.classifications.management.reporting import refusal, report_changes


class Command(BaseCommand):
    """Import kilometres and minutes by road between municipalities."""

    help = "Imports a CSV file with from_code,to_code,kilometres,minutes,source (each direction a row of its own)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("path", type=Path, help="CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what changed."""
        try:
            changes = import_travel_times(options["path"])
        except BrokenFiles as broken:
            raise refusal(broken) from broken
        report_changes(self.stdout, {"travel_times": changes})
