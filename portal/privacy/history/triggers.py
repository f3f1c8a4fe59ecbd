"""The triggers that write the history: made from `tracking` and the columns that a table has, after each migration.

One function per table, with the columns written out: one that compares rows as JSON takes half as long again for a bulk
change (docs/adr/0009-history-by-own-triggers.md). It is made anew when the table's columns or its entry change; nobody
can forget to. Statement-level: a statement that changes 28,500 rows costs one more INSERT.

The join of old and new rows is a FULL JOIN on purpose. The plan of a function is made once and kept, at first for the
one row of an ordinary save; an inner join would then be a nested loop for 28,500 rows, too. A full join never is. And
a row whose key changes is written down as one that went and one that came.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.privacy.history.tracking import Table, table_of, tracked_models

EVENTS: Final = "privacy_historyevent"
PREFIX: Final = "privacy_history_of_"
OPERATIONS: Final = ("insert", "update", "delete", "truncate")

_COLUMNS: Final = (
    "operation, model, object_id, owner_model, owner_id, also, before, after, called, "
    "at, transaction, actor_id, source, name, request_id, reason"
)
_TOLD: Final = "c.at, c.transaction, c.actor_id, c.source, c.name, c.request_id, c.reason"


def install(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Bring the triggers in step with the models and tables; returns the tables that were touched.

    Does nothing where the table of events is not there (yet).
    """
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [EVENTS])
        if cursor.fetchone()[0] is None:
            return []
        wanted = {table.name: table for table in _tables(connection)}
        present = _installed(cursor)
        for name in sorted(present.keys() - wanted.keys()):
            cursor.execute(f"DROP FUNCTION {_quoted(PREFIX + name)}() CASCADE")
        changed = [table for table in wanted.values() if present.get(table.name) != digest(table)]
        for table in changed:
            cursor.execute(";\n".join(statements(table)))
            # A function that runs with its owner's rights looks for tables in one place alone.
            cursor.execute(
                "SELECT format('ALTER FUNCTION %%I() SET search_path = %%I, pg_temp', %s::text, current_schema())",
                [PREFIX + table.name],
            )
            cursor.execute(cursor.fetchone()[0])
    return [table.name for table in changed]


def remove(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Take all triggers away (before the table of events goes)."""
    with connections[alias].cursor() as cursor:
        for name in _installed(cursor):
            cursor.execute(f"DROP FUNCTION {_quoted(PREFIX + name)}() CASCADE")


def problems(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What keeps changes from being written down: triggers that are missing, out of step or switched off."""
    connection = connections[alias]
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [EVENTS])
        if cursor.fetchone()[0] is None:
            return []
        present = _installed(cursor)
        cursor.execute(
            """SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE starts_with(p.proname, %s) AND t.tgenabled = 'A'
               AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname""",
            [PREFIX],
        )
        at_work = dict(cursor.fetchall())
    for table in _tables(connection):
        if table.name not in present:
            found.append(f"{table.name} has no history")
        elif present[table.name] != digest(table):
            found.append(f"the history of {table.name} is out of step with its columns")
        elif at_work.get(table.name, 0) != len(OPERATIONS):
            found.append(f"the history of {table.name} is switched off in part or whole")
    return found


def _tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    """The tracked tables that are there, with the columns they have now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
               WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
               AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname"""
        )
        columns: dict[str, list[str]] = dict(cursor.fetchall())
    for model, entry in tracked_models().items():
        if model._meta.db_table in columns:
            yield table_of(model, entry, tuple(columns[model._meta.db_table]))


def _installed(cursor: Any) -> dict[str, str]:
    """Table -> digest of its function, as the database says."""
    cursor.execute(
        """SELECT substr(p.proname, %s), coalesce(obj_description(p.oid, 'pg_proc'), '') FROM pg_proc p
           WHERE starts_with(p.proname, %s) AND p.pronamespace = current_schema()::regnamespace ORDER BY 1""",
        [len(PREFIX) + 1, PREFIX],
    )
    return dict(cursor.fetchall())


def digest(table: Table) -> str:
    """What tells one function from another: kept as the function's comment."""
    return hashlib.sha256((_function(table) + ";".join(_triggers(table))).encode()).hexdigest()


def statements(table: Table) -> list[str]:
    """What makes function and triggers of a table."""
    name = _quoted(PREFIX + table.name)
    return [
        f"DROP FUNCTION IF EXISTS {name}() CASCADE",
        _function(table),
        f"COMMENT ON FUNCTION {name}() IS '{digest(table)}'",
        *_triggers(table),
    ]


def _triggers(table: Table) -> list[str]:
    """ENABLE ALWAYS: also where a session says that it replays what another database has done."""
    of, name = _quoted(table.name), _quoted(PREFIX + table.name)
    seen = {
        "insert": ("AFTER INSERT", "REFERENCING NEW TABLE AS after"),
        "update": ("AFTER UPDATE", "REFERENCING OLD TABLE AS before NEW TABLE AS after"),
        "delete": ("AFTER DELETE", "REFERENCING OLD TABLE AS before"),
        "truncate": ("BEFORE TRUNCATE", ""),
    }
    made = []
    for operation in OPERATIONS:
        when, rows = seen[operation]
        made.append(
            f"CREATE TRIGGER privacy_history_{operation} {when} ON {of} {rows} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
        made.append(f"ALTER TABLE {of} ENABLE ALWAYS TRIGGER privacy_history_{operation}")
    return made


def _function(table: Table) -> str:
    """SECURITY DEFINER: whoever changes a row needs no right to the events, so that nobody can write false ones."""
    n_row, o_row = _row(table, "n"), _row(table, "o")
    key = _quoted(table.key)
    return f"""CREATE FUNCTION {_quoted(PREFIX + table.name)}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER AS $history$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {EVENTS} ({_COLUMNS})
        SELECT 'I', '{table.label}', n.{key}::text, {_owner(table, "n")}, {_also(table, "n")},
               NULL, {n_row}, NULL, {_TOLD}
        FROM after n CROSS JOIN privacy_history_context() c;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO {EVENTS} ({_COLUMNS})
        SELECT CASE WHEN o.{key} IS NULL THEN 'I' WHEN n.{key} IS NULL THEN 'D' ELSE 'U' END,
               '{table.label}', coalesce(n.{key}, o.{key})::text,
               '{table.owner[0]}', coalesce(n.{_quoted(table.owner[1])}, o.{_quoted(table.owner[1])}),
               {_also_of_both(table)},
               CASE WHEN n.{key} IS NULL THEN {o_row} WHEN o.{key} IS NOT NULL THEN {_changed(table, "o")} END,
               CASE WHEN o.{key} IS NULL THEN {n_row} WHEN n.{key} IS NOT NULL THEN {_changed(table, "n")} END,
               {_called(table)}, {_TOLD}
        FROM before o FULL JOIN after n ON o.{key} = n.{key} CROSS JOIN privacy_history_context() c
        WHERE {_differs(table)};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {EVENTS} ({_COLUMNS})
        SELECT 'D', '{table.label}', o.{key}::text, {_owner(table, "o")}, {_also(table, "o")},
               {o_row}, NULL, NULL, {_TOLD}
        FROM before o CROSS JOIN privacy_history_context() c;
    ELSE
        INSERT INTO {EVENTS} ({_COLUMNS})
        SELECT 'D', '{table.label}', o.{key}::text, {_owner(table, "o")}, {_also(table, "o")},
               {o_row}, NULL, NULL, {_TOLD}
        FROM {_quoted(table.name)} o CROSS JOIN privacy_history_context() c;
    END IF;
    RETURN NULL;
END $history$"""  # noqa: S608  names of our own tables and columns


def _row(table: Table, row: str) -> str:
    """The whole row; what is empty is left away."""
    without = f" - ARRAY[{_texts(table.left_out)}]" if table.left_out else ""
    told = "".join(f" || {_given(row, name, columns)}" for name, columns in table.concealed)
    return f"jsonb_strip_nulls(to_jsonb({row}){without}){told}"


def _given(row: str, name: str, columns: Iterable[str]) -> str:
    """Of something concealed, that it is there."""
    there = " AND ".join(f"{row}.{_quoted(column)} IS NOT NULL" for column in columns)
    return f"CASE WHEN {there} THEN '{{\"{name}\": true}}'::jsonb ELSE '{{}}' END"


def _changed(table: Table, row: str) -> str:
    """What differs, as it stands in one of the two rows."""
    parts = [
        f"CASE WHEN o.{_quoted(one)} IS DISTINCT FROM n.{_quoted(one)} "
        f"THEN jsonb_build_object('{one}', {row}.{_quoted(one)}) ELSE '{{}}' END"
        for one in table.columns
        if one != table.key
    ]
    parts += [
        f"CASE WHEN {_all_differ(columns)} THEN jsonb_build_object('{name}', {row}.{_quoted(columns[0])} IS NOT NULL) "
        f"ELSE '{{}}' END"
        for name, columns in table.concealed
    ]
    return " || ".join(parts)


def _differs(table: Table) -> str:
    """Whether anything that is written down differs."""
    old, new = (", ".join(f"{row}.{_quoted(one)}" for one in table.columns) for row in "on")
    told = [f"(ROW({old}) IS DISTINCT FROM ROW({new}))"]
    return " OR ".join([*told, *(f"({_all_differ(columns)})" for _name, columns in table.concealed)])


def _all_differ(columns: Iterable[str]) -> str:
    return " AND ".join(f"o.{_quoted(one)} IS DISTINCT FROM n.{_quoted(one)}" for one in columns)


def _owner(table: Table, row: str) -> str:
    label, column = table.owner
    return f"'{label}', {row}.{_quoted(column)}"


def _also(table: Table, row: str) -> str:
    """Others in whose history the change is told."""
    if not table.also:
        return "NULL::text[]"
    others = ", ".join(f"'{label}:' || {row}.{_quoted(column)}" for label, column in table.also)
    return f"array_remove(ARRAY[{others}], NULL)"


def _also_of_both(table: Table) -> str:
    """Those of the row as it was and as it is, and the owner that it has left."""
    label, column = (table.owner[0], _quoted(table.owner[1]))
    left = f"CASE WHEN o.{column} <> n.{column} THEN '{label}:' || o.{column} END"
    if not table.also:
        if table.owner[1] == table.key:
            return "NULL::text[]"
        return f"CASE WHEN o.{column} <> n.{column} THEN ARRAY['{label}:' || o.{column}] END"
    others = ", ".join(
        f"'{other}:' || n.{_quoted(one)}, CASE WHEN o.{_quoted(one)} IS DISTINCT FROM n.{_quoted(one)} "
        f"THEN '{other}:' || o.{_quoted(one)} END"
        for other, one in table.also
    )
    return f"array_remove(ARRAY[{left}, {others}], NULL)"


def _called(table: Table) -> str:
    """What tells the row from its neighbours."""
    if not table.named_by:
        return "NULL::jsonb"
    named = ", ".join(f"'{one}', n.{_quoted(one)}" for one in table.named_by)
    return f"CASE WHEN o.{_quoted(table.key)} = n.{_quoted(table.key)} THEN jsonb_build_object({named}) END"


def _texts(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _quoted(name: str) -> str:
    return f'"{name}"'
