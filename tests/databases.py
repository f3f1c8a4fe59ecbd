"""Databases beside the test database: cloned from it in a blink, thrown away whole.

Tests whose rows must really be committed (a browser, other processes) cannot roll back, and a flush would take away
what migrations put in. They get a clone instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from psycopg import sql


def clone(source: str, target: str) -> None:
    """Make `target` a copy of `source`; no other process may be connected to `source`."""
    drop(target)
    _maintain(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source)))


def drop(name: str) -> None:
    """Throw a database away, with whoever is still connected to it."""
    _maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def using_database(name: str) -> Iterator[None]:
    """Point every thread's new connections at another database; the caller's own is made anew, before and after."""
    shared = connection.settings_dict  # one dictionary for all threads
    usual = shared["NAME"]
    connections.close_all()
    shared["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        shared["NAME"] = usual


def _maintain(statement: sql.Composed) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
