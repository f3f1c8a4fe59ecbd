"""What each number of the matching rules is called, and how it is written for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from portal.ui import formats

_SCORE_POINT: Final = 10_000
"""A hundredth of the top score."""


@dataclass(frozen=True)
class WeightWords:
    """The words for one field of `Weights`, and how its value is written."""

    label: Promise
    written: Callable[[Any], str]


@dataclass(frozen=True)
class WeightGroup:
    """Weights that belong together."""

    label: Promise
    weights: dict[str, WeightWords]


def _percent(value: int) -> str:
    return formats.percent(value, 0)


def _percents(values: Sequence[int]) -> str:
    return ", ".join(formats.percent(value, 0) for value in values)


def _count(value: int) -> str:
    return formats.number(value)


def _minutes(value: int) -> str:
    return _gettext("%(n)s min") % {"n": formats.number(value)}


def _score(value: int) -> str:
    return _gettext("%(points)s of 100 points") % {"points": formats.number(value / _SCORE_POINT)}


def _months(values: Sequence[int]) -> str:
    return ", ".join(formats.months_span(value) for value in values)


def _days(values: Sequence[int]) -> str:
    return ", ".join(formats.months_span(round(value / 30.4375)) for value in values)


GROUPS: Final = (
    WeightGroup(
        _("Shares of the points"),
        {
            "occupation": WeightWords(_("Occupation"), _percent),
            "skills": WeightWords(_("Skills"), _percent),
            "experience": WeightWords(_("Experience"), _percent),
            "unknown": WeightWords(_("A criterion of which nothing is known earns of its points"), _percent),
        },
    ),
    WeightGroup(
        _("Occupation"),
        {
            "occupation_leaf": WeightWords(_("The very same occupation"), _percent),
            "occupation_isco4": WeightWords(_("The same four-digit occupation group"), _percent),
            "occupation_isco3": WeightWords(_("The same three-digit occupation group"), _percent),
            "occupation_isco2": WeightWords(_("The same two-digit occupation group"), _percent),
            "occupation_related": WeightWords(_("How near the occupations are by their skills and names"), _percent),
        },
    ),
    WeightGroup(
        _("Skills"),
        {
            "essential": WeightWords(_("A skill that the work needs"), _percent),
            "optional": WeightWords(_("A skill that is an advantage"), _percent),
            "group_share": WeightWords(_("Another skill of the same skill group"), _percent),
            "level_confirmed": WeightWords(_("A confirmed skill counts"), _percent),
            "level_own_word": WeightWords(_("A skill by own word counts"), _percent),
            "level_work_essential": WeightWords(_("A skill essential in work done counts"), _percent),
            "level_work_optional": WeightWords(_("A skill useful in work done counts"), _percent),
            "level_wish_essential": WeightWords(_("A skill essential in an occupation wished counts"), _percent),
            "level_wish_optional": WeightWords(_("A skill useful in an occupation wished counts"), _percent),
        },
    ),
    WeightGroup(
        _("Experience"),
        {
            "experience_leaf": WeightWords(_("In the very same occupation"), _percent),
            "experience_isco4": WeightWords(_("In the same four-digit occupation group"), _percent),
            "experience_isco3": WeightWords(_("In the same three-digit occupation group"), _percent),
            "experience_steps": WeightWords(_("Steps of experience"), _months),
            "recency_days": WeightWords(_("Limits of the time since the work ended"), _days),
            "recency_percent": WeightWords(_("Work counts by these limits, the last for older work"), _percents),
        },
    ),
    WeightGroup(
        _("Lists"),
        {
            "floor": WeightWords(_("Matches below this are not shown"), _score),
            "k_vacancy": WeightWords(_("Candidates for a vacancy at most"), _count),
            "k_seeker": WeightWords(_("Vacancies for a jobseeker at most"), _count),
            "near_miss_k": WeightWords(_("Near misses for a vacancy at most"), _count),
            "travel_margin_minutes": WeightWords(_("A near miss may be over the longest way to work by"), _minutes),
        },
    ),
)
"""Every field of `engine.rules.Weights`, in groups as a reader meets them."""
