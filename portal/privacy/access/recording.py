"""Writing to the access log: one plain INSERT, on a connection of its own, before anything is shown.

The connection is outside the view's transaction, so that what was refused or failed is noted although the view rolls
back. A read that cannot be noted does not take place: `AccessNotRecorded` reaches the middleware, which answers 503.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, IntegrityError, InterfaceError, OperationalError, connections
from django.http import HttpRequest

from portal.accounts.permissions import roles_of
from portal.privacy.access.enums import Action
from portal.privacy.request_ids import request_id

logger = logging.getLogger(__name__)

ViewT = TypeVar("ViewT", bound=Callable[..., Any])

LARGEST_ID: Final = 2**63 - 1
"""No row has a larger number; addresses may name one."""
LONGEST_ABOUT: Final = 300
LONGEST_PURPOSE: Final = 300
LONGEST_VIEW: Final = 100

# Neither id nor time are given: the database fills them in, and a role that may only insert cannot choose them.
_INSERT: Final = """
INSERT INTO privacy_accesslogentry
    (user_id, actor, roles, action, subjects, purpose, view, words_hashes, about, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_NO_PARTITION: Final = "23514"
"""SQLSTATE of a row for which no month has been made (and of a check that fails)."""


class AccessNotRecorded(Exception):
    """The read could not be noted, so it does not take place."""


def record(
    request: HttpRequest,
    action: Action,
    *,
    view: str,
    seekers: Sequence[int] = (),
    purpose: str = "",
    words: str = "",
    about: str = "",
) -> None:
    """Note that the person of the request reads data of people; call it before anything is shown.

    `view` is the name of the address ("seekers:page"); `seekers` the ids of all whom the answer shows; `purpose` why
    (a Purpose or ReasonCode); `words` what was searched for: only keyed hashes of it are kept; `about` what else the
    row is about, without personal data ("vacancy 12"). Raises AccessNotRecorded.
    """
    user = request.user
    _insert(
        user.pk, "" if user.pk else "anonymous", sorted(roles_of(user)), action, seekers, purpose, view,
        hashes_of_words(words), about, request_id(request),
    )  # fmt: skip


def record_system(
    actor: str, action: Action, *, view: str, seekers: Sequence[int] = (), purpose: str = "", about: str = ""
) -> None:
    """Note a read by a job or a command; `actor` is its name. Raises AccessNotRecorded."""
    if not actor:
        raise ValueError("Say which job or command reads.")
    _insert(None, actor, [], action, seekers, purpose, view, [], about, "")


def about_person(argument: str) -> Callable[[ViewT], ViewT]:
    """Mark a view whose address names a person: `argument` is the part of the address with the id.

    When such a view answers 403 or 404, the middleware notes whose data was asked for.
    """

    def mark(view: ViewT) -> ViewT:
        view.about_person = argument  # type: ignore[attr-defined]
        return view

    return mark


def hashes_of_words(words: str) -> list[str]:
    """Keyed hashes of the words, each by itself and in order of the hash: equal words have equal hashes.

    Case and spaces do not matter. Whoever has the log and not the key cannot try out names.
    """
    return sorted({digest_of_text(word) for word in words.casefold().split()})


def digest_of_text(text: str) -> str:
    """Keyed digest of a text, 32 hexadecimal digits."""
    if not settings.ACCESS_LOG_KEY:
        raise ImproperlyConfigured("Set ACCESS_LOG_KEY: words of searches are hashed with it.")
    return hmac.new(settings.ACCESS_LOG_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _insert(
    user_id: int | None,
    actor: str,
    roles: list[str],
    action: Action,
    seekers: Sequence[int],
    purpose: str,
    view: str,
    hashes: list[str],
    about: str,
    request: str,
) -> None:
    row = (
        user_id, actor, [str(role) for role in roles], str(action), list(seekers), str(purpose)[:LONGEST_PURPOSE],
        view[:LONGEST_VIEW], hashes, about[:LONGEST_ABOUT], request,
    )  # fmt: skip
    try:
        _write(row)
    except Error as error:
        # Messages of the database quote the row: only the kind of the error is told.
        logger.error("A read of %s was not noted and did not take place: %s", view, type(error).__name__)
        raise AccessNotRecorded from error


def _write(row: tuple[object, ...]) -> None:
    """Insert, once more where the month was missing or the connection had been lost meanwhile."""
    connection = connections[settings.ACCESS_LOG_DATABASE]
    try:
        _execute(connection, _INSERT, row)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != _NO_PARTITION or connection.in_atomic_block:
            raise
        _execute(connection, "SELECT privacy_accesslog_this_month()")
        _execute(connection, _INSERT, row)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        _execute(connection, _INSERT, row)


def _execute(connection: Any, statement: str, row: tuple[object, ...] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, row or None)
