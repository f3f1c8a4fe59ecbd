"""Store rows by COPY into a temporary table and one UPDATE and INSERT of what differs.

Meant for one transaction under the import lock: then UPDATE followed by INSERT is safe, tells new rows from changed
ones, and unlike INSERT ... ON CONFLICT it burns no id for a row that stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db.backends.utils import CursorWrapper
from psycopg import sql

_MANY: Final = 500


class Changes(NamedTuple):
    """How many rows were added, changed and taken away (deleted or retired)."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return any(self)

    def plus(self, other: "Changes") -> "Changes":
        """The sum of two counts."""
        return Changes(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def lock_imports(cursor: CursorWrapper) -> None:
    """Let one import at a time write classifications, and plan for whole tables; both go with the transaction.

    Every statement of an import joins whole tables. Where the planner takes a table for empty (it was vacuumed before
    the first import), a nested loop over the rows that the same statement inserts runs for minutes: ruled out here.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('classifications.import'))")
    cursor.execute("SET LOCAL enable_nestloop = off")


def copy_rows(cursor: CursorWrapper, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Fill a temporary table `name` (column -> SQL type) that the end of the transaction drops."""
    declared = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns.items()
    )
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("pg_temp", name)))
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(sql.Identifier(name), declared))
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), names)) as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def upsert(
    cursor: CursorWrapper,
    target: str,
    source: str,
    key: Sequence[str],
    values: Mapping[str, str],
    *,
    kept_when_null: frozenset[str] = frozenset(),
    only_changed_where: str = "true",
) -> Changes:
    """Bring `target` to what `source` says; rows that say the same already are not touched.

    `values`: column -> what a new row gets where the source is NULL. Where the source is NULL for a column in
    `kept_when_null`, an existing row keeps what it has. `only_changed_where`: an SQL condition on the existing row
    (as `t`).
    """
    on_key = sql.SQL(" AND ").join(sql.SQL("t.{0} = s.{0}").format(sql.Identifier(column)) for column in key)
    wanted = {
        column: sql.SQL("COALESCE(s.{0}, t.{0})" if column in kept_when_null else "s.{0}").format(
            sql.Identifier(column)
        )
        for column in values
    }
    names = {"t": sql.Identifier(target), "s": sql.Identifier(source), "on_key": on_key}
    changed = 0
    if values:
        cursor.execute(
            sql.SQL(
                "UPDATE {t} t SET {assign} FROM {s} s WHERE {on_key} AND {allowed} AND ({old}) IS DISTINCT FROM ({new})"
            ).format(
                **names,
                assign=sql.SQL(", ").join(
                    sql.SQL("{} = {}").format(sql.Identifier(column), value) for column, value in wanted.items()
                ),
                old=sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in wanted),
                new=sql.SQL(", ").join(wanted.values()),
                allowed=sql.SQL(only_changed_where),
            )
        )
        changed = cursor.rowcount
    columns = [*key, *values]
    fresh = [
        *(sql.SQL("s.{}").format(sql.Identifier(column)) for column in key),
        *(
            sql.SQL("COALESCE(s.{}, {})").format(sql.Identifier(column), sql.SQL(default))
            for column, default in values.items()
        ),
    ]
    cursor.execute(
        sql.SQL(
            "INSERT INTO {t} ({columns}) SELECT {fresh} FROM {s} s"
            " WHERE NOT EXISTS (SELECT 1 FROM {t} t WHERE {on_key})"
        ).format(
            **names,
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            fresh=sql.SQL(", ").join(fresh),
        )
    )
    added = cursor.rowcount
    know_the_size(cursor, target, added)
    return Changes(added=added, changed=changed)


def know_the_size(cursor: CursorWrapper, table: str, added: int) -> None:
    """Let the planner know of many new rows now: the database's own look comes only after the transaction.

    Without it, a table that was empty is taken to be small, and a join of 129,000 rows runs for minutes.
    """
    if added >= _MANY:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
