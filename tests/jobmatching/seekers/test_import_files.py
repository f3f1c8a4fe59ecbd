"""What kinds of files are read, and how those that cannot be are refused."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _

from jobmatching.seekers.importing import files, kept
from jobmatching.seekers.importing.files import read_table
from jobmatching.seekers.imports import column_names
from portal.ui.spreadsheets.reading import NotReadable
from tests.jobmatching.seekers.sheets import CHECK, IMPORT, REQUIRED, as_csv, as_xlsx, choose, errors, person, token_of


def read(content: bytes) -> files.Table:
    return read_table(content, column_names(), column_names(required=True))


def refused(content: bytes) -> str:
    with translation.override("en"), pytest.raises(NotReadable) as refusal:
        read(content)
    return str(refusal.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_as_spreadsheets_write_it(delimiter: str, encoding: str) -> None:
    content = as_csv(person(last_name="Äyräs"), delimiter=delimiter).decode().encode(encoding)
    table = read(content)
    assert table.columns == REQUIRED
    assert table.rows == [["A-1", "Aino", "Äyräs", "1990-01-01"]]
    assert table.numbers == [2]


def test_empty_rows_are_left_out_and_rows_keep_their_numbers() -> None:
    table = read(as_csv(person(1), {}, person(2)))
    assert table.numbers == [2, 4]


def test_the_kind_of_file_is_told_by_its_content(signed_in: Client) -> None:
    as_named = SimpleUploadedFile("people.csv", as_xlsx(person()), content_type="text/csv")
    assert signed_in.post(IMPORT, {"file": as_named}).status_code == 302
    picture = SimpleUploadedFile("people.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert signed_in.post(IMPORT, {"file": picture}).context["form"].errors.keys() == {"file"}


def _packed(parts: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", kind) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def _changed(change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(person()))) as package:
        return _packed({name: change(name, package.read(name)) for name in package.namelist()})


def _with_entities(name: str, content: bytes) -> bytes:
    return (
        content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1) if "sheet1" in name else content
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01\x02 binary", "neither CSV nor XLSX"),
        (_packed({"word/document.xml": b"<x/>"}), "neither CSV nor XLSX"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 not a package", "broken"),
        (_packed({"xl/workbook.xml": b"<x/>"}), "broken"),
        (_packed({"xl/workbook.xml": b"<x/>"}, zipfile.ZIP_BZIP2), "broken"),
        (_changed(_with_entities), "broken"),
        (_packed({"xl/workbook.xml": b"<x/>", "xl/bomb.xml": b" " * (26 * 1024**2)}), "holds too much"),
        (_packed({"xl/workbook.xml": b"", **{f"xl/{n}.xml": b"" for n in range(201)}}), "holds too much"),
        (b"x" * (5 * 1024**2 + 1), "5 MB"),
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (as_csv(dict.fromkeys(REQUIRED, "")), "no rows"),
        (as_csv({"source_id": "A"}), "first_name, last_name, birth_date"),
        (as_csv(person(shoe_size="43")), "shoe_size"),
        (b"source_id;source_id\nA;B", "twice"),
        (as_csv(person()) + b'"A;B', "quotation marks"),
        (as_csv(person()) + b"A;B;C;D;E", "more cells"),
        (as_csv(person(last_name="x" * 1001)), "too long"),
        (as_csv(*(person(n) for n in range(2001))), "2000 rows"),
        (as_csv(person()) + b"\n" * 6000 + b"A;B;C;D", "empty rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, told: str) -> None:
    assert told in refused(content)


def test_two_thousand_rows_are_read() -> None:
    assert len(read(as_csv(*(person(n) for n in range(2000)))).rows) == 2000


def test_too_many_rows_are_told_on_the_form(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    response = choose(signed_in, as_csv(person(1), person(2)))
    told = _("The file has more than %d rows. Divide it into smaller files.") % 1
    assert response.context["form"].errors == {"file": [told]}


def test_formulas_are_refused_in_a_spreadsheet_too(signed_in: Client) -> None:
    token = token_of(choose(signed_in, as_xlsx(person(last_name="=1+1"))))
    assert errors(signed_in.get(CHECK, {kept.PARAMETER: token})) == [(2, "last_name")]
