"""The step of the night after matching: looks at the current result by group and keeps what it finds."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from jobmatching.nightly.fairness.coarse import to_five
from jobmatching.nightly.fairness.enums import JOB
from jobmatching.nightly.fairness.models import FairnessReport
from jobmatching.nightly.fairness.people import People
from jobmatching.nightly.fairness.places import Places, Shares
from jobmatching.nightly.fairness.report import report
from jobmatching.nightly.fairness.storing import hidden_before, store, vacancies_of
from jobmatching.nightly.models import MatchResult
from jobmatching.nightly.night import guarded
from portal.runs.models import JobRun
from portal.runs.services import begin, only_one, open_run, step, succeed

if TYPE_CHECKING:
    from portal.accounts.models import User


def start(for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run for a day and let a worker do it. Raises RunGoingOn while another goes on."""
    from jobmatching.nightly.tasks import report_fairness

    run = open_run(JOB, for_date, started_by)
    transaction.on_commit(lambda: report_fairness.delay(run.pk))
    return run


def run_here(for_date: date) -> JobRun:
    """The whole run in this process; raises what went wrong after marking the run as failed."""
    run = open_run(JOB, for_date)
    guarded(run.pk, lambda: look(run.pk))
    run.refresh_from_db()
    return run


def look(run_id: int) -> None:
    """Do a run: look at the current result, hidden or not, once a day; a second time changes nothing."""
    with only_one(f"{JOB}-{run_id}") as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or not run.is_active:
            return
        begin(run)
        result = MatchResult.objects.newest()
        if result is None:
            run.counts = {"results": 0}
        elif FairnessReport.objects.filter(for_date=result.for_date).exists():
            run.counts = {"matching_run": result.run_id, "already": 1}
        else:
            run.rules_version = result.rules.version
            _look_at(result, run)
        succeed(run)


def _look_at(result: MatchResult, run: JobRun) -> None:
    with step(run, "people"):
        people = People.of_run(result.run_id, result.for_date)
    with step(run, "places"):
        shares = Shares.of(Places.of_run(result.run_id), people.ids)
        vacancies = vacancies_of(result.run_id)
    with step(run, "figures"):
        lines = report(people, shares, vacancies, hidden_before(result.for_date))
    with step(run, "store"):
        store(result, lines, int(people.ids.size), vacancies)
    run.counts = {
        "matching_run": result.run_id,
        "people": to_five(people.ids.size),
        "vacancies": vacancies,
        "figures": len(lines),
        "hidden": sum(line.cell.hidden for line in lines),
        "flags": sum(line.figure is not None and bool(line.figure.flag) for line in lines),
    }
