"""Opening, following and ending runs; nothing else writes `JobRun`."""

import errno
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import psycopg
from django.db import Error as DjangoDatabaseError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from portal.runs.models import ACTIVE_STATES, JobRun, RunState

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)


class Tellable(Exception):
    """An error of our own whose message is written to be shown: it names runs, rules and settings, never a person."""


class RunGoingOn(Tellable):
    """A run of the job is active already; `run` is that run."""

    def __init__(self, run: JobRun) -> None:
        super().__init__(f"Run {run.pk} of {run.job} is going on.")
        self.run = run


class RunEnded(Tellable):
    """The run has ended; nothing more is done for it."""


def open_run(job: str, for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run of `job` for a day. Raises RunGoingOn: one run of a job at a time, the database sees to it."""
    last = JobRun.objects.filter(job=job, for_date=for_date).aggregate(last=Max("attempt"))["last"] or 0
    try:
        with transaction.atomic():
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
    """Name the step that the run is at, and keep how many seconds it took."""
    JobRun.objects.filter(pk=run.pk).update(step=name, beat_at=timezone.now())
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
    """The run has done all it should."""
    run.state = RunState.SUCCEEDED
    run.finished_at = timezone.now()
    run.step = ""
    run.error = ""
    run.save(
        update_fields=[
            "state",
            "finished_at",
            "step",
            "error",
            "counts",
            "seconds",
            "rules_version",
            "input_hash",
            "result_hash",
        ]
    )


def fail(run_id: int, error: str) -> None:
    """The run has failed; the text says why, without personal data. A run that has ended is left as it is."""
    changed = JobRun.objects.filter(pk=run_id, state__in=ACTIVE_STATES).update(
        state=RunState.FAILED, finished_at=timezone.now(), error=error[:2000]
    )
    if changed:
        logger.error("Run %s failed: %s", run_id, error)


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


def describe(error: BaseException) -> str:
    """What a failed run shows and the log says: the kind of the error, and its text where that is ours to show.

    Messages of databases, codecs and parsers quote values of rows, also in their first line: of a database error only
    its kind, SQLSTATE and constraint are told, of one of the operating system the name of its number, of any other
    nothing but its type. Errors that a person can act on are `Tellable`.
    """
    name = type(error).__name__
    if isinstance(error, Tellable):
        text = str(error).strip().splitlines()
        return f"{name}: {text[0]}" if text else name
    safe = _of_database(error.__cause__ if isinstance(error, DjangoDatabaseError) else error)
    if isinstance(error, OSError) and error.errno is not None:
        safe = [errno.errorcode.get(error.errno, str(error.errno))]
    told = [part for part in safe if part != name]
    return f"{name} ({', '.join(told)})" if told else name


def _of_database(error: BaseException | None) -> list[str]:
    """Kind, SQLSTATE and constraint of an error of PostgreSQL; nothing of its messages."""
    if not isinstance(error, psycopg.Error):
        return []
    told = [type(error).__name__]
    if error.sqlstate:
        told.append(f"SQLSTATE {error.sqlstate}")
    if error.diag.constraint_name:
        told.append(f"constraint {error.diag.constraint_name}")
    return told
