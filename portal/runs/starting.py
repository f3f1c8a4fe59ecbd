"""Starting a run by hand. Which jobs there are, and what starts each, stands in settings.NIGHT_STEPS."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import AnyUser, may
from portal.accounts.roles import Permission
from portal.runs.models import JobRun
from portal.runs.schedule import last_due

if TYPE_CHECKING:
    from portal.accounts.models import User

JOB_NAMES: dict[str, str | Promise] = {
    "matching": _("Matching of vacancies and jobseekers"),
    "fairness": _("Figures of equal treatment"),
    "rules_preview": _("Preview of a change of the rules"),
    "retention": _("Deletion of data whose time has passed"),
    "access_log": _("Check of the access log"),
}
"""What people call the jobs."""

START_LABELS: dict[str, str | Promise] = {
    "matching": _("Run matching now"),
    "fairness": _("Calculate equal treatment now"),
    "retention": _("Delete what is due now"),
    "access_log": _("Check the access log now"),
}
"""What the button says that starts a job by hand."""

START_PERMISSIONS: dict[str, Permission] = {"retention": Permission.RETENTION_RUN}
"""What somebody may who starts a job by hand, beside starting runs at all."""

Starter = Callable[[date, "User | None"], JobRun]


def jobs() -> tuple[str, ...]:
    """The jobs of the night, in order."""
    return tuple(job for job, _starter in settings.NIGHT_STEPS)


def may_start(user: AnyUser, job: str) -> bool:
    """Whether somebody may start a job by hand."""
    return may(user, Permission.RUNS_START) and (job not in START_PERMISSIONS or may(user, START_PERMISSIONS[job]))


def day_to_run(now: datetime) -> date:
    """The day for which a run started by hand counts: the one whose night has come last."""
    return timezone.localdate(last_due(now))


def start(job: str, now: datetime, started_by: "User | None") -> JobRun:
    """Start a job for the day.

    Raises KeyError for a job that the night does not have, RunGoingOn while one goes on, JobStopped
    where it is stopped.
    """
    starter: Starter = import_string(dict(settings.NIGHT_STEPS)[job])
    return starter(day_to_run(now), started_by)
