"""A version of the rules as people read it: every number beside another version's, conditions, what has happened."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobmatching.engine.criteria import SCORED
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.explaining.words import CRITERION_LABELS
from jobmatching.nightly.inputs import INPUTS, Input
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.requirements import CRITERION_OF_KIND, Kind
from jobmatching.nightly.rules_flow.differences import Difference, not_weights
from jobmatching.nightly.weight_words import GROUPS
from portal.classifications.enums import Scheme
from portal.ui import formats
from portal.ui.parts import Event

KIND_LABELS: Final[dict[Kind, Promise]] = {
    Kind.LANGUAGE: gettext_lazy("languages, each with its levels"),
    Kind.LICENCE: gettext_lazy("driving licences"),
    Kind.EDUCATION: gettext_lazy("levels of education"),
    Kind.WORK_TIME: gettext_lazy("working times"),
    Kind.CARD: gettext_lazy("permits and cards"),
}
"""What a requirement of a kind is, in the plural."""

STEP_LABELS: Final[dict[str, Promise]] = {
    RulesState.DRAFT: gettext_lazy("Taken back to the draft"),
    RulesState.PROPOSED: gettext_lazy("Sent for approval"),
    RulesState.IN_FORCE: gettext_lazy("Approved and put in force"),
    RulesState.RETIRED: gettext_lazy("Replaced by another version"),
    RulesState.REJECTED: gettext_lazy("Rejected"),
    RulesState.WITHDRAWN: gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True)
class Line:
    """One number of the rules; `other` is that of the version compared with, "" where there is none."""

    label: str
    value: str
    other: str
    changed: bool

    @property
    def is_list(self) -> bool:
        """Whether several numbers stand on the line; they may break over lines."""
        return ", " in self.value


@dataclass(frozen=True)
class LineGroup:
    """Numbers that belong together, and how many of them differ."""

    label: str
    lines: list[Line]

    @property
    def changed(self) -> int:
        return sum(line.changed for line in self.lines)


@dataclass(frozen=True)
class Condition:
    """A knock-out rule in words: what is compared, and what a vacancy can ask at all."""

    label: object
    given: Input
    asked: str


def line_groups(version: MatchingRules, other: MatchingRules | None) -> list[LineGroup]:
    """Every number in words, group by group, beside that of another version."""
    told = []
    for group in GROUPS:
        lines = []
        for name, words in group.weights.items():
            if name not in version.weights:
                continue
            mine = version.weights[name]
            theirs = other.weights.get(name) if other else None
            written = words.written(theirs) if theirs is not None else ""
            lines.append(Line(str(words.label), words.written(mine), written, theirs is not None and theirs != mine))
        told.append(LineGroup(str(group.label), lines))
    return told


def other_changes(version: MatchingRules, other: MatchingRules | None) -> list[Difference]:
    """What differs beside the numbers: classification, requirements, places."""
    return not_weights(version, other) if other else []


def conditions(version: MatchingRules) -> list[Condition]:
    """The criteria that earn no points: whoever is known not to meet one is not proposed."""
    kinds = Counter(Kind(row["kind"]) for row in version.requirements)
    languages = {row["code"] for row in version.requirements if row["kind"] == Kind.LANGUAGE}
    kinds[Kind.LANGUAGE] = len(languages)
    return [
        Condition(
            CRITERION_LABELS[given.criterion],
            given,
            ", ".join(
                f"{formats.number(kinds[kind])} {label}"
                for kind, label in KIND_LABELS.items()
                if CRITERION_OF_KIND[kind] == given.criterion and kinds[kind]
            ),
        )
        for given in INPUTS
        if given.criterion not in SCORED
    ]


def classification_of(version: MatchingRules) -> str:
    """The classification that a version stands on."""
    return f"{Scheme(version.scheme).label} {version.classification_version}"


def events(version: MatchingRules) -> list[Event]:
    """What has happened to a version, latest first."""
    steps = list(version.steps.select_related("by").order_by("-at", "-pk"))
    told = [
        Event(
            str(STEP_LABELS[step.to_state] if step.from_state else _first_label(version)),
            step.at,
            _by(step.by, step.reason),
            now=place == 0,
        )
        for place, step in enumerate(steps)
    ]
    if not steps or steps[-1].from_state:
        told.append(Event(_first_label(version), version.created_at, _by(version.drafted_by, "")))
    return told


def _first_label(version: MatchingRules) -> str:
    return _("Drafted") if version.drafted_by_id else _("Drafted by the import of a classification")


def _by(person: object | None, reason: str) -> str:
    return ": ".join(part for part in (str(person) if person else "", reason) if part)


def compared_with(version: MatchingRules, others: Iterable[MatchingRules], asked: str) -> MatchingRules | None:
    """The version to set beside: the one asked for (its number), else the one in force, else the one before."""
    there = [one for one in others if one.pk != version.pk]
    wanted = next((one for one in there if one.version == asked), None)
    present = next((one for one in there if one.state == RulesState.IN_FORCE), None)
    before = next((one for one in there if one.pk == version.based_on_id), None)
    last = max(
        (one for one in there if one.approved_at is not None and one.state == RulesState.RETIRED),
        key=lambda one: one.approved_at or one.created_at,
        default=None,
    )
    return wanted or present or before or last
