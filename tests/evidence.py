"""What stands for trust in matching, for the small world: figures of two invented nights (its people are too few to
have any), and changes of the rules on their way."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone

from jobmatching.engine.rules import Weights
from jobmatching.models import FairnessComment, FairnessFigure, FairnessReport, MatchingRules, RulesPreview
from jobmatching.nightly.enums import MATCHING
from jobmatching.nightly.fairness.enums import ALL, COMPARED, OF_EVERYBODY, OF_GROUPS, UNKNOWN, Dimension, Flag, Measure
from jobmatching.nightly.rules_flow.job import run_here
from jobmatching.nightly.rules_flow.services import draft_from, propose
from jobmatching.nightly.rules_versions import in_force
from portal.accounts.models import User
from portal.runs.models import JobRun, RunState

GROUPS = {
    Dimension.AGE: ("0-24", "25-29", "30-39", "60-"),
    Dimension.SEX: ("female", "male", UNKNOWN),
    Dimension.MOTHER_TONGUE: ("fi", "sv", UNKNOWN),
    Dimension.SERVICE_LANGUAGE: ("fi", UNKNOWN),
    Dimension.MUNICIPALITY: ("240", UNKNOWN),
}


def add_figures(run: JobRun, author: User) -> FairnessReport:
    """Figures of the night of a run and of the night before it, with a flag, a small group, and a comment."""
    before = JobRun.objects.create(
        job=MATCHING, for_date=run.for_date - timedelta(days=1), state=RunState.SUCCEEDED,
        rules_version=run.rules_version, finished_at=timezone.now() - timedelta(days=1),
        created_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    _report(before)
    report = _report(run)
    FairnessComment.objects.create(
        report=report, dimension=Dimension.AGE, measure=Measure.SELECTED, group="0-24", author=author,
        text="Nuorten ero seurataan viikon ajan.",
    )  # fmt: skip
    return report


def _report(run: JobRun) -> FairnessReport:
    report = FairnessReport.objects.create(
        run=run, for_date=run.for_date, rules_version=run.rules_version, people=400, vacancies=40
    )
    rows = [_figure(report, Dimension.ALL, ALL, 0, measure) for measure in (*OF_GROUPS, *OF_EVERYBODY)]
    for dimension, groups in GROUPS.items():
        for place, group in enumerate(groups):
            rows += [_figure(report, dimension, group, place, measure) for measure in OF_GROUPS]
    FairnessFigure.objects.bulk_create(rows)
    return report


def _figure(report: FairnessReport, dimension: Dimension, group: str, place: int, measure: Measure) -> FairnessFigure:
    row = FairnessFigure(report=report, dimension=dimension, group=group, place=place, measure=measure, cell="shown")
    if dimension == Dimension.SEX and group != "female":
        row.cell = "small" if group == UNKNOWN else "guard"
        return row
    row.n, row.numerator = 100 - 10 * place, 50 - 10 * place
    row.value, row.low, row.high = 0.5 - 0.1 * place, 0.4 - 0.1 * place, 0.6 - 0.1 * place
    if measure in COMPARED and dimension != Dimension.ALL:
        row.compared_with, row.to_all = "0-24" if dimension == Dimension.AGE else group, 1.0
        row.ratio = row.within = 1.0 - 0.2 * place
        row.ratio_low = row.within_low = row.ratio - 0.1
        row.ratio_high = row.within_high = row.ratio + 0.1
        row.flag = row.within_flag = (Flag.NONE, Flag.UNSURE, Flag.CLEAR, Flag.CLEAR)[place]
    return row


@dataclass(frozen=True)
class Drafted:
    """Versions of the rules that the team lead has written."""

    rules_draft: MatchingRules
    rules_proposal: MatchingRules
    """Waits for the manager's decision."""
    rules_preview: RulesPreview
    """What the proposal would change."""


def fill_rules(lead: User) -> Drafted:
    """A draft and a proposal with its preview; a night must have been."""
    draft = draft_from(in_force(), replace(Weights(), unknown=50), "Tuntemattoman pitäisi painaa enemmän.", lead)
    weights = replace(Weights(), occupation=30, skills=55, k_vacancy=40)
    proposal = draft_from(in_force(), weights, "Osaamisen pitäisi painaa enemmän.", lead)
    preview = run_here(proposal, lead)
    return Drafted(draft, propose(proposal.pk, lead), preview)
