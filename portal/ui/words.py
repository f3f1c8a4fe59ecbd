"""Words typed to find a person. They are personal data: the address carries a key, the session keeps the words."""

import secrets
from typing import Final

from django.http import HttpRequest

PARAMETER: Final = "s"
LONGEST: Final = 100
_KEPT: Final = 20
_SESSION: Final = "searched.words"


def keep(request: HttpRequest, words: str) -> str:
    """Keep the words in the session; return the key that stands for them in the address."""
    kept: dict[str, str] = request.session.get(_SESSION, {})
    key = secrets.token_urlsafe(6)
    newest = [*kept.items(), (key, words)][-_KEPT:]
    request.session[_SESSION] = dict(newest)
    return key


def tidy(typed: str) -> str:
    """What was typed, with single spaces, cut where no name goes on."""
    return " ".join(typed.split())[:LONGEST].rstrip()


def kept_under(request: HttpRequest, key: str) -> str | None:
    """The words of a key; None where the session has none (any more)."""
    kept: dict[str, str] = request.session.get(_SESSION, {})
    return kept.get(key)
