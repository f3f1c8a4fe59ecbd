"""What the card is made from."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from jobmatching.engine.rules import Weights
from jobmatching.nightly.enums import MATCHING, RulesState
from jobmatching.nightly.fairness.models import FairnessReport
from jobmatching.nightly.fairness.page import key_figures
from jobmatching.nightly.measuring.words import Measurement, measurements
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.page import classification_of
from portal.privacy.fields import Kept
from portal.privacy.retention.classes import NoTimeInForce, in_force
from portal.runs.models import JobStop
from portal.runs.stopping import stop_in_force
from portal.ui.parts import KeyFigure


@dataclass(frozen=True)
class InForce:
    """The version in force: its name, classification, and who approved it when and why."""

    version: str
    classification: str
    approved_by: str
    approved_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Installation:
    """What one installation knows; a document that is made without one has nothing of it."""

    rules: InForce | None
    measurements: list[Measurement]
    report: FairnessReport | None
    report_figures: list[KeyFigure]
    stop: JobStop | None
    contact: str


@dataclass(frozen=True)
class Source:
    """Everything that the card says comes from here or from the code."""

    weights: Weights
    months_kept: int
    """How long it is kept what changed from run to run."""
    installation: Installation | None = None


def shipped() -> Source:
    """The rules as they are shipped; needs no database."""
    return Source(Weights(), Kept.WITH_RUN.value.first_months)


def of_installation() -> Source:
    """The version in force with what this installation has measured; the shipped numbers where none is in force."""
    version = (
        MatchingRules.objects.filter(state=RulesState.IN_FORCE)
        .select_related("approved_by")
        .defer("content", "requirements", "municipality_codes")
        .first()
    )
    report = FairnessReport.objects.all().of_day(None)
    told = Installation(
        rules=_in_force(version) if version else None,
        measurements=measurements(),
        report=report,
        report_figures=key_figures(report) if report else [],
        stop=stop_in_force(MATCHING),
        contact=settings.CONTACT_EMAIL,
    )
    weights = Weights.from_json(version.weights) if version else Weights()
    return Source(weights, _months_kept(), told)


def _in_force(version: MatchingRules) -> InForce:
    return InForce(
        version.version,
        classification_of(version),
        str(version.approved_by) if version.approved_by else "",
        version.approved_at,
        version.reason,
    )


def _months_kept() -> int:
    try:
        row = in_force(Kept.WITH_RUN, timezone.localdate())
    except NoTimeInForce:
        return Kept.WITH_RUN.value.first_months
    return int(row.months)
