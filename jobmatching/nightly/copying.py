"""Whole columns and large bytes between PostgreSQL and numpy in binary: no Python object a row.

Only fixed-width columns without NULL: of the binary format each row has one fixed shape then, a record of numpy.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg import Cursor

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
_SEND: Final = {
    "int2": "int2send",
    "int4": "int4send",
    "int8": "int8send",
    "float8": "float8send",
    "bool": "boolsend",
    "date": "date_send",
}
"""PostgreSQL type -> its function that gives a value's bytes in network order."""
_NATIVE: Final = {"int2": "i2", "int4": "i4", "int8": "i8", "float8": "f8", "bool": "?", "date": "i4"}

POSTGRES_EPOCH_DAYS: Final = 10_957
"""Days from 1970-01-01 to 2000-01-01, where PostgreSQL counts its dates from."""


def _record(columns: Sequence[tuple[str, str]], values: Sequence[npt.NDArray[Any]]) -> np.dtype[Any]:
    """The shape of one row: field count, then length and value of each field."""
    parts: list[tuple[str, Any]] = [("count", ">i2")]
    for (name, kind), array in zip(columns, values, strict=True):
        parts += [(f"{name}_length", ">i4"), (name, array.dtype if kind == "text" else _WIRE[kind])]
    return np.dtype(parts)


def read_columns(
    sql: str, columns: Sequence[tuple[str, str]], params: Sequence[Any] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Read a SELECT as one array a column.

    `columns` gives (name, type) in the order of the SELECT, types as in PostgreSQL ("int4", "date" ...); dates come as
    days since 1970-01-01. Raises ValueError where a column holds a NULL.
    """
    # The server strings each column together: one row to receive instead of thousands, each with its own cost.
    sent = ", ".join(f"string_agg({_SEND[kind]}(c{place}), ''::bytea)" for place, (_name, kind) in enumerate(columns))
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    ((rows, *contents),) = fetch_binary(f"SELECT count(*), {sent} FROM ({sql}) selected({names})", params)  # noqa: S608
    read: dict[str, npt.NDArray[Any]] = {}
    for (name, kind), content in zip(columns, contents, strict=True):
        column = np.frombuffer(content or b"", dtype=_WIRE[kind]).astype(_NATIVE[kind])
        if column.size != rows:
            raise ValueError(f"Column {name} holds a NULL.")
        read[name] = column + POSTGRES_EPOCH_DAYS if kind == "date" else column
    return read


def fetch_binary(sql: str, params: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a SELECT in PostgreSQL's binary format: bytes come as they are, not spelt out in hexadecimal."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        statement = cursor.mogrify(sql, params)
        return Cursor(connection.connection).execute(statement, binary=True).fetchall()


def execute_binary(sql: str, params: Sequence[Any]) -> int:
    """Execute a statement whose parameters are sent apart from it, bytes as they are; return how many rows changed."""
    with connection.cursor(), connection.wrap_database_errors:
        return Cursor(connection.connection).execute(sql, params).rowcount


def write_columns(
    target: str, columns: Sequence[tuple[str, str]], arrays: Iterable[npt.NDArray[Any]], *, freeze: bool = False
) -> int:
    """Write arrays of one length as rows of `target` (a table of ours, not what a user typed); return how many rows.

    A column of kind "text" is an array of bytes in which every text is as long as the others.
    `freeze` is for a table made in the same transaction: its rows never need a vacuum.
    """
    return write_pieces(target, columns, [list(arrays)], freeze=freeze)


def write_pieces(
    target: str,
    columns: Sequence[tuple[str, str]],
    pieces: Iterable[Sequence[npt.NDArray[Any]]],
    *,
    freeze: bool = False,
) -> int:
    """Write columns that come piece by piece, all in one COPY; see `write_columns`."""
    names = ", ".join(name for name, _kind in columns)
    options = "FORMAT BINARY, FREEZE" if freeze else "FORMAT BINARY"
    statement = f"COPY {target} ({names}) FROM STDIN ({options})"
    rows = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for values in pieces:
            for start in range(0, len(values[0]), _CHUNK_ROWS):
                copy.write(_wire_rows(columns, [array[start : start + _CHUNK_ROWS] for array in values]))
            rows += len(values[0])
        copy.write(_TRAILER)
    return rows


def _wire_rows(columns: Sequence[tuple[str, str]], values: Sequence[npt.NDArray[Any]]) -> bytes:
    """Rows as COPY's binary format wants them."""
    record = _record(columns, values)
    block = np.empty(len(values[0]), dtype=record)
    block["count"] = len(columns)
    for (name, kind), array in zip(columns, values, strict=True):
        block[f"{name}_length"] = record[name].itemsize
        block[name] = array - POSTGRES_EPOCH_DAYS if kind == "date" else array
    return block.tobytes()
