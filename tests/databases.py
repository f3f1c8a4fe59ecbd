"""Databases beside the test database: cloned from it in a blink, thrown away whole.

Tests whose rows must really be committed (a browser, other processes) cannot roll back, and a flush would take away
what migrations put in. They get a clone instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections
from psycopg import sql


def clone(source: str, target: str) -> None:
    """Make `target` a copy of `source`; no other process may be connected to `source`."""
    drop(target)
    _maintain(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source)))


def drop(name: str) -> None:
    """Throw a database away, with whoever is still connected to it."""
    _maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_abandoned(beginning: str) -> None:
    """Throw away what killed processes have left of databases named `<beginning>_<process>_…`."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database d WHERE starts_with(datname, %s)"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = d.oid)",
            [f"{beginning}_"],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        process = name.removeprefix(f"{beginning}_").partition("_")[0]
        if process.isdecimal() and not Path(f"/proc/{process}").exists():
            drop(name)


@contextmanager
def using_database(name: str) -> Iterator[None]:
    """Point every thread's new connections at another database; the caller's own are made anew, before and after."""
    shared = [connections[alias].settings_dict for alias in connections]  # one dictionary an alias for all threads
    usual = connection.settings_dict["NAME"]
    connections.close_all()
    for one in shared:
        one["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        for one in shared:
            one["NAME"] = usual


def _maintain(statement: sql.Composed) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
