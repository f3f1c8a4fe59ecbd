"""`manage.py import_esco`: bring in ESCO, or the demo taxonomy, from the official CSV layout."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.classifications.enums import Scheme
from portal.classifications.importers.esco import DEMO_TAXONOMY, EscoImport, import_esco
from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.management.reporting import refusal, report_changes


class Command(BaseCommand):
    """Import a folder or zip of ESCO's CSV files; broken files are named by row and column and change nothing."""

    help = (
        "Imports ESCO from the official CSV download (a folder or a zip; English needed, Finnish and Swedish"
        " taken where"
        " present). The same files again change nothing. --scheme demo loads the built-in demo taxonomy."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let `--version` mean the version of ESCO here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Path, scheme, version."""
        parser.add_argument("path", nargs="?", type=Path, help="folder or zip file; the demo taxonomy needs none")
        parser.add_argument("--scheme", choices=Scheme.values, default=Scheme.ESCO.value, help="default: esco")
        parser.add_argument(
            "--version", default="", help='for example "v1.2.0"; else taken from the name of the folder or zip'
        )
        parser.add_argument(
            "--json", action="store_true", help="print what was done as one JSON object, as the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what changed."""
        scheme = Scheme(options["scheme"])
        path = options["path"] or (DEMO_TAXONOMY if scheme == Scheme.DEMO else None)
        if path is None:
            raise CommandError("Give the folder or the zip file of ESCO's CSV download.")
        started = time.monotonic()
        try:
            done = import_esco(path, scheme, options["version"].strip())
        except BrokenFiles as broken:
            raise refusal(broken) from broken
        self._report(done, time.monotonic() - started)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "scheme": done.scheme.value,
                        "version": done.version,
                        "changed": done.changed,
                        "counts": done.counts,
                        "changes": {kind: changes._asdict() for kind, changes in done.changes.items()},
                        "notes": done.notes,
                    }
                )
            )

    def _report(self, done: EscoImport, seconds: float) -> None:
        for note in done.notes:
            self.stdout.write(note)
        self.stdout.write(f"{done.scheme.label} {done.version}: {seconds:.1f} s")
        for kind, count in done.counts.items():
            self.stdout.write(f"  {kind.replace('_', ' ')}: {count}")
        report_changes(self.stdout, done.changes, retiring=("groups", "occupations", "skill_groups", "skills"))
