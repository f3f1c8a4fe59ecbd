"""What of a figure is told: counts to the nearest five, and everything else as finely as those counts allow.

Somebody who sees two nights must not see that one person left one municipality, one age band and one sex in between.
Exact numbers of people, and exact averages beside them, would tell. So every number of people is rounded to five,
shares and their limits are calculated from the rounded numbers, and averages are rounded so far that each number of
people which rounds to the one shown could stand behind them.
"""

from dataclasses import replace
from math import isfinite
from typing import Final

from jobmatching.nightly.fairness import estimates
from jobmatching.nightly.fairness.enums import Measure
from jobmatching.nightly.fairness.estimates import Estimate
from jobmatching.nightly.fairness.measures import Figure
from portal.privacy.suppression import FEWEST

STEP: Final = FEWEST
"""Counts are told to the nearest multiple of this."""

_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""How finely an average may be told: the first of these that one person of the group moves by less."""

_COUNTED: Final = frozenset({Measure.SELECTED, Measure.FIRST_TEN, Measure.COVERED_SEEKERS})
"""Shares of people: counts on both sides."""


def to_five(count: float) -> int:
    """The nearest multiple of five; halves upwards."""
    return STEP * int((count + STEP / 2) // STEP)


def coarse(figure: Figure) -> Figure:
    """The figure as it may be told, not compared yet. One that is about vacancies, not about people, stays."""
    if figure.measure is Measure.COVERED_VACANCIES:
        return figure
    n, numerator = to_five(figure.n), to_five(figure.numerator)
    if figure.estimate is None or not n:
        return replace(figure, n=n, numerator=numerator, estimate=None)
    if figure.measure in _COUNTED:
        numerator = min(numerator, n)
        return replace(figure, n=n, numerator=numerator, estimate=estimates.share(numerator, n))
    return replace(figure, n=n, numerator=numerator, estimate=_rounded(figure.estimate, step_of(n)))


def step_of(n: int) -> float:
    """How finely an average over about n people is told."""
    return next((step for step in _STEPS if step * (n - STEP / 2) >= 1), _STEPS[-1])


def _rounded(estimate: Estimate, step: float) -> Estimate:
    return Estimate(*(round(step * round(number / step), 2) if isfinite(number) else number for number in estimate))
