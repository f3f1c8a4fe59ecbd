"""Rows of the access log as tests need them."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from portal.accounts.models import User
from portal.privacy.access import Action
from portal.privacy.access.enums import AnomalyKind
from portal.privacy.access.models import AccessAnomaly, AccessLogEntry, AccessReason
from portal.privacy.access.partitions import PARENT


def add_row(
    *, at: datetime | None = None, user_id: int | None = 1, action: Action = Action.PROFILE, using: Any = connection,
    **fields: Any,
) -> int:  # fmt: skip
    """Put a row in as the owner of the table can, also at another time (its month must be there); its id."""
    row: dict[str, Any] = {
        "user_id": user_id, "actor": "" if user_id else "test", "roles": ["case_worker"], "action": str(action),
        "subjects": [7], "purpose": "client", "view": "seekers:page", "words_hashes": [], "about": "",
        "request_id": "0" * 32, **fields,
    }  # fmt: skip
    if at is not None:
        row["at"] = at
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    with using.cursor() as cursor:
        cursor.execute(f"INSERT INTO {PARENT} ({columns}) VALUES ({places}) RETURNING id", [*row.values()])  # noqa: S608  names of columns
        number: int = cursor.fetchone()[0]
    return number


def change_behind_its_back(statement: str, *ids: int) -> None:
    """What only a superuser can do: switch the triggers off, change the log, switch them on again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {PARENT} DISABLE TRIGGER ALL")
        cursor.execute(statement, ids)
        cursor.execute(f"ALTER TABLE {PARENT} ENABLE ALWAYS TRIGGER privacy_accesslog_unchanged")


def rows() -> list[AccessLogEntry]:
    """All rows, in order."""
    return list(AccessLogEntry.objects.order_by("id"))


def fill_log(reader: User, seekers: list[int]) -> AccessAnomaly:
    """Rows of the last hour by one user, a reason among them, and the anomaly that they make."""
    reason = AccessReason.objects.create(
        user_id=reader.pk,
        subject=seekers[0],
        code="contact",
        words="Soitti palvelunumeroon",
        valid_until=timezone.now(),
    )
    add_row(
        user_id=reader.pk, action=Action.LIST, subjects=seekers, view="seekers:list", purpose="", about="area, page 1"
    )
    add_row(
        user_id=reader.pk, action=Action.REASON, subjects=seekers[:1], view="seekers:reason", purpose="contact",
        about=f"reason {reason.pk}",
    )  # fmt: skip
    for number in seekers:
        add_row(user_id=reader.pk, subjects=[number], about=f"reason {reason.pk}", purpose="contact")
    add_row(user_id=reader.pk, action=Action.DENIED, subjects=[], view="ui:components", purpose="", about="GET 403")
    add_row(user_id=None, actor="explain_match", subjects=seekers[:1], view="command", purpose="")
    opened = AccessLogEntry.objects.by_user(reader.pk).opened()
    times = opened.aggregate(first=Min("at"), last=Max("at"))
    anomaly: AccessAnomaly = AccessAnomaly.objects.create(
        kind=AnomalyKind.MANY_IN_AN_HOUR, user_id=reader.pk, day=timezone.localdate(), count=len(seekers), usual=2,
        threshold=30, subjects=sorted(seekers), first_at=times["first"], last_at=times["last"],
    )  # fmt: skip
    return anomaly
