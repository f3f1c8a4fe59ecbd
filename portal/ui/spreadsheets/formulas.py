"""No cell of ours begins a formula: a spreadsheet would run it when somebody opens the file."""

import re
from collections.abc import Iterable
from typing import Any, Final

# What spreadsheet programs take for the beginning of a formula, in full width too, also behind characters that they
# pass over: spaces, tabs, line breaks, invisible marks.
_BEGINS_FORMULA: Final = re.compile(r"[\s\x00\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)?")
MARK: Final = "'"


def escaped(value: str) -> str:
    """The text, so that no spreadsheet takes it for a formula; a plain number stays one, negative too."""
    return f"{MARK}{value}" if _BEGINS_FORMULA.match(value) and not _NUMBER.fullmatch(value) else value


def unescaped(value: str) -> str:
    """The text without the mark that `escaped` (or a person) has put before it."""
    return value[1:] if value[:1] == MARK and _BEGINS_FORMULA.match(value[1:]) else value


def safe_row(cells: Iterable[Any]) -> list[Any]:
    """A row whose texts begin no formula; numbers, days and empty cells as they are."""
    return [escaped(cell) if isinstance(cell, str) else cell for cell in cells]
