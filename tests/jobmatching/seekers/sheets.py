"""Files of jobseekers for tests: rows as CSV or XLSX, and the way through the pages."""

import csv
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jobmatching.seekers.importing import kept

IMPORT = reverse("seekers:import")
CHECK = reverse("seekers:import_check")
CODE = "010190-998V"
REQUIRED = ["source_id", "first_name", "last_name", "birth_date"]

Cells = dict[str, str]


def person(number: int = 1, **cells: str) -> Cells:
    """A row of somebody, with what every row must have."""
    told = {"source_id": f"A-{number}", "first_name": "Aino", "last_name": "Kokeilija", "birth_date": "1990-01-01"}
    return {**told, **cells}


def as_csv(*rows: Cells, delimiter: str = ";") -> bytes:
    written = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(written, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def as_xlsx(*rows: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(name) for name in columns])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def choose(client: Client, content: bytes, **fields: Any) -> HttpResponse:
    """Send a file; the answer is a redirect to its check, or the form with what is wrong."""
    return client.post(IMPORT, {"file": SimpleUploadedFile("list.txt", content), **fields})


def token_of(response: HttpResponse) -> str:
    assert response.status_code == 302, response.context["form"].errors
    return parse_qs(urlsplit(response.headers["Location"]).query)[kept.PARAMETER][0]


def checked(client: Client, *rows: Cells) -> HttpResponse:
    """The page that shows what the rows would do."""
    return client.get(CHECK, {kept.PARAMETER: token_of(choose(client, as_csv(*rows)))})


def taken_in(client: Client, *rows: Cells) -> HttpResponse:
    """The answer to the confirmation."""
    return client.post(CHECK, {kept.PARAMETER: token_of(choose(client, as_csv(*rows)))})


def errors(response: HttpResponse) -> list[tuple[int, str]]:
    """Row and column of each error that the page shows."""
    return [(error.number, error.column) for error in response.context["outcome"].errors]


def messages(response: HttpResponse) -> str:
    """What the page tells of what has been done."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
