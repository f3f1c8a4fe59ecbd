"""The nightly job "access_log": months made ahead, anomalies of the day before, the log held against its seals."""

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from portal.privacy.access.anomalies import look_at
from portal.privacy.access.partitions import make_months
from portal.privacy.access.sealing import seal
from portal.privacy.access.verifying import verify
from portal.runs.errors import Tellable, describe
from portal.runs.models import JobRun
from portal.runs.services import begin, fail, only_one, open_run, step, succeed

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)

JOB: Final = "access_log"
MOST_DAYS: Final = 14
"""Days that are looked at when nights were missed."""


class NotAsSealed(Tellable):
    """The log is not as it was sealed."""


def seals_noted_by_nights() -> list[tuple[int, str]]:
    """The last seal of each night that found the log in order: number and seal. They must all still be there."""
    runs = JobRun.objects.succeeded().filter(job=JOB).exclude(result_hash="").order_by("pk")
    told = runs.values_list("counts", "result_hash")
    return [(int(counts["head"]), seal) for counts, seal in told if "head" in counts]


def start(for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run for a day and let a worker do it. Raises RunGoingOn while another goes on."""
    from portal.privacy.access.tasks import check_access_log

    run = open_run(JOB, for_date, started_by)
    transaction.on_commit(lambda: check_access_log.delay(run.pk))
    return run


def run_here(for_date: date) -> JobRun:
    """The whole run in this process; raises what went wrong after marking the run as failed."""
    run = open_run(JOB, for_date)
    work_through(run.pk)
    run.refresh_from_db()
    return run


def work_through(run_id: int) -> None:
    """Do an opened run; nothing where another process is at it or it has ended.

    Raises NotAsSealed, after the anomalies have been looked for, where the log is not as it was sealed.
    """
    with only_one(JOB) as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or not run.is_active:
            return
        begin(run)
        try:
            _steps(run)
        except BaseException as error:
            fail(run.pk, describe(error))
            raise
        succeed(run)


def _steps(run: JobRun) -> None:
    with step(run, "months"):
        made = make_months(timezone.now())
    with step(run, "anomalies"):
        days = _days_to_look_at(run)
        new = [anomaly for day in days for anomaly in look_at(day)]
    with step(run, "verify"):
        seal()
        report = verify(seals_noted_by_nights())
    checked = report.checked
    run.counts = {
        "months_made": len(made), "days": len(days), "anomalies": len(new), "rows": checked.rows,
        "seals": checked.seals, "unsealed": checked.unsealed, "findings": len(checked.findings),
    }  # fmt: skip
    if report.head:
        run.counts["head"], run.result_hash = report.head
    run.save(update_fields=["counts", "result_hash"])
    if not report.in_order:
        for finding in checked.findings:
            logger.error("Access log: %s", finding)
        raise NotAsSealed(
            f"The access log is not as it was sealed: {len(checked.findings)} findings. Run verify_access_log."
        )


def _days_to_look_at(run: JobRun) -> list[date]:
    """The day before the run's, and those before it that no run has looked at."""
    last = run.for_date - timedelta(days=1)
    before = JobRun.objects.succeeded().filter(job=JOB, for_date__lt=run.for_date).order_by("-for_date").first()
    first = max(before.for_date if before else last, run.for_date - timedelta(days=MOST_DAYS))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
