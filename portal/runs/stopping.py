"""The stop switch of a job: no run of it starts, and one that goes on ends at its next step.

The switch stands where runs are opened (`services.open_run`), so that no way of starting a run can pass it by.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from portal.runs.errors import Tellable
from portal.runs.models import ACTIVE_STATES, JobRun, JobStop, RunState

if TYPE_CHECKING:
    from portal.accounts.models import User


class JobStopped(Tellable):
    """Somebody has stopped the job; `stop` says when and why."""

    def __init__(self, stop: JobStop) -> None:
        super().__init__(f"The job {stop.job} has been stopped since {stop.since:%Y-%m-%d %H:%M} UTC.")
        self.stop = stop


class AlreadyStopped(Tellable):
    """The job is stopped already."""


class NotStopped(Tellable):
    """The stop has been lifted, or its time was over."""


def stop_in_force(job: str, now: datetime | None = None) -> JobStop | None:
    """The stop that holds for a job, or None."""
    found: JobStop | None = JobStop.objects.of(job).in_force(now or timezone.now()).first()
    return found


def stops_in_force(jobs: Iterable[str], now: datetime | None = None) -> dict[str, JobStop]:
    """The stops that hold for some jobs, by job, in the order of the jobs; one query."""
    wanted = list(jobs)
    stops = JobStop.objects.filter(job__in=wanted).in_force(now or timezone.now()).order_by("since", "pk")
    held = {one.job: one for one in stops}
    return {job: held[job] for job in wanted if job in held}


def stop(job: str, by: "User | None", reason: str, *, until: datetime | None = None, hide: bool = True) -> JobStop:
    """Stop a job at once, until it is lifted or a time comes; its run that goes on has ended as stopped with that.

    `hide`: what the job has stored is not shown meanwhile. ValueError without a reason, or for a time that has passed;
    AlreadyStopped where another stop holds.
    """
    now = timezone.now()
    if not reason.strip():
        raise ValueError("Say why it is stopped.")
    if until is not None and until <= now:
        raise ValueError("The stop must end later than now.")
    with transaction.atomic():
        alone_with(job)
        if stop_in_force(job, now) is not None:
            raise AlreadyStopped(f"The job {job} is stopped already.")
        made: JobStop = JobStop.objects.create(
            job=job, since=now, until=until, reason=reason.strip(), hides_results=hide, stopped_by=by
        )
        # A process at work finds its run ended when it comes to the next step, and publishes nothing.
        JobRun.objects.filter(job=job, state__in=ACTIVE_STATES).update(state=RunState.STOPPED, finished_at=now)
    return made


def lift(job: str, by: "User | None", reason: str) -> JobStop:
    """Let a job go on; the night's sweeper makes up for a night that was missed.

    ValueError without a reason, NotStopped where no stop holds (any more).
    """
    now = timezone.now()
    if not reason.strip():
        raise ValueError("Say why it goes on.")
    with transaction.atomic():
        alone_with(job)
        held = stop_in_force(job, now)
        if held is None:
            raise NotStopped(f"The job {job} is not stopped.")
        held.lifted_at, held.lifted_by, held.lift_reason = now, by, reason.strip()
        held.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    return held


def refuse_while_stopped(job: str) -> None:
    """Raise JobStopped where a stop holds for the job."""
    held = stop_in_force(job)
    if held is not None:
        raise JobStopped(held)


def alone_with(job: str) -> None:
    """Hold the job's switch until the transaction ends: nobody starts a run while another stops the job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"stop-{job}"])
