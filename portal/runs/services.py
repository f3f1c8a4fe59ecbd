"""Opening, following and ending runs; nothing else writes `JobRun`."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from portal.effects import emit
from portal.runs.errors import Tellable
from portal.runs.models import ACTIVE_STATES, JobRun, RunState
from portal.runs.stopping import alone_with, refuse_while_stopped

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)


class RunGoingOn(Tellable):
    """A run of the job is active already; `run` is that run."""

    def __init__(self, run: JobRun) -> None:
        super().__init__(f"Run {run.pk} of {run.job} is going on.")
        self.run = run


class RunEnded(Tellable):
    """The run has ended; nothing more is done for it."""


def open_run(job: str, for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run of `job` for a day.

    Raises RunGoingOn: one run of a job at a time, the database sees to it; JobStopped where somebody has stopped it.
    """
    try:
        with transaction.atomic():
            alone_with(job)
            refuse_while_stopped(job)
            last = JobRun.objects.filter(job=job, for_date=for_date).aggregate(last=Max("attempt"))["last"] or 0
            return JobRun.objects.create(job=job, for_date=for_date, attempt=last + 1, started_by=started_by)
    except IntegrityError:
        going_on = JobRun.objects.active().filter(job=job).order_by("pk").first()
        if going_on is None:
            raise
        raise RunGoingOn(going_on) from None


def begin(run: JobRun) -> None:
    """The run starts working; a second begin (the task was delivered again) keeps the first time.

    Raises RunEnded where the run has ended meanwhile (it was given up).
    """
    run.started_at = run.started_at or timezone.now()
    run.beat_at = timezone.now()
    begun = JobRun.objects.filter(pk=run.pk, state__in=ACTIVE_STATES).update(
        state=RunState.RUNNING, started_at=run.started_at, beat_at=run.beat_at
    )
    if not begun:
        raise RunEnded(f"Run {run.pk} has ended.")
    run.state = RunState.RUNNING


@contextmanager
def step(run: JobRun, name: str) -> Iterator[None]:
    """Name the step that the run is at, and keep how many seconds it took.

    Raises RunEnded where the run has ended meanwhile: it was given up, or its job stopped.
    """
    named = JobRun.objects.filter(pk=run.pk, state__in=ACTIVE_STATES).update(step=name, beat_at=timezone.now())
    if not named:
        raise RunEnded(f"Run {run.pk} has ended.")
    run.step = name
    started = time.perf_counter()
    yield
    run.seconds[name] = round(run.seconds.get(name, 0.0) + time.perf_counter() - started, 3)
    run.beat_at = timezone.now()
    run.save(update_fields=["seconds", "beat_at"])


def advance(run_id: int) -> None:
    """One more part of the run is done; safe from many workers at once."""
    JobRun.objects.filter(pk=run_id).update(done=F("done") + 1, beat_at=timezone.now())


def succeed(run: JobRun) -> None:
    """The run has done all it should.

    Raises RunEnded, and leaves the run as it is, where it has ended meanwhile: it was given up, or its job stopped.
    """
    finished_at = timezone.now()
    changed = JobRun.objects.filter(pk=run.pk, state__in=ACTIVE_STATES).update(
        state=RunState.SUCCEEDED,
        finished_at=finished_at,
        step="",
        error="",
        counts=run.counts,
        seconds=run.seconds,
        rules_version=run.rules_version,
        input_hash=run.input_hash,
        result_hash=run.result_hash,
    )
    if not changed:
        raise RunEnded(f"Run {run.pk} has ended.")
    run.state, run.finished_at, run.step, run.error = RunState.SUCCEEDED, finished_at, "", ""


def fail(run_id: int, error: str) -> None:
    """The run has failed; the text says why, without personal data. A run that has ended is left as it is."""
    changed = JobRun.objects.filter(pk=run_id, state__in=ACTIVE_STATES).update(
        state=RunState.FAILED, finished_at=timezone.now(), error=error[:2000]
    )
    if changed:
        logger.error("Run %s failed: %s", run_id, error)
        emit("run.failed", run_id)


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Hold a PostgreSQL advisory lock of this name; yields False where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        held: bool = cursor.fetchone()[0]
        try:
            yield held
        finally:
            if held:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
