"""Each measure of each group, before anything is hidden."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.fairness import estimates
from jobmatching.nightly.fairness.enums import COMPARED, UNKNOWN, Flag, Measure
from jobmatching.nightly.fairness.estimates import Estimate, Floats
from jobmatching.nightly.fairness.people import Grouping
from jobmatching.nightly.fairness.places import Shares
from jobmatching.nightly.fairness.standardised import within_occupations

FOUR_FIFTHS: Final = 0.8
"""A rate under four fifths of the best group's is looked at (the rule of thumb of 29 CFR 1607.4 D)."""

FEWEST_COMPARED_WITH: Final = 30
"""The best group must have this many people: the highest figure of a handful is mostly chance."""


@dataclass(frozen=True)
class Figure:
    """One measure of one group."""

    group: str
    measure: Measure
    n: int
    """How many people (of RANK: people with a place; of vacancies: vacancies)."""
    numerator: float
    """How many of them (shares), or the sum over them (means)."""
    estimate: Estimate | None
    """None where it cannot be told: no places, no average place."""
    compared_with: str = ""
    """The group with the highest figure; "" where nothing is compared."""
    ratio: Estimate | None = None
    """To that group."""
    to_all: float | None = None
    """To everybody."""
    flag: Flag = Flag.NONE
    within: Estimate | None = None
    """Observed over expected within occupations."""
    within_flag: Flag = Flag.NONE


def flag_of(ratio: Estimate | None) -> Flag:
    """Below four fifths; clear only where the whole interval is."""
    if ratio is None or ratio.value >= FOUR_FIFTHS:
        return Flag.NONE
    return Flag.CLEAR if ratio.high < FOUR_FIFTHS else Flag.UNSURE


def of_group(measure: Measure, shares: Shares, member: npt.NDArray[np.bool_], group: str) -> Figure:
    """A measure of some of the people, compared with nothing."""
    n = int(member.sum())
    if measure is Measure.RANK:
        placed = member & (shares.places > 0)
        n, places = int(placed.sum()), shares.places[placed]
        together = shares.rank_sum[placed].astype(np.float64)
        told = estimates.mean_of_pieces(together, places) if n else None
        # No place is before the first.
        bounded = told._replace(low=max(1.0, told.low)) if told else None
        return Figure(group, measure, n, float(together.sum()), bounded)
    values = values_of(measure, shares)
    numerator = float(values[member].sum())
    if not n:
        return Figure(group, measure, n, numerator, None)
    if measure in (Measure.SELECTED, Measure.FIRST_TEN):
        return Figure(group, measure, n, numerator, estimates.share(round(numerator), n))
    largest = float(values.max(initial=0.0))
    return Figure(group, measure, n, numerator, estimates.mean(values[member], largest))


def values_of(measure: Measure, shares: Shares) -> Floats:
    """What each person has of a measure whose mean is told."""
    values: Floats = {
        Measure.SELECTED: shares.places > 0,
        Measure.FIRST_TEN: shares.first_ten,
        Measure.PLACES: shares.places,
        Measure.EXPOSURE: shares.exposure,
    }[measure].astype(np.float64)
    return values


def of_dimension(
    measure: Measure,
    shares: Shares,
    grouping: Grouping,
    occupation: npt.NDArray[np.int64],
    shown: frozenset[str],
    published: Callable[[Figure], Figure] = lambda figure: figure,
) -> list[Figure]:
    """A measure of every group that somebody is in, compared with the best of the groups that are shown.

    `published` makes of each figure what may be told of it, before figures are compared: so that no ratio tells more.
    """
    there = np.bincount(grouping.of, minlength=len(grouping.groups)) > 0
    figures = [
        published(of_group(measure, shares, grouping.of == place, group))
        for place, group in enumerate(grouping.groups)
        if there[place]
    ]
    if measure not in COMPARED:
        return figures
    everybody = published(of_group(measure, shares, np.ones(grouping.of.size, np.bool_), ""))
    best = _best(figures, shown)
    within = within_occupations(values_of(measure, shares), grouping.of, len(grouping.groups), occupation)
    of_those_there = [one for one, anybody in zip(within, there, strict=True) if anybody]
    return [_compared(figure, best, everybody, one) for figure, one in zip(figures, of_those_there, strict=True)]


def _best(figures: list[Figure], shown: frozenset[str]) -> Figure | None:
    """The shown group with the highest figure, of those that are large enough to be compared with."""
    candidates = [
        figure
        for figure in figures
        if figure.group in shown and figure.group != UNKNOWN and figure.n >= FEWEST_COMPARED_WITH
    ]
    return max(candidates, key=lambda figure: figure.estimate.value if figure.estimate else 0.0, default=None)


def _compared(figure: Figure, best: Figure | None, everybody: Figure, within: Estimate | None) -> Figure:
    own, all_of_them = figure.estimate, everybody.estimate
    ratio = None
    if own and best and best.estimate:
        ratio = Estimate(1.0, 1.0, 1.0) if best.group == figure.group else estimates.ratio(own, best.estimate)
    return Figure(
        figure.group, figure.measure, figure.n, figure.numerator, own,
        compared_with=best.group if best else "",
        ratio=ratio,
        to_all=own.value / all_of_them.value if own and all_of_them and all_of_them.value else None,
        flag=flag_of(ratio),
        within=within,
        within_flag=flag_of(within),
    )  # fmt: skip


def of_everybody(shares: Shares, vacancies: int) -> list[Figure]:
    """The figures of the whole run: all group measures of everybody, coverage, and how exposure is spread.

    `vacancies` is how many vacancies were in the run, with a list or without.
    """
    n = shares.places.size
    if not n:
        return []
    everybody = np.ones(n, np.bool_)
    figures = [
        of_group(measure, shares, everybody, "all")
        for measure in (Measure.SELECTED, Measure.FIRST_TEN, Measure.PLACES, Measure.RANK, Measure.EXPOSURE)
    ]
    matched, filled = int(shares.matched.sum()), int((shares.candidates >= 5).sum())
    figures.append(Figure("all", Measure.COVERED_SEEKERS, n, matched, estimates.share(matched, n)))
    if vacancies:
        figures.append(Figure("all", Measure.COVERED_VACANCIES, vacancies, filled, estimates.share(filled, vacancies)))
    together = float(shares.exposure.sum())
    figures.append(Figure("all", Measure.GINI, n, together, estimates.gini(shares.exposure)))
    figures.append(Figure("all", Measure.TOP_TENTH, n, together, estimates.share_of_top(shares.exposure, 0.1)))
    return figures
