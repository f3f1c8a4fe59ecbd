"""Celery tasks of retention: ids in, nothing out."""

from datetime import timedelta
from typing import Any, Final

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from portal.privacy.retention import night
from portal.privacy.retention.models import Origin
from portal.runs.errors import describe
from portal.runs.models import JobRun
from portal.runs.services import RunEnded, fail
from portal.runs.tasks import follow_night

WAIT_FOR_MATCHING_S: Final = 120
SILENT_FOR: Final = timedelta(minutes=15)
"""A run of retention without a sign of life for so long is taken up again."""
GIVEN_UP_AFTER: Final = timedelta(hours=8)


@shared_task(bind=True, max_retries=GIVEN_UP_AFTER.total_seconds() // WAIT_FOR_MATCHING_S)
def retain(self: Any, run_id: int) -> None:
    """Do a run of retention; what goes wrong is kept on the run. While matching goes on, it waits."""
    run = JobRun.objects.get(pk=run_id)
    try:
        night.work_through(run_id, Origin.PERSON if run.started_by_id else Origin.NIGHT)
    except night.MatchingGoesOn as going_on:
        raise self.retry(countdown=WAIT_FOR_MATCHING_S, exc=going_on) from going_on
    except RunEnded:
        return
    except night.NotAllDone:
        pass  # told on the run, in its proof and in the log
    except OperationalError as error:
        fail(run_id, describe(error))
        raise
    follow_night.delay(run.for_date.isoformat())


@shared_task
def sweep_retention() -> None:
    """Take up a run of retention that fell silent (a lost message, a killed worker); end one that takes too long."""
    now = timezone.now()
    for run in JobRun.objects.active().filter(job=night.JOB).order_by("pk"):
        if now - run.created_at > GIVEN_UP_AFTER:
            fail(run.pk, "The run did not end in time. Look at the workers, then run it again.")
        elif now - (run.beat_at or run.created_at) > SILENT_FOR:
            retain.delay(run.pk)
