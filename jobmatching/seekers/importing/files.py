"""The table of a file of people: its first row names columns that the portal knows, in any order.

What kinds of files are read, and with which limits, is in `portal.ui.spreadsheets`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from portal.ui.spreadsheets.limits import MOST_BLANK_ROWS
from portal.ui.spreadsheets.reading import NotReadable, read_lines, too_many_cells

MOST_ROWS: Final = 2_000
LONGEST_CELL: Final = 1_000
"""Characters; no column of a jobseeker holds more."""


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
    numbered = enumerate(read_lines(content), start=1)
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
            if number - len(rows) > MOST_BLANK_ROWS:
                raise NotReadable(_("The file has thousands of empty rows. Remove them and save the file again."))
            continue
        if len(rows) == MOST_ROWS:
            raise NotReadable(_("The file has more than %d rows. Divide it into smaller files.") % MOST_ROWS)
        rows.append(_fitted(line, columns, number))
        numbers.append(number)
    if not rows:
        raise NotReadable(_("The file has no rows under its header. Choose another file."))
    return Table(columns, rows, numbers)


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
        raise NotReadable(too_many_cells(number))
    if any(len(cell) > LONGEST_CELL for cell in line):
        raise NotReadable(_("Row %d has a cell that is too long. Shorten it.") % number)
    return [*line[: len(columns)], *[""] * (len(columns) - len(line))]
