"""Celery tasks of the access log: ids in, nothing out."""

from datetime import timedelta
from typing import Final

from celery import shared_task
from django.utils import timezone

from portal.privacy.access import night, sealing
from portal.privacy.access.partitions import make_months
from portal.runs.models import JobRun
from portal.runs.services import RunEnded, fail
from portal.runs.tasks import follow_night

SILENT_FOR: Final = timedelta(minutes=30)
GIVEN_UP_AFTER: Final = timedelta(hours=6)


@shared_task(ignore_result=True)
def seal_access_log() -> None:
    """Seal what has settled since the last minute, and see to it that the next months are there."""
    make_months(timezone.now())
    sealing.seal()


@shared_task
def check_access_log(run_id: int) -> None:
    """Do a nightly run; what goes wrong is kept on the run. What follows in the night comes next."""
    run = JobRun.objects.get(pk=run_id)
    try:
        night.work_through(run_id)
    except RunEnded:
        pass  # it was given up meanwhile: the run tells so
    except night.NotAsSealed:
        pass  # told on the run, on the pages and in the log
    finally:
        follow_night.delay(run.for_date.isoformat())


@shared_task
def sweep_access_log() -> None:
    """Take up a run that fell silent (a lost message, a killed worker); end one that takes too long."""
    now = timezone.now()
    for run in JobRun.objects.active().filter(job=night.JOB).order_by("pk"):
        if now - run.created_at > GIVEN_UP_AFTER:
            fail(run.pk, "The run did not end in time. Look at the workers, then run it again.")
        elif now - (run.beat_at or run.created_at) > SILENT_FOR:
            check_access_log.delay(run.pk)
