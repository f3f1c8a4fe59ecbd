"""The jobs of a night follow each other in the order of settings.NIGHT_STEPS.

A job follows once the one before it has ended for the day, whichever way: when matching fails, data whose time has come
still goes. It follows again when the one before it has been run again. Where a job is stopped, the next one does not
wait for it. Asked at the end of each job and once a minute, so that a lost message holds nothing up.
"""

import logging
from datetime import date
from itertools import pairwise

from django.conf import settings
from django.utils.module_loading import import_string

from portal.runs.models import JobRun
from portal.runs.services import RunGoingOn
from portal.runs.starting import Starter
from portal.runs.stopping import JobStopped, stop_in_force

logger = logging.getLogger(__name__)


def follow(day: date) -> JobRun | None:
    """Start the next job of a day's night whose turn it is, and return its run; None where nothing is to be started."""
    for (before, _), (job, starter) in pairwise(settings.NIGHT_STEPS):
        if not _is_its_turn(before, job, day):
            continue
        start: Starter = import_string(starter)
        try:
            return start(day, None)
        except (RunGoingOn, JobStopped) as busy:
            logger.info("The job %s was not started: %s", job, busy)
    return None


def _is_its_turn(before: str, job: str, day: date) -> bool:
    last = JobRun.objects.of(before).filter(for_date=day).first()
    own = JobRun.objects.of(job).filter(for_date=day).first()
    if last is None:
        return own is None and stop_in_force(before) is not None
    if last.is_active or (own is not None and own.is_active):
        return False
    return own is None or (last.finished_at is not None and own.created_at < last.finished_at)
