"""Work without a history: for people who do not exist, and never in production."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from portal.privacy.history.tracking import tracked_models
from portal.privacy.history.triggers import OPERATIONS, PREFIX


class HistoryNeeded(Exception):
    """This installation holds data of people who exist: every change is written down."""


@contextmanager
def without_history(*app_labels: str) -> Iterator[None]:
    """Write nothing down of the apps' tables while invented people are stored, or live through a day.

    The triggers are switched off within one transaction, and only for it: nobody else ever finds them switched off,
    and a failure brings them back. Others who write to the same tables wait for its end. Raises HistoryNeeded where
    settings.HISTORY_MAY_REST does not allow it (production).
    """
    if not settings.HISTORY_MAY_REST:
        raise HistoryNeeded("History is never switched off here: settings.HISTORY_MAY_REST does not allow it.")
    with transaction.atomic():
        tables = _tracked_tables(app_labels)
        _switch(tables, "DISABLE")
        yield
        _switch(tables, "ENABLE ALWAYS")


def _tracked_tables(app_labels: Collection[str]) -> list[str]:
    """Tables of the apps that have triggers now."""
    wanted = [model._meta.db_table for model in tracked_models() if model._meta.app_label in app_labels]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE starts_with(p.proname, %s) AND c.oid = to_regclass(quote_ident(c.relname))
               AND c.relname = ANY(%s) ORDER BY 1""",
            [PREFIX, wanted],
        )
        return [name for (name,) in cursor.fetchall()]


def _switch(tables: list[str], how: str) -> None:
    with connection.cursor() as cursor:
        # Deferred checks that still wait would keep the tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            actions = sql.SQL(", ").join(
                sql.SQL(f"{how} TRIGGER {{}}").format(sql.Identifier(f"privacy_history_{one}")) for one in OPERATIONS
            )
            cursor.execute(sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(table), actions))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
