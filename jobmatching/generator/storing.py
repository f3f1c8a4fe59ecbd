"""Writes batches by COPY: in a thread of its own while the next batch is being made, and without the tables' indexes.

Indexes and constraints are taken away before and built again after, in the same transaction: building them once over
all rows takes a fraction of the time, and every constraint is still checked against every row. When anything fails,
PostgreSQL puts all of it back.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from django.db import connection
from psycopg import Connection, sql

from jobmatching.generator import encoding as enc

Batch = dict[str, dict[str, enc.Column]]
"""Table -> column -> its values in the text form of COPY."""

_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
    FROM pg_constraint c WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('f', 'u', 'x')
    ORDER BY (c.contype = 'f'), c.conrelid::regclass::text, c.conname
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
    ORDER BY 1
"""


class Writer:
    """Writes batches one after another while the caller makes the next; at most one waits (memory stays small).

    An error of writing comes out of the following `write` or of the end of the `with` block.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._database: Connection[Any] = connection.connection
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._settle()
        finally:
            self._thread.shutdown(wait=True)

    def write(self, batch: Batch) -> None:
        """Write the batch's tables in its order."""
        self._settle()
        self._waiting = self._thread.submit(self._copy, batch)

    def _settle(self) -> None:
        if self._waiting is not None:
            self._waiting.result()
            self._waiting = None

    def _copy(self, batch: Batch) -> None:
        with self._database.cursor() as cursor:
            for table, columns in batch.items():
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
                )
                with cursor.copy(statement) as copy:
                    copy.write(enc.rows(list(columns.values())))


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Take away the tables' indexes, unique, exclusion and foreign key constraints; build them again after it."""
    with connection.cursor() as cursor:
        # Deferred checks still waiting would keep the tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_CONSTRAINTS, [list(tables)])
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for table, name, _definition in reversed(constraints):
            cursor.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
            )
        for name, _definition in indexes:
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
                )
            )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def reserve_ids(table: str, count: int) -> int:
    """Take `count` ids from the table's sequence; returns the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = int(cursor.fetchone()[0])
        if count > 1:
            cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
        return first


def empty(tables: Sequence[str]) -> None:
    """Empty the tables and whatever refers to them. Ids go on from where they were: past results may name old ones."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def analyze(tables: Sequence[str]) -> None:
    """Give the planner fresh statistics."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
