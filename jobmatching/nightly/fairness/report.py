"""The whole report of a run: every figure, with small groups hidden so that they cannot be worked out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jobmatching.nightly.fairness.enums import ALL, OF_GROUPS, Dimension, Measure
from jobmatching.nightly.fairness.measures import Figure, of_dimension, of_everybody
from jobmatching.nightly.fairness.people import Grouping, People
from jobmatching.nightly.fairness.places import Shares
from portal.privacy.suppression import FEWEST, Cell, Published, hide_small


@dataclass(frozen=True)
class Line:
    """A figure as it may be shown. Of a hidden one only its group and measure are told."""

    dimension: Dimension
    group: str
    place: int
    """Where the group stands among those of its dimension."""
    measure: Measure
    cell: Cell
    figure: Figure | None


def report(people: People, shares: Shares, vacancies: int) -> list[Line]:
    """All lines, by dimension, measure and group. Nothing at all where there are fewer than five people."""
    if people.ids.size < FEWEST:
        return []
    lines = [Line(Dimension.ALL, ALL, 0, one.measure, Cell.SHOWN, one) for one in of_everybody(shares, vacancies)]
    for dimension, grouping in people.groupings.items():
        lines.extend(_lines(dimension, grouping, people, shares))
    return lines


def _lines(dimension: Dimension, grouping: Grouping, people: People, shares: Shares) -> Iterator[Line]:
    """The lines of one dimension; none where even its total would tell of a small group."""
    published = _hidden(grouping, np.ones(grouping.of.size, np.bool_))
    if not published.total:
        return
    cells = dict(zip(grouping.groups, published.cells, strict=True))
    # An average place is of those who have one: they too must be five.
    placed = _hidden(grouping, shares.places > 0)
    with_place = dict(zip(grouping.groups, placed.cells, strict=True))
    shown = frozenset(group for group, cell in cells.items() if not cell.hidden)
    for measure in OF_GROUPS:
        for figure in of_dimension(measure, shares, grouping, people.occupation, shown):
            cell = cells[figure.group]
            if measure is Measure.RANK and not cell.hidden:
                cell = with_place[figure.group] if placed.total else Cell.GUARD
            place = grouping.groups.index(figure.group)
            yield Line(dimension, figure.group, place, measure, cell, None if cell.hidden else figure)


def _hidden(grouping: Grouping, counted: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Published:
    counts = np.bincount(grouping.of[counted], minlength=len(grouping.groups))
    return hide_small(counts.tolist())
