"""What a version of the rules would change on last night's people and vacancies, told in figures of groups alone.

Both versions match the same people and vacancies, built from the register as it stands now, for the night's day: what
differs comes from the rules, not from edits made since. Slice by slice, so that a country fits into the memory.
Nothing of it is stored but counts; where fewer than five jobseekers are concerned, that alone is said, and numbers
of people and places are told to the nearest five: the difference of two previews shows nobody.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.conf import settings

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.kernel import match
from jobmatching.engine.packing import pack_seekers, pack_vacancies
from jobmatching.engine.rules import Rules
from jobmatching.engine.top import Matches, Top, merge
from jobmatching.nightly.enums import Side
from jobmatching.nightly.fairness.coarse import to_five
from jobmatching.nightly.fairness.enums import OF_GROUPS, Dimension
from jobmatching.nightly.fairness.hiding import hidden_by
from jobmatching.nightly.fairness.people import People
from jobmatching.nightly.fairness.places import Places as ListPlaces
from jobmatching.nightly.fairness.places import Shares
from jobmatching.nightly.fairness.report import Line, report
from jobmatching.nightly.fairness.storing import DECIMALS
from jobmatching.nightly.models import MatchingRules, RunInput
from jobmatching.nightly.places import Places
from jobmatching.nightly.requirements import Layout
from jobmatching.nightly.rules_versions import engine_rules
from jobmatching.nightly.seeker_columns import EPOCH, read_seekers
from jobmatching.nightly.vacancy_columns import read_vacancies
from portal.privacy.suppression import FEWEST, Cell

SLICE: Final = 50_000
"""Jobseekers read and matched at a time."""
FIRST: Final = 10
"""A change among the first ten of a list is what people would notice."""


@dataclass(frozen=True)
class _Side:
    """One of the two versions, ready to match."""

    rules: Rules
    places: Places
    vacancies: VacancyBlock

    @classmethod
    def of(cls, version: MatchingRules, vacancy_ids: list[int], layout: Layout) -> "_Side":
        rules, places = engine_rules(version), Places.read(version.municipality_codes)
        packed = pack_vacancies(read_vacancies(vacancy_ids, rules, layout, places), rules)
        return cls(rules, places, VacancyBlock.from_buffer(packed.buffer, packed.offsets))

    def match(self, ids: list[int], layout: Layout, day: date) -> Top:
        """The lists of some jobseekers with every vacancy."""
        rows = read_seekers(ids, self.rules, layout, self.places, day)
        packed = pack_seekers(rows.columns, self.rules, (day - EPOCH).days)
        block = SeekerBlock.from_buffer(packed.buffer, packed.offsets)
        return match(block, self.vacancies, self.rules, threads=settings.MATCHING_THREADS)


def slices(people: People) -> list[list[int]]:
    """The people's ids in pieces."""
    ids: list[int] = people.ids.tolist()
    return [ids[start : start + SLICE] for start in range(0, len(ids), SLICE)]


def vacancies_of(run_id: int) -> list[int]:
    """Ids of the vacancies that a run froze, ascending."""
    parts = RunInput.objects.filter(run_id=run_id, side=Side.VACANCIES).order_by("part").values_list("ids", flat=True)
    return sorted(pk for part in parts for pk in part)


def compute(
    version: MatchingRules, other: MatchingRules, run_id: int, day: date, advance: Callable[[], None]
) -> dict[str, Any]:
    """The figures (JSON) of what `version` would change against `other` for the people of a run.

    `advance` is called once a slice.
    """
    people, vacancy_ids, layout = People.of_run(run_id, day), vacancies_of(run_id), Layout.from_code_lists()
    sides = [_Side.of(one, vacancy_ids, layout) for one in (other, version)]
    tops: list[list[Top]] = [[], []]
    for ids in slices(people):
        for side, found in zip(sides, tops, strict=True):
            found.append(side.match(ids, layout, day))
        advance()
    before, after = (merge(found or [Top.empty()], side.rules) for found, side in zip(tops, sides, strict=True))
    vacancies = len(vacancy_ids)
    lists = [_lists(one) for one in (before, after)]
    changes, touched = _changes(lists[0], lists[1])
    # One figure of one group before and after would be the one person whom a draft was made to move.
    reports = [[] if changes["few"] else report(people, Shares.of(one, people.ids), vacancies) for one in lists]
    return {
        "people": to_five(int(people.ids.size)),
        "vacancies": vacancies,
        **changes,
        "everybody": _everybody(*reports),
        "groups": _groups(reports[0], reports[1], _of_few(people, touched)),
    }


def _lists(matches: Matches) -> ListPlaces:
    pairs = matches.pairs
    return ListPlaces.of_pairs(pairs["vacancy_id"], pairs["seeker_id"], pairs["score"], pairs["by_vacancy"])


def _changes(before: ListPlaces, after: ListPlaces) -> tuple[dict[str, Any], npt.NDArray[np.int64]]:
    """How many lists and pairs change; pairs are told to the nearest five, and not at all where they are about few.

    Also the ids of the people whose places change.
    """
    keys = [_keys(one, one.rank > 0) for one in (before, after)]
    new, gone = np.setdiff1d(keys[1], keys[0]), np.setdiff1d(keys[0], keys[1])
    first = [_keys(one, one.rank <= FIRST) for one in (before, after)]
    others_first = np.setxor1d(first[0], first[1])
    up, down = _moved(before, after)
    touched = np.unique(np.concatenate([new, gone, up, down]) & 0xFFFFFFFF)
    seekers = touched.size
    few = 0 < seekers < FEWEST
    told = {
        "lists_first_ten": int(np.unique(others_first >> 32).size),
        "lists": int(np.unique(np.concatenate([new, gone]) >> 32).size),
        "places": to_five(int(keys[0].size)),
        "few": few,
        "seekers": None if few else to_five(int(seekers)),
        "new": None if few else to_five(int(new.size)),
        "gone": None if few else to_five(int(gone.size)),
        "up": None if few else to_five(int(up.size)),
        "down": None if few else to_five(int(down.size)),
    }
    return told, touched


def _of_few(people: People, touched: npt.NDArray[np.int64]) -> dict[Dimension, frozenset[str]]:
    """The groups of which a change would touch one to four people (or all but so few), and those that guard them."""
    moved = np.isin(people.ids, touched)
    return {dimension: hidden_by((moved, ~moved), grouping) for dimension, grouping in people.groupings.items()}


def _moved(before: ListPlaces, after: ListPlaces) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Keys of the pairs that stay in a list and come nearer to its top, and of those that go further from it."""
    old, new = (one.vacancy_id << 32 | one.seeker_id for one in (before, after))
    keys, at_before, at_after = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    change = after.rank[at_after] - before.rank[at_before]
    return keys[change < 0], keys[change > 0]


def _keys(places: ListPlaces, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    keys: npt.NDArray[np.int64] = places.vacancy_id[chosen] << 32 | places.seeker_id[chosen]
    return np.unique(keys)


def _everybody(before: list[Line], after: list[Line]) -> list[dict[str, Any]]:
    """Coverage and the spread of exposure, before and after."""
    return [
        {"measure": old.measure.value, "before": _value(old), "after": _value(new)}
        for old, new in _paired(before, after)
        if old.dimension is Dimension.ALL
    ]


def _groups(before: list[Line], after: list[Line], of_few: Mapping[Dimension, Collection[str]]) -> list[dict[str, Any]]:
    """Figures of groups before and after, of the same people; of a group of which few are touched none."""
    return [
        {
            "dimension": old.dimension.value, "group": old.group, "place": old.place, "measure": old.measure.value,
            **_side_by_side(old, new, of_few=old.group in of_few[old.dimension]),
        }
        for old, new in _paired(before, after)
        if old.dimension is not Dimension.ALL and old.measure in OF_GROUPS
    ]  # fmt: skip


def _side_by_side(old: Line, new: Line, *, of_few: bool) -> dict[str, Any]:
    """Both figures of a group; neither where one of them is hidden (few of the group have a place on one side)."""
    if old.figure is None or new.figure is None or of_few:
        cell = next((line.cell for line in (old, new) if line.cell.hidden), Cell.GUARD)
        return {"cell": cell.value, "n": None, "before": None, "after": None, "flag_before": "", "flag_after": ""}
    return {
        "cell": old.cell.value, "n": old.figure.n, "before": _value(old), "after": _value(new),
        "flag_before": old.figure.flag.value, "flag_after": new.figure.flag.value,
    }  # fmt: skip


def _paired(before: list[Line], after: list[Line]) -> Iterator[tuple[Line, Line]]:
    found = {(line.dimension, line.group, line.measure): line for line in after}
    for line in before:
        if (line.dimension, line.group, line.measure) in found:
            yield line, found[line.dimension, line.group, line.measure]


def _value(line: Line) -> float | None:
    told = line.figure.estimate if line.figure else None
    return round(told.value, DECIMALS) if told else None
