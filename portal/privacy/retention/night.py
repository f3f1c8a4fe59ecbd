"""The nightly job "retention": one run, its progress, and the proof that is kept of it."""

import logging
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from portal.privacy.retention.classes import all_in_force
from portal.privacy.retention.models import Origin, RetentionClass, RetentionLine, RetentionReport
from portal.privacy.retention.rules import Rule, rules
from portal.privacy.retention.telling import tell_responsible
from portal.privacy.retention.work import Done, carry_out
from portal.runs.errors import Tellable, describe
from portal.runs.models import JobRun
from portal.runs.services import advance, begin, fail, only_one, open_run, step, succeed

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)

JOB: Final = "retention"
MATCHING: Final = "matching"
"""The job that must not freeze people while they are being deleted."""


class NotAllDone(Tellable):
    """Some rows could not be deleted, or some rules not be followed; the proof says which."""


class MatchingGoesOn(Tellable):
    """A matching run is going on: what it has frozen would bring back what is deleted meanwhile."""

    def __init__(self) -> None:
        super().__init__("A matching run is going on. Retention starts when it has ended.")


@dataclass
class Planned:
    """What a run did, or a dry run would do, rule by rule."""

    day: date
    lines: list[Done] = field(default_factory=list)
    not_followed: dict[str, str] = field(default_factory=dict)
    """Code of a rule -> why it could not be followed."""


def matching_goes_on() -> bool:
    """Whether a run of matching is waiting or working."""
    return JobRun.objects.active().filter(job=MATCHING).exists()


def start(for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run for a day and let a worker do it. Raises RunGoingOn while another goes on."""
    from portal.privacy.retention.tasks import retain

    run = open_run(JOB, for_date, started_by)
    transaction.on_commit(lambda: retain.delay(run.pk))
    return run


def run_here(for_date: date, origin: Origin = Origin.COMMAND) -> RetentionReport:
    """The whole run in this process; raises what went wrong after marking the run as failed."""
    run = open_run(JOB, for_date)
    report = work_through(run.pk, origin)
    assert report is not None  # nobody else knows of the run
    return report


def dry_run(day: date) -> Planned:
    """What a run of a day would do. Writes nothing."""
    planned = Planned(day)
    times = all_in_force(day)
    for rule in rules():
        _follow(rule, planned, times.get(rule.kept), dry=True)
    return planned


def work_through(run_id: int, origin: Origin) -> RetentionReport | None:
    """Do an opened run; None where another process is at it or it has ended.

    Raises MatchingGoesOn before anything is done, and NotAllDone after all that could be done was done.
    """
    with only_one(JOB) as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or not run.is_active:
            return None
        if matching_goes_on():
            raise MatchingGoesOn
        begin(run)
        report, _created = RetentionReport.objects.get_or_create(
            run=run, defaults={"for_date": run.for_date, "origin": origin, "started_by": run.started_by}
        )
        try:
            not_followed = _carry_out(run, report)
        except BaseException as error:
            _close(report, failed=True)
            fail(run.pk, describe(error))
            raise
        failed = bool(not_followed) or report.lines.filter(failed__gt=0).exists()
        _close(report, failed=failed)
        run.counts = _counts(report, not_followed)
        run.save(update_fields=["counts"])
        if failed:
            not_all = NotAllDone("Some of what is due could not be deleted. The proof of the run says what.")
            fail(run.pk, describe(not_all))
            raise not_all
        succeed(run)
        return report


def _carry_out(run: JobRun, report: RetentionReport) -> dict[str, str]:
    """Follow the rules one by one; return which could not be followed, and why.

    A run that is taken up again goes on after the last rule that has its line.
    """
    found = rules()
    written = set(report.lines.order_by("place").values_list("rule", flat=True))
    run.total, run.done = len(found), len(written)
    run.save(update_fields=["total", "done"])
    planned = Planned(run.for_date)
    for place, rule in enumerate(found):
        if rule.code in written:
            continue
        with step(run, rule.code):
            done = _follow(rule, planned)
            if done is not None:
                write_line(report, place, done)
        advance(run.pk)
    tell_responsible(run.for_date)
    return planned.not_followed


def _follow(rule: Rule, planned: Planned, row: RetentionClass | None = None, *, dry: bool = False) -> Done | None:
    """Follow one rule; what goes wrong with it keeps none of the others from being followed."""
    try:
        done = carry_out(rule, planned.day, row=row, dry=dry)
    except Exception as error:
        told = describe(error)
        logger.exception("The retention rule %s was not followed: %s", rule.code, told)
        planned.not_followed[rule.code] = told
        return None
    planned.lines.append(done)
    return done


def write_line(report: RetentionReport, place: int, done: Done) -> RetentionLine:
    """Keep what a rule did as a line of the proof."""
    return RetentionLine.objects.create(
        report=report,
        place=place,
        rule=done.rule.code,
        row=done.row,
        found=done.found,
        noticed=done.noticed,
        withdrawn=done.withdrawn,
        waiting=done.waiting,
        blocked={block.value: count for block, count in sorted(done.blocked.items())},
        counted=done.counted,
        deleted=done.deleted,
        busy=done.busy,
        failed=done.failed,
        errors=done.errors,
        digest=done.digest,
    )


def _close(report: RetentionReport, *, failed: bool) -> None:
    report.finished_at = timezone.now()
    report.failed = failed
    report.save(update_fields=["finished_at", "failed"])


def _counts(report: RetentionReport, not_followed: dict[str, str]) -> dict[str, Any]:
    """The run's counts (Any: numbers, and one table of texts)."""
    names = ("found", "noticed", "waiting", "deleted", "busy", "failed")
    lines = list(report.lines.order_by("place"))
    counts: dict[str, Any] = {name: sum(getattr(line, name) for line in lines) for name in names}
    counts["blocked"] = sum(line.blocked_total for line in lines)
    if not_followed:
        counts["not_followed"] = not_followed
    return counts
