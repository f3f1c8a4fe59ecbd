"""How much of a session is left: shown before it ends, and what a person who goes on gets anew."""

import time
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from portal.accounts.sessions.clock import SEEN_AT, SIGNED_IN_AT
from portal.accounts.sessions.limits import limit_of

WARN_S: Final = 5 * 60
"""So long before the end people are warned: enough to hear of it, save what they write, and go on."""


@dataclass(frozen=True)
class Left:
    """Seconds until a session ends: unused, and whatever one does."""

    idle: int
    absolute: int


def left_of(request: HttpRequest) -> Left | None:
    """What is left of the session of this request; None for those who are not signed in."""
    if not request.user.is_authenticated or SIGNED_IN_AT not in request.session or SEEN_AT not in request.session:
        return None
    limit, now = limit_of(request.user), time.time()
    return Left(
        int(request.session[SEEN_AT] + limit.idle.total_seconds() - now),
        int(request.session[SIGNED_IN_AT] + limit.absolute.total_seconds() - now),
    )


def go_on(request: HttpRequest) -> None:
    """The person has said that they are there. The whole length of the session stays what it was."""
    request.session[SEEN_AT] = int(time.time())
