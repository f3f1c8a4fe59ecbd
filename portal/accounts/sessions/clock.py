"""When a session began and when it was last used: kept in the session itself, in seconds since 1970."""

import time
from enum import Enum
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.sessions.limits import Limit

SIGNED_IN_AT: Final = "signed_in_at"
SEEN_AT: Final = "seen_at"
NOTE_EVERY_S: Final = 60
"""The last use is noted at most this often: not every page shall cost a write."""


class Ended(Enum):
    """Why a session is over."""

    IDLE = "idle"
    ABSOLUTE = "absolute"


def start(sender: Any, request: HttpRequest | None = None, **_unused: Any) -> None:
    """Receiver of Django's `user_logged_in`: the session begins."""
    if request is not None:
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


def ended(request: HttpRequest, limit: Limit) -> Ended | None:
    """Whether the session of a signed-in person is over, and why. One without a beginning is: it is not ours."""
    now = time.time()
    began, seen = request.session.get(SIGNED_IN_AT), request.session.get(SEEN_AT)
    if began is None or seen is None or now - began > limit.absolute.total_seconds():
        return Ended.ABSOLUTE
    return Ended.IDLE if now - seen > limit.idle.total_seconds() else None


def note_use(request: HttpRequest) -> None:
    """The person has asked for a page just now."""
    now = int(time.time())
    if now - request.session[SEEN_AT] >= NOTE_EVERY_S:
        request.session[SEEN_AT] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
