"""The thresholds in force on a day."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from portal.privacy.access.models import AccessThreshold


@dataclass(frozen=True)
class Thresholds:
    """From which numbers on something is pointed out. None: it is not pointed out at all."""

    hour_least: int | None = None
    hour_times: int | None = None
    listed_least: int | None = None
    off_hours_least: int | None = None
    day_starts: int | None = None
    day_ends: int | None = None
    denied_least: int | None = None


def thresholds_on(day: date) -> Thresholds:
    """The values in force on a day; one that is ended and not replaced switches its question off."""
    rows = AccessThreshold.objects.active(day).order_by("pk")
    return Thresholds(**{row.code: row.value for row in rows})


@dataclass(frozen=True)
class ToldThreshold:
    """A threshold in words."""

    label: str
    value: int
    since: date
    why: str


def told_thresholds(day: date) -> list[ToldThreshold]:
    """The thresholds in force on a day, in the order in which they are defined."""
    order = AccessThreshold.Code.values
    rows = sorted(AccessThreshold.objects.active(day).order_by("pk"), key=lambda row: order.index(row.code))
    return [ToldThreshold(capfirst(row.get_code_display()), row.value, row.valid_from, row.why) for row in rows]
