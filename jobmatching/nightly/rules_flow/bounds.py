"""Within which limits each number of the rules may lie when a person writes it, and what is wrong with the whole.

Narrower than what the engine can compute with: shares add up to 100, so that the pages can say per cent, and lists stay
as long as people can read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui import formats

SCORE_POINT: Final = 10_000
"""The engine's score of one point of 100."""
_YEAR_DAYS: Final = 365
_MONTH_DAYS: Final = 30.4375


@dataclass(frozen=True)
class Limits:
    """The lowest and highest number, and in what it is written."""

    low: int
    high: int
    unit: Promise


@dataclass(frozen=True)
class ListLimits(Limits):
    """Of a list of numbers: limits of each, how many there are, whether each is higher than the one before."""

    fewest: int
    most: int
    ascending: bool


_PERCENT: Final = gettext_lazy("per cent")
_PIECES: Final = gettext_lazy("how many")
_SHARE: Final = Limits(0, 100, _PERCENT)

LIMITS: Final[Mapping[str, Limits]] = {
    **dict.fromkeys(
        (
            *("occupation", "skills", "experience", "unknown"),
            *("occupation_leaf", "occupation_isco4", "occupation_isco3", "occupation_isco2", "occupation_related"),
            *("optional", "group_share", "level_confirmed", "level_own_word"),
            *("level_work_essential", "level_work_optional", "level_wish_essential", "level_wish_optional"),
            *("experience_leaf", "experience_isco4", "experience_isco3"),
        ),
        _SHARE,
    ),
    "essential": Limits(1, 100, _PERCENT),
    "experience_steps": ListLimits(1, 600, gettext_lazy("months, rising, with commas between"), 1, 12, True),
    "recency_days": ListLimits(1, 600, gettext_lazy("months, rising, with commas between"), 1, 6, True),
    "recency_percent": ListLimits(0, 100, gettext_lazy("per cent, with commas between"), 2, 7, False),
    "floor": Limits(1, 99, gettext_lazy("points of 100")),
    "k_vacancy": Limits(5, 200, _PIECES),
    "k_seeker": Limits(5, 100, _PIECES),
    "near_miss_k": Limits(1, 50, _PIECES),
    "travel_margin_minutes": Limits(0, 240, gettext_lazy("minutes")),
}
"""Of every field of `engine.rules.Weights`, in the unit in which people write it."""

SUMS: Final = (
    (gettext_lazy("The shares of occupation, skills and experience"), ("occupation", "skills", "experience")),
    (
        gettext_lazy("The five numbers of the group Occupation"),
        ("occupation_leaf", "occupation_isco4", "occupation_isco3", "occupation_isco2", "occupation_related"),
    ),
    (
        gettext_lazy("The three percentages of the group Experience"),
        ("experience_leaf", "experience_isco4", "experience_isco3"),
    ),
)
"""Fields that together make a hundred."""


def to_people(name: str, value: Any) -> Any:
    """A number of the rules as people write it: points of 100 for a score, months for days."""
    if name == "floor":
        return Decimal(value) / SCORE_POINT
    if name == "recency_days":
        return tuple(_months(days) for days in value)
    return tuple(value) if isinstance(value, list | tuple) else value


def from_people(name: str, value: Any) -> Any:
    """What a person wrote as a number of the rules."""
    if name == "floor":
        return int(Decimal(value) * SCORE_POINT)
    if name == "recency_days":
        return tuple(_days(months) for months in value)
    return value


def _months(days: int) -> int:
    return round(days / _MONTH_DAYS)


def _days(months: int) -> int:
    """Whole years are of 365 days, as they are in the shipped rules."""
    return _YEAR_DAYS * (months // 12) + round(_MONTH_DAYS * (months % 12))


def problems(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, what to do) where fields do not go together; values are as people write them, some may be missing."""
    for label, names in SUMS:
        parts = [values.get(name) for name in names]
        if None not in parts and sum(part for part in parts if part is not None) != 100:
            total = sum(part for part in parts if part is not None)
            yield (
                names[0],
                _("%(numbers)s must make 100 together; now they make %(total)s. %(hint)s")
                % {"numbers": label, "total": formats.number(total), "hint": _hint(100 - total)},
            )
    shares = values.get("occupation"), values.get("skills")
    if shares == (0, 0):
        yield "skills", _("Occupation and skills cannot both be 0: give at least one of them a share.")
    essential, optional = values.get("essential"), values.get("optional")
    if essential is not None and optional is not None and optional > essential:
        yield (
            "optional",
            _("A skill that is an advantage cannot count more than one that is needed: write at most %(most)s.")
            % {"most": formats.number(essential)},
        )
    limits, percents = values.get("recency_days"), values.get("recency_percent")
    if limits is not None and percents is not None and len(percents) != len(limits) + 1:
        yield (
            "recency_percent",
            _("Write one percentage more than there are limits of time: %(wanted)s, now there are %(there)s.")
            % {"wanted": formats.number(len(limits) + 1), "there": formats.number(len(percents))},
        )


def _hint(missing: int) -> str:
    if missing > 0:
        return _("Add %(n)s.") % {"n": formats.number(missing)}
    return _("Take away %(n)s.") % {"n": formats.number(-missing)}
