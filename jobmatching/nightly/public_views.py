"""How matching works, for everybody: made from the rules in force, so that it cannot drift from the code."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from jobmatching.engine.criteria import SCORED, Criterion
from jobmatching.nightly.enums import MATCHING, RulesState
from jobmatching.nightly.explaining.words import CRITERION_LABELS
from jobmatching.nightly.inputs import EXCLUDED, INPUTS, Input
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.weight_words import GROUPS
from portal.classifications.enums import Scheme
from portal.runs.stopping import stop_in_force
from portal.ui import formats
from portal.ui.parts import Fact

SHARE_FIELDS = {
    Criterion.OCCUPATION: "occupation",
    Criterion.SKILLS: "skills",
    Criterion.EXPERIENCE: "experience",
}
"""The field of `Weights` that holds a scored criterion's share."""


@dataclass(frozen=True)
class CriterionRow:
    """A criterion with its inputs and its share of the points; "" for one that is a condition only."""

    label: object
    given: Input
    share: str


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Inputs, excluded inputs, weights, conditions, who approved the rules, and how to object."""
    rules = MatchingRules.objects.filter(state=RulesState.IN_FORCE).select_related("approved_by")
    version = rules.defer("content", "requirements").first()
    weights: dict[str, Any] = version.weights if version else {}
    return render(
        request,
        "nightly/how.html",
        {
            "version": version,
            "stop": stop_in_force(MATCHING),
            "criteria": [_criterion(given, weights) for given in INPUTS],
            "excluded": [one.label for one in EXCLUDED],
            "groups": _groups(weights),
            "floor": formats.number(weights.get("floor", 0) / 10_000),
            "weights": weights,
            "from_esco": version is not None and version.scheme == Scheme.ESCO,
            "scheme_name": Scheme(version.scheme).label if version else "",
            "approver": _approver(version),
            "contact_email": settings.CONTACT_EMAIL,
        },
    )


def _criterion(given: Input, weights: dict[str, Any]) -> CriterionRow:
    scored = given.criterion in SCORED and weights
    share = formats.percent(weights.get(SHARE_FIELDS[given.criterion]), 0) if scored else ""
    return CriterionRow(CRITERION_LABELS[given.criterion], given, share)


def _groups(weights: dict[str, Any]) -> list[tuple[Promise, list[Fact]]]:
    """The numbers of the rules in words, group by group."""
    told: list[tuple[Promise, list[Fact]]] = []
    for group in GROUPS:
        facts = [
            Fact(str(words.label), words.written(weights[name]))
            for name, words in group.weights.items()
            if name in weights
        ]
        if facts:
            told.append((group.label, facts))
    return told


def _approver(version: MatchingRules | None) -> str:
    return str(version.approved_by) if version and version.approved_by else ""
