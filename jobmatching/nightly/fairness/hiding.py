"""Which figures of which groups are told: none from which one to four people could be read, also by subtraction.

Who has a place is counted, and so is who has none: both are hidden where either is one to four people, with everything
that is summed over those who have one. The totals of all groups are known. Beside a hidden group, further groups are
hidden until all the other hidden ones together have so many people on each side that every number from one to four
stays possible for the hidden one. Which of them was hidden for itself is not told.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.fairness.enums import Measure
from jobmatching.nightly.fairness.people import Grouping
from jobmatching.nightly.fairness.places import Shares
from portal.privacy.suppression import FEWEST

BESIDE: Final = 2 * FEWEST - 2
"""So many people on each side the other hidden groups have: one guard of five or more for any number from 1 to 4."""

Counts = npt.NDArray[np.int64]


def is_few(count: int) -> bool:
    """Whether a number of people is so small that it is not told. Nobody at all may be told."""
    return 0 < count < FEWEST


def sides(measure: Measure, shares: Shares) -> tuple[npt.NDArray[np.bool_], ...]:
    """The sets of people a measure (and the others beside it) tells the size of: each person is in exactly one."""
    placed = shares.places > 0
    if measure is Measure.FIRST_TEN:
        # Beside the share with any place it tells how many have one, but none among the first ten.
        return shares.first_ten, placed & ~shares.first_ten, ~placed
    return placed, ~placed


def hidden_of_everybody(shares: Shares) -> frozenset[Measure]:
    """The measures of the whole run that would tell of one to four people."""
    n, placed = shares.places.size, int((shares.places > 0).sum())
    hidden: set[Measure] = set()
    if is_few(placed) or is_few(n - placed):
        hidden |= {Measure.SELECTED, Measure.PLACES, Measure.RANK, Measure.EXPOSURE, Measure.GINI, Measure.TOP_TENTH}
    if any(is_few(int(side.sum())) for side in sides(Measure.FIRST_TEN, shares)):
        hidden.add(Measure.FIRST_TEN)
    matched = int(shares.matched.sum())
    if is_few(matched) or is_few(n - matched) or is_few(matched - placed):
        hidden.add(Measure.COVERED_SEEKERS)
    return frozenset(hidden)


def hidden_groups(
    measure: Measure,
    shares: Shares,
    grouping: Grouping,
    already: Collection[str],
    before: Mapping[Measure, Collection[str]],
) -> frozenset[str]:
    """The groups of which a measure is not told. `already`: those of which nothing is told, for their size.

    `before`: those that were hidden the last time, measure by measure. They are the first to be taken as guards: a
    guard that changes from night to night would tell on one night what it hid on another.
    """
    return hidden_by(sides(measure, shares), grouping, already, frozenset(before.get(measure, ())))


def hidden_by(
    of_people: Sequence[npt.NDArray[np.bool_]],
    grouping: Grouping,
    already: Collection[str] = (),
    last: Collection[str] = (),
) -> frozenset[str]:
    """The groups of which the sizes of some sets of people are not told; each person is in one of the sets."""
    counts = np.stack([_count(grouping, side) for side in of_people])
    people = counts.sum(axis=0)
    names = grouping.groups
    hidden = {at for at, name in enumerate(names) if name in already and people[at]}
    small = {at for at in range(len(names)) if any(is_few(int(count)) for count in counts[:, at])}
    hidden |= small
    guards = sorted(
        (at for at in range(len(names)) if people[at] and at not in hidden),
        key=lambda at: (names[at] not in last, people[at], at),
    )
    for guard in guards:
        if _is_safe(counts, hidden, small):
            break
        hidden.add(guard)
    if not _is_safe(counts, hidden, small):
        hidden = {at for at in range(len(names)) if people[at]}
    return frozenset(names[at] for at in hidden)


def _count(grouping: Grouping, side: npt.NDArray[np.bool_]) -> Counts:
    return np.bincount(grouping.of[side], minlength=len(grouping.groups)).astype(np.int64)


def _is_safe(counts: Counts, hidden: set[int], small: set[int]) -> bool:
    """Whether beside each small group the other hidden ones have enough people in the side that is small, and beside
    it: then more or fewer of the people of that side could be theirs."""
    for at in small:
        beside = counts[:, sorted(hidden - {at})].sum(axis=1)
        for side, count in enumerate(counts[:, at]):
            if is_few(int(count)) and min(beside[side], beside.sum() - beside[side]) < BESIDE:
                return False
    return True
