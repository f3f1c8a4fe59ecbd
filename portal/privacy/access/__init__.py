"""The access log: who looked at whose data, when, why and from where.

Views note each read by `record` before they show anything; jobs and commands by `record_system`.
"""

from typing import TYPE_CHECKING

from portal.privacy.access.enums import Action, Purpose, ReasonCode
from portal.privacy.access.recording import AccessNotRecorded, about_person, record, record_system

if TYPE_CHECKING:
    from portal.privacy.access.showing import Line

__all__ = [
    "AccessNotRecorded",
    "Action",
    "Purpose",
    "ReasonCode",
    "about_person",
    "of_subject",
    "record",
    "record_system",
]


def of_subject(number: int) -> "list[Line]":
    """All rows of the log about one person in words, the oldest first: for the person's own data."""
    # Views note reads before the app's models are needed, and models import this package.
    from portal.privacy.access.models import AccessLogEntry
    from portal.privacy.access.showing import lines

    return lines(AccessLogEntry.objects.of_subject(number).order_by("at", "id"))
