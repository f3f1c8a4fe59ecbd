"""Who changes something and why: told to the database, which writes it beside each change.

The triggers read two settings of the session, which are only ever set for the current transaction (SET LOCAL): a
connection that is used again by somebody else carries nothing over. `history.context`: while a context is in force,
each statement that writes is sent together with it, so that it also holds without a transaction and after a savepoint
has been rolled back. `history.added`: what `set_context` tells beside it, to the end of the transaction. COPY and
functions called by SELECT are not seen by the first: `set_context` comes before them.

A context holds ids, names of views, commands and jobs, and a reason. Never personal data.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _
from psycopg import sql
from psycopg.pq import TransactionStatus

SETTING: Final = "history.context"
ADDED: Final = "history.added"
LONGEST_NAME: Final = 100
LONGEST_REASON: Final = 300

_WRITES: Final = re.compile(
    r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|WITH|CALL|DO|COPY)\b",
    re.IGNORECASE | re.DOTALL,
)

_IN_TRANSACTION: Final = TransactionStatus.INTRANS

# The database keeps neither in its JSON.
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Source(models.TextChoices):
    """How a change came about."""

    WEB = "web", _("in the portal")
    IMPORT = "import", _("import")
    COMMAND = "command", _("command of the maintenance")
    JOB = "job", _("job of the portal")
    SQL = "sql", _("past the portal, in the database")


@dataclass(frozen=True)
class Told:
    """What is written beside a change."""

    actor: int | None = None
    source: Source = Source.SQL
    name: str = ""
    """Which view, command or job."""
    request: str = ""
    reason: str = ""

    def as_json(self) -> str:
        """The text of the setting."""
        return json.dumps(
            {
                "actor": self.actor,
                "source": self.source.value,
                "name": _UNWRITABLE.sub(" ", self.name)[:LONGEST_NAME],
                "request": self.request,
                "reason": _UNWRITABLE.sub(" ", self.reason)[:LONGEST_REASON],
            }
        )


class _Frame:
    """A context in force. What it tells is worked out when it is needed (the user of a request)."""

    def __init__(self, tell: Callable[[], Told]) -> None:
        self._tell = tell
        self._telling = False

    @property
    def told(self) -> Told:
        if self._telling:  # finding out who it is may itself write: an ended session is deleted
            return Told(source=Source.WEB)
        self._telling = True
        try:
            return self._tell()
        finally:
            self._telling = False


_frame: ContextVar[_Frame | None] = ContextVar("history_context", default=None)


def current() -> Told | None:
    """The context in force; None outside of any."""
    frame = _frame.get()
    return frame.told if frame else None


@contextmanager
def context(
    *, actor: models.Model | int | None = None, reason: str = "", source: Source | None = None, name: str = ""
) -> Iterator[None]:
    """Tell who makes the changes within it, how and why; also as a decorator.

    Within another context only what is given is told anew: an import within a request keeps the request's person.
    """
    outer = _frame.get()
    changes = _given(actor, reason, source, name)

    def tell() -> Told:
        return replace(outer.told if outer else Told(source=Source.JOB), **changes)

    with in_force(tell):
        yield


@contextmanager
def in_force(tell: Callable[[], Told]) -> Iterator[None]:
    """Let `tell` say, before each statement that writes, who it is."""
    connection = connections[DEFAULT_DB_ALIAS]
    token = _frame.set(_Frame(tell))
    try:
        if _send_along in connection.execute_wrappers:
            yield
        else:
            with connection.execute_wrapper(_send_along):
                yield
    finally:
        _frame.reset(token)
        if _frame.get() is None:
            _take_back(connection)


def _take_back(connection: Any) -> None:
    """Within a transaction that goes on, what comes after the last context is told by nobody."""
    session = connection.connection
    if connection.in_atomic_block and session is not None and session.info.transaction_status == _IN_TRANSACTION:
        session.execute(f"SELECT set_config('{SETTING}', '', true)")


def set_context(
    *, actor: models.Model | int | None = None, reason: str = "", source: Source | None = None, name: str = ""
) -> None:
    """Tell, to the end of the transaction, who makes the changes and why; what is not given stays as it was told.

    For services that learn the reason, for commands and jobs, and before COPY and raw SQL in the same transaction.
    Raises TransactionManagementError outside a transaction, where it would reach nothing.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise TransactionManagementError("Open a transaction first: what is told holds to its end.")
    told = current()
    # COPY is sent without the context: all that is told is set at once.
    known = json.loads(told.as_json()) if told else {"source": Source.JOB.value}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [ADDED])
        added = json.loads(cursor.fetchone()[0] or "{}") | _as_json(_given(actor, reason, source, name))
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [SETTING, json.dumps(known), ADDED, json.dumps(added)],
        )


def _as_json(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given ones of the keys of `Told.as_json`."""
    kept: dict[str, Any] = json.loads(replace(Told(), **given).as_json())
    return {key: value for key, value in kept.items() if key in given}


def _given(actor: models.Model | int | None, reason: str, source: Source | None, name: str) -> dict[str, Any]:
    """What is given of the fields of `Told`."""
    pk = actor.pk if isinstance(actor, models.Model) else actor
    fields = {"actor": pk, "reason": reason, "source": source, "name": name}
    return {field: value for field, value in fields.items() if value not in (None, "")}


def _literal(text: str) -> str:
    """The text as a constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _text_of(statement: Any, cursor: Any) -> str:
    """A statement (text, bytes or composed by psycopg) as text."""
    if isinstance(statement, sql.Composable):
        return statement.as_string(cursor)
    return statement.decode() if isinstance(statement, bytes) else str(statement)


@contextmanager
def _together(connection: Any) -> Iterator[None]:
    """In one transaction: that of the caller, or one of its own."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic(using=connection.alias):
            yield


def _send_along(execute: Callable[..., Any], statement: Any, params: Any, many: bool, details: Any) -> Any:
    """Send the context together with a statement that writes (a wrapper of Django's cursors)."""
    frame = _frame.get()
    cursor = details["cursor"].cursor
    text = _text_of(statement, cursor)
    if frame is None or not _WRITES.match(text) or getattr(cursor, "name", None):
        return execute(statement, params, many, details)
    setting = f"SELECT set_config('{SETTING}', {_literal(frame.told.as_json())}, true)"
    if many:
        # Many statements are sent through a pipeline, each alone. Without a transaction each would be one of its own,
        # and the setting of the first gone before the second.
        with _together(details["connection"]):
            cursor.execute(setting)
            return execute(text, params, many, details)
    before = f"{setting}; "
    result = execute((before.replace("%", "%%") if params is not None else before) + text, params, many, details)
    cursor.nextset()  # past what the setting answered
    return result
