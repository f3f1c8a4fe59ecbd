"""Errors of our own, and what may be told of any other."""

import errno

import psycopg
from django.db import Error as DjangoDatabaseError


class Tellable(Exception):
    """An error of our own whose message is written to be shown: it names runs, rules and settings, never a person."""


def describe(error: BaseException) -> str:
    """What a failed run shows and the log says: the kind of the error, and its text where that is ours to show.

    Messages of databases, codecs and parsers quote values of rows, also in their first line: of a database error only
    its kind, SQLSTATE and constraint are told, of one of the operating system the name of its number, of any other
    nothing but its type. Errors that a person can act on are `Tellable`.
    """
    name = type(error).__name__
    if isinstance(error, Tellable):
        text = str(error).strip().splitlines()
        return f"{name}: {text[0]}" if text else name
    safe = _of_database(error.__cause__ if isinstance(error, DjangoDatabaseError) else error)
    if isinstance(error, OSError) and error.errno is not None:
        safe = [errno.errorcode.get(error.errno, str(error.errno))]
    told = [part for part in safe if part != name]
    return f"{name} ({', '.join(told)})" if told else name


def _of_database(error: BaseException | None) -> list[str]:
    """Kind, SQLSTATE and constraint of an error of PostgreSQL; nothing of its messages."""
    if not isinstance(error, psycopg.Error):
        return []
    told = [type(error).__name__]
    if error.sqlstate:
        told.append(f"SQLSTATE {error.sqlstate}")
    if error.diag.constraint_name:
        told.append(f"constraint {error.diag.constraint_name}")
    return told
