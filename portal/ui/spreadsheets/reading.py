"""Files that people bring: CSV or XLSX, told apart by their content, read with limits and never trusted.

What comes out is plain text by rows. Whatever cannot be read raises `NotReadable` with what is wrong and what to do.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import openpyxl  # type: ignore[import-untyped]  # it has no types
from django.utils.translation import gettext as _

from portal.ui.spreadsheets.formulas import unescaped
from portal.ui.spreadsheets.limits import (
    ALWAYS_UNPACKED,
    MEBIBYTE,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_RATIO,
    MOST_STRINGS,
    MOST_UNPACKED,
)

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
"""The old .xls, and every XLSX with a password."""
_ZIP: Final = b"PK\x03\x04"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# A spreadsheet made by people declares no types of its own: this is how a small file is blown up while it is read.
_DECLARES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Other encodings would hide a declaration from the search; spreadsheet programs write UTF-8 alone.
_HIDES: Final = re.compile(rb"[<\s]\x00|\x00[<\s]|\xff\xfe|\xfe\xff")
_ENCODING: Final = re.compile(rb"""<\?xml\b[^>]{0,80}?\bencoding\s*=\s*["']([^"']*)""")
_PLAIN: Final = (b"utf-8", b"us-ascii", b"ascii")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_STRING: Final = re.compile(rb"<(?:\w+:)?si\b")


class NotReadable(Exception):
    """Why a file cannot be read, in words for people."""


def tidy(text: str) -> str:
    """A cell's text with single spaces, without the mark that keeps a spreadsheet from reading it as a formula."""
    return unescaped(" ".join(text.split()))


def read_lines(content: bytes, clean: Callable[[str], str] = tidy) -> Iterator[list[str]]:
    """Rows of a file as text, of an XLSX those of the first sheet, row by row as they are asked for.

    `clean` is applied to each cell. Empty rows come too, so that the place of a row is its number in the spreadsheet.
    Raises NotReadable, some of it only while rows are read.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable(_("The file is larger than %d MB. Divide it into smaller files.") % (MOST_BYTES // MEBIBYTE))
    lines = _spreadsheet(content) if content.startswith(_ZIP) else _csv(content)
    return ([clean(cell) for cell in line] for line in lines)


def too_many_cells(number: int) -> str:
    """What to say of a row that is longer than the header."""
    told = _("Row %d has more cells than the header has columns. Put a cell with ; inside in quotation marks.")
    return told % number


# --- CSV -----------------------------------------------------------------------------------------------------------
def _csv(content: bytes) -> Iterator[list[str]]:
    if content.startswith(_OLD_EXCEL):
        raise NotReadable(_("The file is an old Excel file or has a password. Save it as XLSX without a password."))
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise NotReadable(_("The file has quotation marks that do not match. Save it again as CSV or XLSX.")) from error


def _decoded(content: bytes) -> str:
    """The text: UTF-8, or what Excel writes by itself in Finland and Sweden (Windows-1252, UTF-16)."""
    encodings = ("utf-16",) if content[:2] in _UTF_16 else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
        break
    raise NotReadable(_neither())


# --- XLSX ----------------------------------------------------------------------------------------------------------
def _spreadsheet(content: bytes) -> Iterator[list[str]]:
    """Rows of the first sheet. Formulas come as their text, so that the check of the cell can refuse them."""
    _check_package(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # the reader raises whatever it stumbles over
        raise NotReadable(_broken()) from error
    try:
        if not book.worksheets:
            raise NotReadable(_broken())
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        yield from _sheet_rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    finally:
        book.close()


def _sheet_rows(rows: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    reading = iter(rows)
    while True:
        try:
            row = next(reading, None)
        except Exception as error:  # as above: broken sheets show only while they are read
            raise NotReadable(_broken()) from error
        if row is None:
            return
        yield [_as_text(value) for value in row]


def _check_package(content: bytes) -> None:
    """Refuse what is no spreadsheet, and what would unpack to more than any list of people needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if "xl/workbook.xml" not in package.namelist():
                raise NotReadable(_neither())
            # zipfile never unpacks more of a deflated part than the part's entry says.
            if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
                raise NotReadable(_broken())
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise NotReadable(_too_much())
            if unpacked > ALWAYS_UNPACKED and unpacked > MOST_RATIO * len(content):
                raise NotReadable(_too_much())
            for part in parts:
                _check_part(package.read(part))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise NotReadable(_broken()) from error


def _check_part(text: bytes) -> None:
    encoding = _ENCODING.match(text.removeprefix(b"\xef\xbb\xbf"))
    if _HIDES.match(text) or (encoding and encoding[1].lower() not in _PLAIN) or _DECLARES.search(text):
        raise NotReadable(_broken())
    if sum(1 for _found in _STRING.finditer(text)) > MOST_STRINGS:
        raise NotReadable(_too_much())


def _neither() -> str:
    return _("The file is neither CSV nor XLSX. Save it in one of these forms and choose it again.")


def _broken() -> str:
    return _("The XLSX file is broken. Open it in a spreadsheet program and save it again.")


def _too_much() -> str:
    return _("The XLSX file holds too much besides its rows. Copy the rows into a new file and save it.")


def _as_text(value: object) -> str:
    """A cell as it would be typed: days as ISO, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    return "="  # formulas over several cells, which the reader hands out as objects
