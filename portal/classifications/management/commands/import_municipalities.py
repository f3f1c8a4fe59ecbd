"""`manage.py import_municipalities`: the national key of Finland, or the built-in municipalities."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.classifications.importers.builtin import load_builtin_places
from portal.classifications.importers.municipalities import import_national_key
from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.management.reporting import refusal, report_changes


class Command(BaseCommand):
    """Import municipalities, employment areas and centre points, and estimate travel times."""

    help = (
        "Imports Finland's municipality key (CSV, or a folder that holds it and the centre points); without a path, the"
        " built-in municipalities of the north. Travel times are estimated; figures from a road matrix stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file or folder."""
        parser.add_argument("path", nargs="?", type=Path, help="CSV file of the municipality key, or its folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what changed."""
        path: Path | None = options["path"]
        try:
            changes, notes = import_national_key(path) if path else (load_builtin_places(), [])
        except BrokenFiles as broken:
            raise refusal(broken) from broken
        for note in notes:
            self.stdout.write(note)
        report_changes(self.stdout, changes, retiring=("municipalities",))
