"""Starting a run by hand. Which jobs there are, and what starts each, stands in settings.NIGHT_STEPS."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.runs.models import JobRun
from portal.runs.schedule import last_due

if TYPE_CHECKING:
    from portal.accounts.models import User

JOB_NAMES: dict[str, str | Promise] = {"matching": _("Matching of vacancies and jobseekers")}
"""What people call the jobs."""

Starter = Callable[[date, "User | None"], JobRun]


def jobs() -> tuple[str, ...]:
    """The jobs of the night, in order."""
    return tuple(job for job, _starter in settings.NIGHT_STEPS)


def day_to_run(now: datetime) -> date:
    """The day for which a run started by hand counts: the one whose night has come last."""
    return timezone.localdate(last_due(now))


def start(job: str, now: datetime, started_by: "User | None") -> JobRun:
    """Start a job for the day. Raises KeyError for a job that the night does not have, RunGoingOn while one goes on."""
    starter: Starter = import_string(dict(settings.NIGHT_STEPS)[job])
    return starter(day_to_run(now), started_by)
