"""The whole report of a run: every figure, with small groups hidden so that they cannot be worked out."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jobmatching.nightly.fairness.coarse import coarse
from jobmatching.nightly.fairness.enums import ALL, OF_GROUPS, Dimension, Measure
from jobmatching.nightly.fairness.hiding import hidden_groups, hidden_of_everybody
from jobmatching.nightly.fairness.measures import Figure, of_dimension, of_everybody
from jobmatching.nightly.fairness.people import Grouping, People
from jobmatching.nightly.fairness.places import Shares
from portal.privacy.suppression import FEWEST, Cell, hide_small


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


def report(
    people: People,
    shares: Shares,
    vacancies: int,
    before: Mapping[Dimension, Mapping[Measure, Collection[str]]] | None = None,
) -> list[Line]:
    """All lines, by dimension, measure and group. Nothing at all where there are fewer than five people.

    `before` are the groups that the last report hid: they are hidden first where a guard is needed.
    """
    if people.ids.size < FEWEST:
        return []
    hidden = hidden_of_everybody(shares)
    lines = [
        Line(Dimension.ALL, ALL, 0, one.measure, Cell.GUARD, None)
        if one.measure in hidden
        else Line(Dimension.ALL, ALL, 0, one.measure, Cell.SHOWN, coarse(one))
        for one in of_everybody(shares, vacancies)
    ]
    for dimension, grouping in people.groupings.items():
        lines.extend(_lines(dimension, grouping, people, shares, (before or {}).get(dimension, {})))
    return lines


def _lines(
    dimension: Dimension,
    grouping: Grouping,
    people: People,
    shares: Shares,
    before: Mapping[Measure, Collection[str]],
) -> Iterator[Line]:
    """The lines of one dimension; none where even its total would tell of a small group."""
    counts = np.bincount(grouping.of, minlength=len(grouping.groups))
    # A group was hidden as a whole when no measure of it was shown.
    whole = set.intersection(*(set(before.get(measure, ())) for measure in OF_GROUPS))
    published = hide_small(counts.tolist(), first=[at for at, name in enumerate(grouping.groups) if name in whole])
    if not published.total:
        return
    cells = dict(zip(grouping.groups, published.cells, strict=True))
    already = frozenset(group for group, cell in cells.items() if cell.hidden)
    for measure in OF_GROUPS:
        hidden = hidden_groups(measure, shares, grouping, already, before)
        shown = frozenset(grouping.groups) - hidden - already
        for figure in of_dimension(measure, shares, grouping, people.occupation, shown, coarse):
            cell = cells[figure.group]
            if not cell.hidden and figure.group in hidden:
                cell = Cell.GUARD
            place = grouping.groups.index(figure.group)
            yield Line(dimension, figure.group, place, measure, cell, None if cell.hidden else figure)
