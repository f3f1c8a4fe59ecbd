"""`manage.py write_system_card`: docs/system-card.md from the code and the shipped rules; needs no database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobmatching.nightly.system_card.markdown import document


class Command(BaseCommand):
    """Write the document, or say that it is not what the code says."""

    help = (
        "Writes docs/system-card.md from the code and the shipped rules. --check only looks whether it is up to date."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "system-card.md"
        wanted = document()
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        if there == wanted:
            self.stdout.write("docs/system-card.md says what the code says.")
            return
        if options["check"]:
            raise CommandError("docs/system-card.md is out of date: run manage.py write_system_card and commit it.")
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write("docs/system-card.md was written.")
