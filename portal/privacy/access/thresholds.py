"""The thresholds in force on a day."""

from dataclasses import dataclass
from datetime import date

from portal.privacy.access.models import AccessThreshold


@dataclass(frozen=True)
class Thresholds:
    """From which numbers on something is pointed out. None: it is not pointed out at all."""

    hour_least: int | None = None
    hour_times: int | None = None
    off_hours_least: int | None = None
    day_starts: int | None = None
    day_ends: int | None = None
    denied_least: int | None = None


def thresholds_on(day: date) -> Thresholds:
    """The values in force on a day; one that is ended and not replaced switches its question off."""
    rows = AccessThreshold.objects.active(day).order_by("pk")
    return Thresholds(**{row.code: row.value for row in rows})
