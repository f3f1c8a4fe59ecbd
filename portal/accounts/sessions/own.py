"""A person's sessions: which there are, and how they are ended."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.sessions.devices import words_of
from portal.accounts.sessions.limits import Limit
from portal.accounts.users import User


@dataclass(frozen=True)
class OwnSession:
    """A session as its owner sees it. `key` names it to the page without telling the session's own key."""

    key: str
    words: str
    ip: str
    began: datetime
    seen: datetime
    here: bool


def sessions_of(user: User, here: str | None, limit: Limit) -> list[OwnSession]:
    """Those that are going on, latest used first; `here` is the key of the session that asks."""
    now = timezone.now()
    rows = UserSession.objects.filter(
        user=user,
        created_at__gt=now - limit.absolute,
        last_seen_at__gt=now - limit.idle,
        session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key"),
    ).order_by("-last_seen_at", "-pk")
    return [
        OwnSession(
            _name(row.session_key),
            words_of(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            row.session_key == here,
        )
        for row in rows
    ]


def end_session(user: User, key: str) -> bool:
    """End one of the person's sessions; whether there was one."""
    found = [one for one in _keys(user) if _name(one) == key]
    return _end(found) > 0


def end_all(user: User, but: str | None = None) -> int:
    """End the person's sessions, on every device, but for the one with the key `but`; return how many were ended."""
    return _end([key for key in _keys(user) if key != but])


def end_others(sender: Any, request: HttpRequest, user: User, **_unused: Any) -> None:
    """Receiver of allauth's signals about passwords: whoever knew the old one is out."""
    end_all(user, but=request.session.session_key)


def _keys(user: User) -> list[str]:
    return list(UserSession.objects.filter(user=user).order_by("pk").values_list("session_key", flat=True))


def _end(keys: list[str]) -> int:
    ended, _rows = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return ended


def _name(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]
