"""Files that people bring: CSV or XLSX, told apart by their content, read with limits and never trusted.

What comes out is plain text by rows. Whatever cannot be read raises `NotReadable` with what is wrong and what to do.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import openpyxl  # type: ignore[import-untyped]  # it has no types
from django.utils.translation import gettext as _

MOST_ROWS: Final = 2_000
MOST_BYTES: Final = 5 * 1024 * 1024
LONGEST_CELL: Final = 1_000
"""Characters; no column of a jobseeker holds more."""
_MOST_BLANK_ROWS: Final = 5_000
_MOST_COLUMNS: Final = 100
_MOST_PARTS: Final = 200
_MOST_UNPACKED: Final = 25 * 1024 * 1024
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
"""The old .xls, and every XLSX with a password."""
_ZIP: Final = b"PK\x03\x04"
# A spreadsheet made by people declares no types of its own: this is how a small file is blown up while it is read.
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class NotReadable(Exception):
    """Why a file cannot be read, in words for people."""


@dataclass(frozen=True)
class Table:
    """The rows of a file as text, each as long as `columns`; `numbers` are the rows' numbers in the spreadsheet."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


def read_table(content: bytes, known: Sequence[str], required: Sequence[str]) -> Table:
    """Read a file whose first row names its columns, in any order.

    `known` are all names that may stand there, `required` those that must. Raises NotReadable.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable(_("The file is larger than %d MB. Divide it into smaller files.") % (MOST_BYTES // 1024**2))
    lines = _spreadsheet(content) if content.startswith(_ZIP) else _csv(content)
    numbered = enumerate(lines, start=1)
    columns: list[str] = []
    for _number, line in numbered:
        columns = _columns(line, known, required)
        break
    if not columns:
        raise NotReadable(_("The file is empty. Choose another file."))
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, line in numbered:
        if not any(line):
            if number - len(rows) > _MOST_BLANK_ROWS:
                raise NotReadable(_("The file has thousands of empty rows. Remove them and save the file again."))
            continue
        if len(rows) == MOST_ROWS:
            raise NotReadable(_("The file has more than %d rows. Divide it into smaller files.") % MOST_ROWS)
        rows.append(_fitted(line, columns, number))
        numbers.append(number)
    if not rows:
        raise NotReadable(_("The file has no rows under its header. Choose another file."))
    return Table(columns, rows, numbers)


def tidy(text: str) -> str:
    """A cell's text with single spaces, without the mark that keeps a spreadsheet from reading it as a formula."""
    plain = " ".join(text.split())
    return plain[1:] if plain[:1] == "'" and plain[1:2] in ("=", "+", "-", "@") else plain


def _columns(line: list[str], known: Sequence[str], required: Sequence[str]) -> list[str]:
    """The names in the header, as the portal writes them; columns without a name at the end are left out."""
    names = [name.casefold().replace(" ", "_") for name in line]
    while names and not names[-1]:
        names.pop()
    strange = [told or "–" for told, name in zip(line, names, strict=False) if name not in known]
    if strange:
        raise NotReadable(
            _("The file has columns that the portal does not know: %s. Name the columns as in the template.")
            % ", ".join(told[:40] for told in strange[:5])
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotReadable(_("The file has a column twice: %s. Remove one of them.") % ", ".join(twice))
    if missing := [name for name in required if names and name not in names]:
        raise NotReadable(_("The file lacks columns that it must have: %s.") % ", ".join(missing))
    return names


def _fitted(line: list[str], columns: list[str], number: int) -> list[str]:
    """The row with as many cells as there are columns."""
    if any(line[len(columns) :]):
        raise NotReadable(
            _("Row %d has more cells than the header has columns. Put a cell with ; inside in quotation marks.")
            % number
        )
    if any(len(cell) > LONGEST_CELL for cell in line):
        raise NotReadable(_("Row %d has a cell that is too long. Shorten it.") % number)
    return [*line[: len(columns)], *[""] * (len(columns) - len(line))]


# --- CSV -----------------------------------------------------------------------------------------------------------
def _csv(content: bytes) -> Iterator[list[str]]:
    if content.startswith(_OLD_EXCEL):
        raise NotReadable(_("The file is an old Excel file or has a password. Save it as XLSX without a password."))
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [tidy(cell) for cell in line]
    except csv.Error as error:
        raise NotReadable(_("The file has quotation marks that do not match. Save it again as CSV or XLSX.")) from error


def _decoded(content: bytes) -> str:
    """The text: UTF-8, or what Excel writes by itself in Finland and Sweden (Windows-1252, UTF-16)."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
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
        yield from _sheet_rows(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))
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
        yield [tidy(_as_text(value)) for value in row]


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
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise NotReadable(
                    _("The XLSX file holds too much besides its rows. Copy the rows into a new file and save it.")
                )
            for part in parts:
                text = package.read(part)
                if text[:2] in (b"\xff\xfe", b"\xfe\xff") or _DECLARES.search(text):
                    raise NotReadable(_broken())
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise NotReadable(_broken()) from error


def _neither() -> str:
    return _("The file is neither CSV nor XLSX. Save it in one of these forms and choose it again.")


def _broken() -> str:
    return _("The XLSX file is broken. Open it in a spreadsheet program and save it again.")


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
