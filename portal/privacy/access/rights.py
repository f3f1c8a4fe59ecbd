"""What the role of the log's connection may do in production: add rows, and nothing else."""

from typing import Final

from django.db import connection
from psycopg import sql

from portal.privacy.access.models import AccessLogSeal
from portal.privacy.access.partitions import PARENT

WRITTEN: Final = (
    "user_id", "actor", "roles", "action", "subjects", "purpose", "view", "words_hashes", "about", "request_id",
)  # fmt: skip
"""Columns that a writer fills in. Id and time come from the database: nobody chooses them."""

_ASKED: Final = """
SELECT coalesce(bool_or(has_any_column_privilege(%(role)s, of_log, 'SELECT')
                        OR has_table_privilege(%(role)s, of_log, 'SELECT')), false),
       coalesce(bool_or(has_any_column_privilege(%(role)s, of_log, 'UPDATE')), false),
       coalesce(bool_or(has_table_privilege(%(role)s, of_log, 'DELETE')), false),
       coalesce(bool_or(has_table_privilege(%(role)s, of_log, 'TRUNCATE')), false),
       coalesce(bool_or(has_table_privilege(%(role)s, of_log, 'TRIGGER')
                        OR pg_has_role(%(role)s, relowner, 'USAGE')), false),
       coalesce(bool_or(has_any_column_privilege(%(role)s, of_log, 'INSERT')) FILTER (WHERE of_log <> parent), false),
       has_any_column_privilege(%(role)s, %(seals)s, 'INSERT, UPDATE')
       OR has_table_privilege(%(role)s, %(seals)s, 'DELETE'),
       has_function_privilege(%(role)s, 'privacy_accesslog_drop(date)', 'EXECUTE'),
       has_column_privilege(%(role)s, %(table)s, 'at', 'INSERT'),
       has_column_privilege(%(role)s, %(table)s, 'id', 'INSERT'),
       NOT has_column_privilege(%(role)s, %(table)s, 'subjects', 'INSERT'),
       (SELECT rolsuper FROM pg_roles WHERE rolname = %(role)s)
FROM (SELECT %(table)s::regclass::oid AS of_log, %(table)s::regclass::oid AS parent
      UNION ALL SELECT inhrelid, inhparent FROM pg_inherits WHERE inhparent = %(table)s::regclass) AS log
JOIN pg_class ON pg_class.oid = of_log
"""
_TOO_MUCH: Final = (
    "may read the log", "may change rows", "may delete rows", "may empty the log",
    "owns the log or may switch its triggers", "may write straight into a month", "may change seals",
    "may drop months", "may choose the time of a row", "may choose the id of a row", "may not add rows",
    "is a superuser",
)  # fmt: skip


def grants(role: str) -> list[str]:
    """The statements, for the owner of the tables, that give a role what writing the log needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_schema()")
        database, schema = cursor.fetchone()
        names = {
            "role": sql.Identifier(role),
            "database": sql.Identifier(database),
            "schema": sql.Identifier(schema),
            "table": sql.Identifier(PARENT),
            "sequence": sql.Identifier(f"{PARENT}_id_seq"),
            "columns": sql.SQL(", ").join(map(sql.Identifier, WRITTEN)),
        }
        statements = (
            "GRANT CONNECT ON DATABASE {database} TO {role};",
            "GRANT USAGE ON SCHEMA {schema} TO {role};",
            "GRANT INSERT ({columns}) ON {table} TO {role};",
            "GRANT USAGE ON SEQUENCE {sequence} TO {role};",
            "GRANT EXECUTE ON FUNCTION privacy_accesslog_this_month() TO {role};",
        )
        return [sql.SQL(statement).format(**names).as_string(cursor.connection) for statement in statements]


def wrong_rights(role: str) -> list[str]:
    """What a role may that it should not, or may not that it should, as sentences without a subject.

    Rights on single columns and on single months count as those on the whole log.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"role": role, "table": PARENT, "seals": AccessLogSeal._meta.db_table})
        answers = cursor.fetchone()
    return [words for answer, words in zip(answers, _TOO_MUCH, strict=True) if answer]
