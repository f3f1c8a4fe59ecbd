"""Brings vacancies in from the state portal's JSON."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from employers.vacancies.importing.reading import Unreadable, read_documents
from employers.vacancies.importing.storing import NoSuchArea, import_documents


class Command(BaseCommand):
    """`import_vacancies FILE|-`."""

    help = (
        "Brings vacancies in from the JSON of the state portal (Job Market Finland). The same file again changes "
        "nothing. A document that cannot be understood is told with all its reasons; then nothing is brought in, or "
        "with --partial all the others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")
        parser.add_argument("--partial", action="store_true", help="bring in what can be, leave out what is refused")
        parser.add_argument(
            "--area", help="code of the employment area that fills them (default: by the place of the work)"
        )
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object on the last line")

    def handle(self, **options: Any) -> None:
        try:
            with _opened(options["file"]) as file:
                documents = read_documents(file)
            report = import_documents(documents, partial=options["partial"], area_code=options["area"])
        except OSError as error:
            raise CommandError(f"The file {options['file']} cannot be read: {error.strerror}.") from error
        except (Unreadable, NoSuchArea) as error:
            raise CommandError(str(error)) from error
        for line in report.lines():
            self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        if report.refused and not options["partial"]:
            raise CommandError("Nothing was brought in. Mend the documents, or add --partial to bring in the others.")


def _opened(name: str) -> Any:
    """The file, or standard input (which stays open)."""
    if name == "-":
        stdin: BinaryIO = sys.stdin.buffer
        return nullcontext(stdin)
    return Path(name).open("rb")
