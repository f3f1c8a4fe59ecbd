"""Columns in the text form of PostgreSQL's COPY: one list of strings a column, NULL as `\\N`."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Column = list[str]

NULL: Final = "\\N"

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def integers(values: npt.NDArray[np.integer], missing: npt.NDArray[np.bool_] | None = None) -> Column:
    """Whole numbers; NULL where `missing`."""
    column = list(map(str, values.tolist()))
    if missing is not None:
        for row in np.flatnonzero(missing).tolist():
            column[row] = NULL
    return column


def flags(values: npt.NDArray[np.bool_]) -> Column:
    """Truth values."""
    return chosen(("f", "t"), values.astype(np.int8))


def known_flags(values: npt.NDArray[np.integer]) -> Column:
    """Truth values that may be unknown: 1, 0, and -1 for NULL."""
    return chosen(("f", "t"), values)


def chosen(vocabulary: Sequence[str], index: npt.NDArray[np.integer]) -> Column:
    """Words of a vocabulary (already escaped); -1 gives NULL."""
    words = np.array([*vocabulary, NULL], dtype=object)
    column: Column = words[index].tolist()
    return column


def same(text: str, rows: int) -> Column:
    """The same (escaped) text on every row."""
    return [text] * rows


def days(values: npt.NDArray[np.integer], missing: npt.NDArray[np.bool_] | None = None) -> Column:
    """Dates from days since 1970-01-01; NULL where `missing` (the value there does not count)."""
    if missing is not None:
        values = np.where(missing, 0, values)
    if not values.size:
        return []
    first, last = int(values.min()), int(values.max())
    calendar = np.arange(first, last + 1).astype("datetime64[D]").astype(str).tolist()
    index = values - first
    return chosen(calendar, index if missing is None else np.where(missing, -1, index))


def moments(
    values: npt.NDArray[np.integer],
    minutes: npt.NDArray[np.integer],
    missing: npt.NDArray[np.bool_] | None = None,
) -> Column:
    """Times in UTC from days since 1970-01-01 and minutes of the day; NULL where `missing`."""
    clock = [f"{minute // 60:02d}:{minute % 60:02d}:00+00" for minute in range(1440)]
    column = [f"{day} {clock[minute]}" for day, minute in zip(days(values), minutes.tolist(), strict=True)]
    if missing is not None:
        for row in np.flatnonzero(missing).tolist():
            column[row] = NULL
    return column


def escaped(text: str) -> str:
    """A text of people's own words, safe inside a row."""
    return text.translate(_ESCAPES)


def binary(values: Sequence[bytes]) -> Column:
    """Bytes in PostgreSQL's hexadecimal form."""
    return ["\\\\x" + value.hex() for value in values]


def sets(members: Sequence[str]) -> list[str]:
    """Array literals of every subset of `members`: the subset of bit mask m stands at index m."""
    return [
        "{" + ",".join(member for bit, member in enumerate(members) if mask >> bit & 1) + "}"
        for mask in range(1 << len(members))
    ]


def rows(columns: Sequence[Column]) -> bytes:
    """The rows of a block, ready for COPY."""
    if not columns or not columns[0]:
        return b""
    return ("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n").encode()
