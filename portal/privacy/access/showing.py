"""Rows of the log as people read them: users by name, codes in words, reasons with what was written."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.access.enums import Action, Purpose
from portal.privacy.access.models import AccessLogEntry, AccessReason
from portal.privacy.access.words import TONES, about_words, page_words, purpose_words

FEW: Final = 3
"""People that a line names by number; the others are counted."""
_REASON: Final = re.compile(r"\breason (\d+)\b")


@dataclass(frozen=True)
class Line:
    """A row of the log in words."""

    id: int
    at: datetime
    user_id: int | None
    who: str
    roles: str
    action: str
    tone: str
    subjects: tuple[int, ...]
    purpose: str
    reason: str
    """What the user wrote, where a reason was given."""
    page: str
    about: str
    request_id: str

    @property
    def few(self) -> tuple[int, ...]:
        """The first people of the row."""
        return self.subjects[:FEW]

    @property
    def more(self) -> int:
        """How many others the row has."""
        return max(0, len(self.subjects) - FEW)


def is_of_audit(entry: AccessLogEntry) -> bool:
    """Whether an auditor did this, as an auditor (`querysets.OF_AUDIT` for a row that is there)."""
    return entry.purpose == Purpose.AUDIT or entry.view.startswith("audit:")


def lines_outside_audit(entries: Iterable[AccessLogEntry]) -> list[Line]:
    """As `lines`, for readers outside audit: of what auditors did only the time, the role and that it was audit.

    What an auditor writes may name whom an inquiry is about, and that may be the reader.
    """
    shown = list(entries)
    return [
        replace(line, user_id=None, who=line.roles, roles="", purpose=purpose_words(Purpose.AUDIT), reason="", about="")
        if is_of_audit(entry)
        else line
        for entry, line in zip(shown, lines(shown), strict=True)
    ]


def lines(entries: Iterable[AccessLogEntry]) -> list[Line]:
    """Rows of the log in words, in their order; two queries."""
    shown = list(entries)
    names = names_of({entry.user_id for entry in shown if entry.user_id is not None})
    written = _written({number for entry in shown if (number := reason_of(entry)) is not None})
    return [_line(entry, names, written) for entry in shown]


def names_of(users: Collection[int]) -> dict[int, str]:
    """Names of users by number; of an account that is gone, that it is gone."""
    found = {user.pk: str(user) for user in User.objects.filter(pk__in=users).order_by("pk")}
    return {number: found.get(number) or _("user %(number)s, account deleted") % {"number": number} for number in users}


def roles_in_words(roles: Iterable[str]) -> str:
    """Names of roles; those that there are no longer, by their code."""
    labels: dict[str, object] = dict(Role.choices)
    return ", ".join(str(labels.get(role, role)) for role in roles)


def _line(entry: AccessLogEntry, names: dict[int, str], written: dict[int, str]) -> Line:
    number = reason_of(entry)
    return Line(
        id=entry.pk,
        at=entry.at,
        user_id=entry.user_id,
        who=names[entry.user_id] if entry.user_id is not None else entry.actor,
        roles=roles_in_words(entry.roles),
        action=str(capfirst(Action(entry.action).label)) if entry.action in Action.values else entry.action,
        tone=TONES.get(entry.action, ""),
        subjects=tuple(entry.subjects),
        purpose=purpose_words(entry.purpose),
        reason=written.get(number, "") if number is not None else "",
        page=page_words(entry.view),
        about=about_words(entry.about),
        request_id=entry.request_id,
    )


def reason_of(entry: AccessLogEntry) -> int | None:
    """The number of the reason that a row points to."""
    found = _REASON.search(entry.about)
    return int(found[1]) if found else None


def _written(numbers: Collection[int]) -> dict[int, str]:
    rows = AccessReason.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "words")
    return dict(rows) if numbers else {}
