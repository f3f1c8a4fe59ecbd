"""Whole columns between PostgreSQL and numpy by binary COPY: no Python object a row.

Only fixed-width columns without NULL: each row of the binary format then has one fixed shape, a record of numpy.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection

_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_CHUNK_ROWS: Final = 1 << 16

# PostgreSQL type -> numpy type in network byte order.
_WIRE: Final = {
    "int2": ">i2",
    "int4": ">i4",
    "int8": ">i8",
    "float8": ">f8",
    "bool": "u1",
    "date": ">i4",
}
_NATIVE: Final = {"int2": "i2", "int4": "i4", "int8": "i8", "float8": "f8", "bool": "?", "date": "i4"}

POSTGRES_EPOCH_DAYS: Final = 10_957
"""Days from 1970-01-01 to 2000-01-01, where PostgreSQL counts its dates from."""


def _record(columns: Sequence[tuple[str, str]]) -> np.dtype[Any]:
    """The shape of one row: field count, then length and value of each field."""
    parts: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in columns:
        parts += [(f"{name}_length", ">i4"), (name, _WIRE[kind])]
    return np.dtype(parts)


def read_columns(
    sql: str, columns: Sequence[tuple[str, str]], params: Sequence[Any] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Read a SELECT as one array a column.

    `columns` gives (name, type) in the order of the SELECT, types as in PostgreSQL ("int4", "date" ...); dates come as
    days since 1970-01-01. Raises ValueError when a row does not have that shape (a NULL, another type).
    """
    with connection.cursor() as cursor:
        # COPY takes no parameters of its own: psycopg writes them into the text on the client.
        with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", params) as copy:  # type: ignore[attr-defined]
            content = b"".join(copy)
    record = _record(columns)
    body = content[len(_HEADER) : len(content) - len(_TRAILER)]
    if len(body) % record.itemsize:
        raise ValueError("The columns read do not have the shape expected: is one of them NULL?")
    rows = np.frombuffer(body, dtype=record)
    if rows.size and not bool(np.all(rows["count"] == len(columns))):
        raise ValueError("The columns read do not have the shape expected: is one of them NULL?")
    read: dict[str, npt.NDArray[Any]] = {}
    for name, kind in columns:
        if rows.size and not bool(np.all(rows[f"{name}_length"] == np.dtype(_WIRE[kind]).itemsize)):
            raise ValueError(f"Column {name} holds a NULL or another type than {kind}.")
        column = rows[name].astype(_NATIVE[kind])
        read[name] = column + POSTGRES_EPOCH_DAYS if kind == "date" else column
    return read


def write_columns(
    target: str, columns: Sequence[tuple[str, str]], arrays: Iterable[npt.NDArray[Any]], *, freeze: bool = False
) -> int:
    """Write arrays of one length as rows of `target` (a table of ours, not what a user typed); return how many rows.

    `freeze` is for a table made in the same transaction: its rows never need a vacuum.
    """
    values = list(arrays)
    rows = len(values[0])
    record = _record(columns)
    names = ", ".join(name for name, _kind in columns)
    options = "FORMAT BINARY, FREEZE" if freeze else "FORMAT BINARY"
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {target} ({names}) FROM STDIN ({options})") as copy:  # type: ignore[attr-defined]
            copy.write(_HEADER)
            block = np.zeros(min(_CHUNK_ROWS, rows), dtype=record)
            block["count"] = len(columns)
            for name, kind in columns:
                block[f"{name}_length"] = np.dtype(_WIRE[kind]).itemsize
            for start in range(0, rows, _CHUNK_ROWS):
                part = block[: min(_CHUNK_ROWS, rows - start)]
                for (name, kind), array in zip(columns, values, strict=True):
                    piece = array[start : start + _CHUNK_ROWS]
                    part[name] = piece - POSTGRES_EPOCH_DAYS if kind == "date" else piece
                copy.write(part.tobytes())
            copy.write(_TRAILER)
    return rows


def read_blobs(sql: str, params: Sequence[Any] | None = None) -> list[bytes]:
    """Read a SELECT of one bytea column as bytes, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [bytes(row[0]) for row in cursor.fetchall()]
