"""Rows of days gone by for the demo, so that its log has something to show. Refused where DEMO_ACCOUNTS is off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection

from portal.accounts.demo import DemoAccountsOff
from portal.privacy.access.enums import Action

_INSERT: Final = """
INSERT INTO privacy_accesslogentry
    (at, user_id, actor, roles, action, subjects, purpose, view, words_hashes, about, request_id)
VALUES (%s, %s, '', %s, %s, %s, %s, %s, '{}', %s, md5(random()::text))
"""


@dataclass(frozen=True)
class PastRead:
    """A read that an invented user has done."""

    at: datetime
    user_id: int
    role: str
    action: Action
    subjects: tuple[int, ...]
    view: str
    purpose: str = ""
    about: str = ""


def write_past(reads: Iterable[PastRead]) -> int:
    """Write rows of the past, their months with them; return how many. Raises DemoAccountsOff."""
    if not settings.DEMO_ACCOUNTS:
        raise DemoAccountsOff
    in_order = sorted(reads, key=lambda read: read.at)
    with connection.cursor() as cursor:
        for month in sorted({read.at.date().replace(day=1) for read in in_order}):
            cursor.execute("SELECT privacy_accesslog_month(%s)", [month])
        cursor.executemany(
            _INSERT,
            [
                (one.at, one.user_id, [one.role], one.action, list(one.subjects), one.purpose, one.view, one.about)
                for one in in_order
            ],
        )
    return len(in_order)
