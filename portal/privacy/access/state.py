"""How the log stands: sealed up to when, and what the last check has found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min

from portal.privacy.access.models import AccessLogEntry, AccessLogSeal
from portal.privacy.access.night import JOB
from portal.runs.models import JobRun, RunState

LATE_AFTER: Final = timedelta(minutes=5)
"""A row that has waited so long for its seal shows that sealing stands still: it should take a minute."""
_LOOKED_AT: Final = timedelta(days=40)


@dataclass(frozen=True)
class State:
    """Seals and checks as of a moment."""

    sealed_at: datetime | None
    seal: str
    waiting: int
    oldest_waiting: datetime | None
    is_late: bool
    check: JobRun | None
    """The last nightly check that has ended."""

    @property
    def is_broken(self) -> bool:
        """Whether the last check did not succeed."""
        return self.check is not None and self.check.state != RunState.SUCCEEDED


def state_of_log(now: datetime) -> State:
    """How the log stands at `now`."""
    last = AccessLogSeal.objects.order_by("-pk").first()
    # Rows without a seal are of the last minutes; the bound lets the database look into few months.
    rows = AccessLogEntry.objects.filter(id__gt=last.to_id if last else 0, at__gt=now - _LOOKED_AT)
    waiting = rows.aggregate(count=Count("id"), oldest=Min("at"))
    oldest: datetime | None = waiting["oldest"]
    return State(
        sealed_at=last.sealed_at if last else None,
        seal=f"{last.pk}:{last.sha256}" if last else "",
        waiting=waiting["count"],
        oldest_waiting=oldest,
        is_late=oldest is not None and now - oldest > LATE_AFTER,
        check=JobRun.objects.of(JOB).filter(state__in=(RunState.SUCCEEDED, RunState.FAILED)).first(),
    )
