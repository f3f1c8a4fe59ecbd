"""Both sides of the administration's spreadsheets: read by content, whatever the name; written so that nothing runs."""

from typing import Any, Final

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from portal.ui.spreadsheets.formulas import safe_row, unescaped
from portal.ui.spreadsheets.limits import LONGEST_CELL, MOST_BLANK_ROWS, MOST_ROWS
from portal.ui.spreadsheets.reading import NotReadable, read_lines, too_many_cells

TITLE: Final = "CSV, XLSX"


class AnySpreadsheet(base_formats.Format):
    """CSV or XLSX, whichever the content is."""

    def __init__(self, encoding: str | None = None) -> None:
        """The encoding is told by the content, whatever is asked for."""

    def get_title(self) -> str:
        return TITLE

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The rows under their header, as text. Raises NotReadable."""
        dataset = tablib.Dataset()
        blank = 0
        for number, line in enumerate(read_lines(in_stream, clean=_clean), start=1):
            cells = _checked(line, number)
            if dataset.headers is None:
                if not any(cells):
                    raise NotReadable(_("The file is empty. Choose another file."))
                dataset.headers = _without_empty_end(cells)
                continue
            width = len(dataset.headers)
            if not any(cells):
                blank += 1
                if blank > MOST_BLANK_ROWS:
                    raise NotReadable(_("The file has thousands of empty rows. Remove them and save the file again."))
                continue
            if any(cells[width:]):
                raise NotReadable(too_many_cells(number))
            if len(dataset) == MOST_ROWS:
                raise NotReadable(_("The file has more than %d rows. Divide it into smaller files.") % MOST_ROWS)
            dataset.append([*cells[:width], *[""] * (width - len(cells))])
        if dataset.headers is None:
            raise NotReadable(_("The file is empty. Choose another file."))
        return dataset


class SafeCSV(base_formats.CSV):
    """CSV in which no cell begins a formula."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str:
        text: str = super().export_data(_harmless(dataset), **kwargs)
        return text


class SafeXLSX(base_formats.XLSX):
    """XLSX in which no cell begins a formula; numbers stay numbers, days stay days."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        content: bytes = super().export_data(_harmless(dataset), **kwargs)
        return content


def _harmless(dataset: tablib.Dataset) -> tablib.Dataset:
    return tablib.Dataset(*(safe_row(row) for row in dataset), headers=safe_row(dataset.headers or ()))


def _clean(text: str) -> str:
    """A cell's text; unlike names of people, descriptions keep their lines."""
    return unescaped(text.strip())


def _checked(line: list[str], number: int) -> list[str]:
    if any(len(cell) > LONGEST_CELL for cell in line):
        raise NotReadable(_("Row %d has a cell that is too long. Shorten it.") % number)
    if any(cell.startswith("=") for cell in line):
        raise NotReadable(_("Row %d has a formula. Put its result in its place.") % number)
    return line


def _without_empty_end(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names
