"""Small numbers of people in published tables: hidden, and so that they cannot be worked out from what is shown.

Of a list of groups and their total, a group of fewer than five people is hidden. Where one could count it back by
taking the shown groups from the total, further groups are hidden with it, the smallest ones first: so many that
somebody who knows the total, everything shown and what the marks mean still finds every number from one to four
possible for each small group. Groups without anybody are shown: nobody is in them.

All figures of a hidden group are hidden, not its count alone; sums over all groups may be shown where `total` says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FEWEST: Final = 5
"""The smallest number of people of whom a figure is shown."""


class Cell(StrEnum):
    """How one group is published."""

    SHOWN = "shown"
    SMALL = "small"
    """Hidden: fewer than five people."""
    GUARD = "guard"
    """Hidden so that a small group cannot be counted from the total."""

    @property
    def hidden(self) -> bool:
        """Whether no figure of the group may be shown."""
        return self is not Cell.SHOWN


@dataclass(frozen=True)
class Published:
    """What may be shown of a list of groups."""

    cells: tuple[Cell, ...]
    """For each group, in the order given."""
    total: bool
    """Whether the total may be shown. It may not where even hiding every group would tell too much; then nothing of
    the list may be published together with a total that people can find elsewhere."""


def hide_small(counts: Sequence[int], fewest: int = FEWEST, first: Collection[int] = ()) -> Published:
    """Decide which groups are hidden, from how many people are in each.

    `first` are places of groups that become guards before others, whatever their size: those that were hidden the last
    time, so that a guard stays one while it can. ValueError for a negative count. The smallest of equal groups is the
    one that comes first.
    """
    if any(count < 0 for count in counts):
        raise ValueError("There cannot be fewer people than none.")
    small = [place for place, count in enumerate(counts) if 0 < count < fewest]
    others = sorted(
        (place for place, count in enumerate(counts) if count >= fewest),
        key=lambda place: (place not in first, counts[place]),
    )
    if not small:
        return Published((Cell.SHOWN,) * len(counts), total=True)
    guards = 0
    while guards < len(others) and not _is_safe(counts, small, others, guards, fewest):
        guards += 1
    cells = [Cell.SHOWN] * len(counts)
    for place in small:
        cells[place] = Cell.SMALL
    for place in others[:guards]:
        cells[place] = Cell.GUARD
    return Published(tuple(cells), total=_is_safe(counts, small, others, guards, fewest))


def _is_safe(counts: Sequence[int], small: list[int], others: list[int], guards: int, fewest: int) -> bool:
    """Whether each small group can still be anything from 1 to fewest - 1, for somebody who knows the rest.

    They know the sum of what is hidden, which of it is small, that every guard has `fewest` people or more, and that no
    guard is larger than the smallest group of the others that is shown. (Guards kept from before may be larger: then
    no guard is larger than the largest of those.)
    """
    hidden = sum(counts[place] for place in (*small, *others[:guards]))
    beside = len(small) - 1
    can_be_largest = hidden - (fewest - 1) >= beside + guards * fewest
    largest_guard = hidden if guards == len(others) else max(counts[place] for place in others[: guards + 1])
    can_be_one = hidden - 1 <= beside * (fewest - 1) + guards * largest_guard
    return can_be_largest and can_be_one
