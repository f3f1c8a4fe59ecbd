"""The preview of a version as a run of its own: started by a person, done by a worker, followed on the page."""

from typing import TYPE_CHECKING, Final

from django.db import transaction

from jobmatching.nightly.enums import MATCHING, RulesState
from jobmatching.nightly.fairness.people import People
from jobmatching.nightly.models import MatchingRules, MatchResult
from jobmatching.nightly.night import guarded
from jobmatching.nightly.rules_flow.models import RulesPreview
from jobmatching.nightly.rules_flow.preview import compute, slices
from portal.runs.errors import Tellable
from portal.runs.models import JobRun
from portal.runs.services import RunEnded, advance, begin, only_one, open_run, step, succeed
from portal.runs.stopping import refuse_while_stopped

if TYPE_CHECKING:
    from portal.accounts.models import User

JOB: Final = "rules_preview"


class NothingToCompareWith(Tellable):
    """No night has succeeded yet, or no rules are in force."""


@transaction.atomic
def start(version: MatchingRules, by: "User | None") -> RulesPreview:
    """Open a preview of a version on the current result's people, against the version in force; a worker does it.

    Raises NothingToCompareWith, RunGoingOn while another preview is made, JobStopped while matching is stopped: a
    preview matches people, too.
    """
    from jobmatching.nightly.tasks import preview_rules

    refuse_while_stopped(MATCHING)
    result = MatchResult.objects.newest()
    present = MatchingRules.objects.filter(state=RulesState.IN_FORCE).defer("content").first()
    if result is None or present is None:
        raise NothingToCompareWith("There is no night to look at, or no rules are in force.")
    run = open_run(JOB, result.for_date, by)
    made = RulesPreview.objects.create(
        rules=version, digest=version.digest, compared_with=present, night=result.run, run=run
    )
    transaction.on_commit(lambda: preview_rules.delay(run.pk))
    return made


def work(run_id: int) -> None:
    """Do an opened preview; nothing where another process is at it or it has ended."""
    with only_one(f"{JOB}-{run_id}") as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or not run.is_active:
            return
        refuse_while_stopped(MATCHING)
        begin(run)
        preview = RulesPreview.objects.select_related("rules", "compared_with", "night").get(run=run)
        day = preview.night.for_date
        with step(run, "people"):
            run.total = len(slices(People.of_run(preview.night_id, day))) + 1
            run.done = 0
            run.rules_version = preview.rules.version
            run.save(update_fields=["total", "done", "rules_version"])
        with step(run, "match"):
            figures = compute(preview.rules, preview.compared_with, preview.night_id, day, lambda: _go_on(run_id))
        with transaction.atomic():
            preview.figures = figures
            preview.digest = preview.rules.digest
            preview.save(update_fields=["figures", "digest"])
            run.counts = {name: figures[name] for name in ("people", "vacancies", "lists_first_ten", "lists")}
            succeed(run)


def _go_on(run_id: int) -> None:
    """A slice is done. Raises JobStopped where matching was stopped meanwhile, RunEnded where the run has ended."""
    refuse_while_stopped(MATCHING)
    if not JobRun.objects.active().filter(pk=run_id).exists():
        raise RunEnded(f"Run {run_id} has ended.")
    advance(run_id)


def run_here(version: MatchingRules, by: "User | None" = None) -> RulesPreview:
    """The whole preview in this process; raises what went wrong after marking the run as failed."""
    preview = start(version, by)
    guarded(preview.run_id, lambda: work(preview.run_id))
    preview.refresh_from_db()
    return preview
