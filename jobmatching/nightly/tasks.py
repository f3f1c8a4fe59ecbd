"""Celery tasks of the nightly matching: ids in, nothing out; the work is in `jobmatching.nightly.night`."""

import logging
from datetime import timedelta
from typing import Any, Final

from celery import chord, shared_task
from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from jobmatching.nightly import night
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.fairness.enums import JOB as FAIRNESS
from jobmatching.nightly.fairness.night import look
from jobmatching.nightly.freezing import bring_vectors_up_to_date
from jobmatching.nightly.hiding import forget_hidden
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow import job as rules_preview
from jobmatching.nightly.stopping import telling
from jobmatching.seekers.contact.services import stop_messages_to_hidden
from portal.runs.models import JobRun, RunState
from portal.runs.schedule import last_due
from portal.runs.services import RunGoingOn, fail, only_one
from portal.runs.stopping import JobStopped, stop_in_force
from portal.runs.tasks import follow_night

logger = logging.getLogger(__name__)

SILENT_FOR: Final = timedelta(minutes=3)
"""A run without a sign of life for so long is taken up again by the sweeper."""
GIVEN_UP_AFTER: Final = timedelta(minutes=75)
"""A run that has not ended by then is marked as failed, so that another can be started."""

LEFT_TO_PEOPLE: Final = timedelta(minutes=10)
"""So long after a run of any day was begun, a missed night waits: whoever began it may have more to do before."""

TRY_AGAIN: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,),
    "max_retries": 2,
    "retry_backoff": 5,
    "retry_jitter": False,
}
"""A part of a run that meets a lost connection or a deadlock is tried twice more, after 5 and 10 seconds."""


@shared_task
def start_night() -> None:
    """Start the matching of the day, unless it has been done, is going on or is stopped."""
    day = timezone.localdate(last_due(timezone.now()))
    if JobRun.objects.filter(job=night.JOB, for_date=day, state=RunState.SUCCEEDED).exists():
        return
    try:
        night.start(day)
    except RunGoingOn as going_on:
        logger.info("The night was not started: run %s is going on.", going_on.run.pk)
    except JobStopped as stopped:
        logger.warning("The night was not started: %s", stopped)
        follow_night.delay(day.isoformat())


@shared_task
def freshen_vectors() -> None:
    """Build by day what people have edited, so that little is left for the night; a run that goes on does it itself.
    While matching is stopped nothing is made ready for it.

    What time alone changes (a card that expires, work that becomes old) is the night's.
    """
    with only_one("freshen-vectors") as mine:
        version = MatchingRules.objects.filter(state=RulesState.IN_FORCE).first()
        free = mine and not JobRun.objects.active().filter(job=night.JOB).exists()
        if free and version is not None and stop_in_force(night.JOB) is None:
            bring_vectors_up_to_date(version, timezone.localdate())


@shared_task(bind=True, **TRY_AGAIN)
def prepare_run(self: Any, run_id: int) -> None:
    """Freeze the input and hand out the shards; the last one done calls the merge."""
    shards: list[int] = []
    night.guarded(run_id, lambda: shards.extend(night.prepare(run_id)), last_try=_is_last_try(self))
    if shards:
        chord([run_shard.si(run_id, shard) for shard in shards], finish_run.si(run_id)).delay()
    else:
        finish_run.delay(run_id)


@shared_task(bind=True, **TRY_AGAIN)
def run_shard(self: Any, run_id: int, shard: int) -> None:
    """Match one shard."""
    night.guarded(run_id, lambda: night.do_shard(run_id, shard), last_try=_is_last_try(self))


@shared_task(bind=True, **TRY_AGAIN)
def finish_run(self: Any, run_id: int) -> None:
    """Merge and publish; harmless before the last shard, and the second time. What follows in the night comes next."""
    night.guarded(run_id, lambda: night.finish(run_id), last_try=_is_last_try(self))
    run = JobRun.objects.get(pk=run_id)
    if not run.is_active:
        follow_night.delay(run.for_date.isoformat())


@shared_task(bind=True, **TRY_AGAIN)
def report_fairness(self: Any, run_id: int) -> None:
    """Look at the current result by group. What follows in the night comes next."""
    night.guarded(run_id, lambda: look(run_id), last_try=_is_last_try(self))
    run = JobRun.objects.get(pk=run_id)
    if not run.is_active:
        follow_night.delay(run.for_date.isoformat())


@shared_task
def sweep_hidden() -> None:
    """Stop messages to people under non-disclosure, and take them out of what is stored of earlier nights.

    It names nobody, and makes up for what was not done when they came under it.
    """
    stop_messages_to_hidden()
    forget_hidden()


@shared_task(bind=True, **TRY_AGAIN)
def preview_rules(self: Any, run_id: int) -> None:
    """What a version of the rules would change on the last night's data."""
    night.guarded(run_id, lambda: rules_preview.work(run_id), last_try=_is_last_try(self))


def _is_last_try(task: Any) -> bool:
    return bool(task.request.retries >= task.max_retries)


@shared_task
def tell_of_stops() -> None:
    """Tell those whose work it touches that matching was stopped, or goes on."""
    with only_one("tell-of-stops") as mine:
        if mine:
            telling.tell()


@shared_task
def sweep_runs() -> None:
    """Take up runs that fell silent (a lost message), end those that took too long, start a missed night."""
    now = timezone.now()
    tell_of_stops.delay()
    takes_up = {night.JOB: prepare_run, FAIRNESS: report_fairness, rules_preview.JOB: preview_rules}
    for run in JobRun.objects.active().filter(job__in=takes_up).order_by("pk"):
        heard = run.beat_at or run.created_at
        if now - run.created_at > GIVEN_UP_AFTER:
            fail(run.pk, "The run did not end in time. Look at the workers, then run it again.")
        elif now - heard > SILENT_FOR:
            takes_up[run.job].delay(run.pk)
    due = last_due(now)
    if stop_in_force(night.JOB, now) is not None:
        return
    # A run that was stopped is made up for as soon as matching may go on.
    of_the_night = JobRun.objects.filter(job=night.JOB, for_date=timezone.localdate(due)).exclude(
        state=RunState.STOPPED
    )
    begun = of_the_night.filter(Q(created_at__gte=due) | Q(state=RunState.SUCCEEDED)).exists()
    by_hand = JobRun.objects.filter(job=night.JOB, created_at__gt=now - LEFT_TO_PEOPLE).exists()
    if now - due > timedelta(minutes=5) and not begun and not by_hand:
        start_night.delay()
