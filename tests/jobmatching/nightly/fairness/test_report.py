"""Figures of groups, counted by hand in a small world and held to what must be true of any."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatching.nightly.fairness.enums import COMPARED, OF_GROUPS, UNKNOWN, Dimension, Flag, Measure
from jobmatching.nightly.fairness.estimates import Estimate, share
from jobmatching.nightly.fairness.measures import Figure, flag_of, of_dimension, of_everybody
from jobmatching.nightly.fairness.people import Grouping, People
from jobmatching.nightly.fairness.places import Places, Shares
from jobmatching.nightly.fairness.report import Line, report
from jobmatching.nightly.fairness.standardised import within_occupations
from portal.privacy.suppression import Cell

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]


def places(*rows: tuple[int, int, int]) -> Places:
    """Rows (vacancy, seeker, score), all among the vacancy's best."""
    vacancy, seeker, score = (np.array(column) for column in zip(*rows, strict=True))
    return Places.of_pairs(vacancy, seeker, score, np.ones(len(rows), np.bool_))


def discount(*ranks: int) -> float:
    return sum(1 / math.log2(rank + 1) for rank in ranks)


# --- Places ----------------------------------------------------------------------------------------------------------
def test_places_are_by_score_then_by_the_lower_id_in_each_vacancy() -> None:
    told = places((7, 3, 500), (5, 2, 400), (7, 1, 900), (5, 1, 400), (5, 9, 800), (7, 2, 500))
    assert list(zip(told.vacancy_id, told.seeker_id, told.rank, strict=True)) == [
        (5, 9, 1), (5, 1, 2), (5, 2, 3), (7, 1, 1), (7, 2, 2), (7, 3, 3),
    ]  # fmt: skip


def test_a_pair_in_the_persons_own_list_alone_is_a_match_but_no_place() -> None:
    told = Places.of_pairs(np.array([5, 5]), np.array([1, 2]), np.array([9, 8]), np.array([True, False]))
    assert told.seeker_id.tolist() == [1]
    assert told.matched_seekers.tolist() == [1, 2]


def test_what_each_person_has_by_hand() -> None:
    told = Shares.of(places((5, 1, 9), (5, 2, 8), (7, 2, 9), (7, 4, 8)), np.array([1, 2, 3]))
    assert told.places.tolist() == [1, 2, 0]
    assert told.rank_sum.tolist() == [1, 3, 0]
    assert told.exposure == pytest.approx([discount(1), discount(2, 1), 0.0])
    assert told.matched.tolist() == [True, True, False]
    # Person 4 has been hidden since: nobody counts the place, and the others keep theirs.
    assert told.candidates.tolist() == [2, 1]


def test_only_the_first_ten_of_a_list_are_among_the_first_ten() -> None:
    told = Shares.of(places(*((5, seeker, 1000 - seeker) for seeker in range(1, 13))), np.arange(1, 13))
    assert told.first_ten.tolist() == [True] * 10 + [False] * 2


# --- One dimension by hand -------------------------------------------------------------------------------------------
def made_of(*groups: tuple[int, int, float]) -> tuple[Shares, Grouping]:
    """Groups a, b, ... of (people, how many of them have one place, its exposure)."""
    counts, placed, _exposures = zip(*groups, strict=True)
    has = np.concatenate([np.arange(count) < some for count, some in zip(counts, placed, strict=True)])
    exposure = np.concatenate([np.where(np.arange(count) < some, weight, 0.0) for count, some, weight in groups])
    shares = Shares(has.astype(np.int64), has, has.astype(np.int64), exposure, has, np.array([has.sum()]))
    names = tuple("abcdefgh"[: len(groups)])
    return shares, Grouping((*names, UNKNOWN), np.repeat(np.arange(len(groups)), counts))


def compared(measure: Measure, *groups: tuple[int, int, float], shown: str = "abcdefgh") -> dict[str, Figure]:
    shares, grouping = made_of(*groups)
    one_occupation = np.zeros(grouping.of.size, np.int64)
    return {one.group: one for one in of_dimension(measure, shares, grouping, one_occupation, frozenset(shown))}


def test_selection_rates_with_n_and_numerator_ratio_and_flag() -> None:
    told = compared(Measure.SELECTED, (100, 80, 1.0), (100, 40, 1.0), (40, 30, 1.0))
    a, b, c = (told[group] for group in "abc")
    assert [(one.n, one.numerator) for one in (a, b, c)] == [(100, 80), (100, 40), (40, 30)]
    assert a.estimate == share(80, 100)
    assert (a.compared_with, a.ratio, a.flag) == ("a", (1, 1, 1), Flag.NONE)
    assert b.ratio is not None
    assert b.ratio.value == 0.5
    assert b.flag is Flag.CLEAR
    assert c.ratio is not None
    assert c.ratio.value == pytest.approx(0.75 / 0.8)
    assert c.flag is Flag.NONE
    assert b.to_all == pytest.approx(0.4 / (150 / 240))
    # All look for the same work: standardised, a group stands to everybody as before.
    assert b.within is not None
    assert b.within.value == pytest.approx(b.to_all)


def test_below_four_fifths_by_chance_is_said_as_such() -> None:
    told = compared(Measure.SELECTED, (60, 40, 1.0), (10, 5, 1.0))
    assert told["b"].ratio is not None
    assert told["b"].ratio.value == pytest.approx(0.75)
    assert told["b"].flag is Flag.UNSURE


def test_the_best_group_is_large_shown_and_known() -> None:
    assert compared(Measure.SELECTED, (100, 50, 1.0), (29, 29, 1.0))["a"].compared_with == "a"
    assert compared(Measure.SELECTED, (100, 50, 1.0), (30, 30, 1.0))["a"].compared_with == "b"
    assert compared(Measure.SELECTED, (100, 50, 1.0), (30, 30, 1.0), shown="a")["a"].compared_with == "a"
    shares, grouping = made_of((100, 50, 1.0), (40, 40, 1.0))
    unknown = Grouping(("a", UNKNOWN), grouping.of)
    told = of_dimension(Measure.SELECTED, shares, unknown, np.zeros(140, np.int64), frozenset({"a", UNKNOWN}))
    assert {one.compared_with for one in told} == {"a"}
    assert told[1].ratio is not None
    assert told[1].ratio.value == 2


def test_without_a_group_to_compare_with_there_is_no_ratio() -> None:
    told = compared(Measure.EXPOSURE, (20, 10, 1.0), (20, 1, 1.0))
    assert [(one.ratio, one.flag, one.compared_with) for one in told.values()] == [(None, Flag.NONE, "")] * 2
    nobody = compared(Measure.SELECTED, (50, 0, 1.0), (50, 0, 1.0))
    assert nobody["b"].ratio is None
    assert nobody["b"].within is None


def test_a_group_that_has_nothing_at_all_is_flagged_when_it_is_large_enough() -> None:
    for measure in (Measure.SELECTED, Measure.PLACES, Measure.EXPOSURE):
        assert compared(measure, (100, 60, 1.0), (100, 0, 1.0))["b"].flag is Flag.CLEAR
        assert compared(measure, (100, 60, 1.0), (4, 0, 1.0))["b"].flag is Flag.UNSURE


def test_exposure_tells_more_than_selection() -> None:
    groups = ((200, 100, 1.0), (200, 100, 0.4))
    assert compared(Measure.SELECTED, *groups)["b"].flag is Flag.NONE
    exposure = compared(Measure.EXPOSURE, *groups)["b"]
    assert exposure.estimate is not None
    assert exposure.estimate.value == pytest.approx(0.2)
    assert exposure.flag is Flag.CLEAR


def test_the_average_place_is_of_those_who_have_one() -> None:
    shares = Shares(
        places=np.array([2, 1, 0]), first_ten=np.array([True, True, False]), rank_sum=np.array([30, 3, 0]),
        exposure=np.array([0.5, 0.5, 0.0]), matched=np.array([True, True, False]), candidates=np.array([3]),
    )  # fmt: skip
    grouping = Grouping(("a", UNKNOWN), np.array([0, 0, 0]))
    [told] = of_dimension(Measure.RANK, shares, grouping, np.zeros(3, np.int64), frozenset("a"))
    assert (told.n, told.numerator) == (2, 33)
    assert told.estimate is not None
    assert told.estimate.value == pytest.approx(11)
    assert (told.ratio, told.compared_with) == (None, "")


@pytest.mark.parametrize(
    ("ratio", "flag"),
    [
        (None, Flag.NONE),
        (Estimate(0.8, 0.7, 0.9), Flag.NONE),
        (Estimate(0.79, 0.7, 0.9), Flag.UNSURE),
        (Estimate(0.5, 0.4, 0.8), Flag.UNSURE),
        (Estimate(0.5, 0.4, 0.799), Flag.CLEAR),
        (Estimate(0.5, 0.4, math.inf), Flag.UNSURE),
    ],
)
def test_a_flag_is_clear_only_where_the_whole_interval_is_below(ratio: Estimate | None, flag: Flag) -> None:
    assert flag_of(ratio) is flag


# --- Within occupations ----------------------------------------------------------------------------------------------
def test_a_difference_of_occupations_is_no_difference_within_them() -> None:
    """Group b looks for work of which there is little: behind as a whole, like everybody else within the work."""
    group = np.array([0] * 100 + [1] * 100)
    occupation = np.array([1] * 90 + [2] * 10 + [1] * 10 + [2] * 90)
    values = np.concatenate(
        [[1.0] * 72 + [0.0] * 18, [1.0] * 2 + [0.0] * 8, [1.0] * 8 + [0.0] * 2, [1.0] * 18 + [0.0] * 72]
    )
    a, b = within_occupations(values, group, 2, occupation)
    assert values[group == 1].mean() / values[group == 0].mean() < 0.4
    for told in (a, b):
        assert told is not None
        assert told.value == pytest.approx(1)
        assert told.low < 1 < told.high


def test_within_occupations_by_hand() -> None:
    """Occupation 1: mean 2/3. Occupation 2: mean 1/2. Group b: one person in each, with 0 and 1."""
    values = np.array([1.0, 1.0, 0.0, 0.0, 1.0])
    group, occupation = np.array([0, 0, 1, 0, 1]), np.array([1, 1, 1, 2, 2])
    b = within_occupations(values, group, 2, occupation)[1]
    assert b is not None
    assert b.value == pytest.approx(1 / (2 / 3 + 1 / 2))
    own = (2 / 3) ** 2 * (2 / 3) ** 2 + (1 / 2) ** 2 * (1 / 2) ** 2
    others = (1 / 3) ** 2 * 2 * (1 / 3) ** 2 + (1 / 2) ** 2 * (1 / 2) ** 2
    assert b.high - b.value == pytest.approx(1.959964 * math.sqrt(own + others) / (2 / 3 + 1 / 2), rel=1e-5)


def test_who_is_alone_in_an_occupation_tells_nothing() -> None:
    told = within_occupations(np.array([5.0, 1.0]), np.array([0, 1]), 2, np.array([1, 2]))
    assert told == [(1.0, 1.0, 1.0), (1.0, 1.0, 1.0)]


# --- Everybody -------------------------------------------------------------------------------------------------------
def test_figures_of_the_whole_run() -> None:
    shares = Shares(
        places=np.array([3, 1, 0, 0]), first_ten=np.array([True, False, False, False]),
        rank_sum=np.array([6, 40, 0, 0]), exposure=np.array([2.0, 0.5, 0.0, 0.0]),
        matched=np.array([True, True, True, False]), candidates=np.array([5, 4, 9]),
    )  # fmt: skip
    told = {one.measure: one for one in of_everybody(shares, vacancies=8)}
    assert told[Measure.COVERED_SEEKERS].estimate == share(3, 4)
    assert (told[Measure.COVERED_VACANCIES].n, told[Measure.COVERED_VACANCIES].numerator) == (8, 2)
    assert told[Measure.RANK].estimate is not None
    assert told[Measure.RANK].estimate.value == pytest.approx(46 / 4)
    assert told[Measure.TOP_TENTH].estimate is not None
    assert told[Measure.TOP_TENTH].estimate.value == pytest.approx(0.4 * 2.0 / 2.5)
    assert Measure.COVERED_VACANCIES not in {one.measure for one in of_everybody(shares, vacancies=0)}


# --- The report ----------------------------------------------------------------------------------------------------
def random_world(sizes: list[int], seed: int) -> tuple[People, Shares]:
    """People in groups of the given sizes, some of them with places."""
    chance = np.random.default_rng(seed)
    n = sum(sizes)
    lists = chance.poisson(1.2, n)
    grouping = Grouping((*(f"g{i}" for i in range(len(sizes))), UNKNOWN), np.repeat(np.arange(len(sizes)), sizes))
    people = People(np.arange(1, n + 1), {Dimension.MUNICIPALITY: grouping}, chance.integers(0, 4, n))
    shares = Shares(
        lists, lists > 1, lists * chance.integers(1, 50, n), lists * chance.random(n), lists > 0, np.array([n])
    )
    return people, shares


def of_measure(lines: list[Line], measure: Measure) -> list[Line]:
    return [line for line in lines if line.measure == measure and line.dimension != Dimension.ALL]


worlds = st.tuples(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.integers(0, 1000)).filter(
    lambda world: sum(world[0]) > 60
)


@given(worlds)
def test_groups_add_up_to_everybody(world: tuple[list[int], int]) -> None:
    people, shares = random_world(*world)
    [grouping] = people.groupings.values()
    everybody = {one.measure: one for one in of_everybody(shares, 1)}
    for measure in OF_GROUPS:
        figures = of_dimension(measure, shares, grouping, people.occupation, frozenset(grouping.groups))
        assert sum(one.n for one in figures) == everybody[measure].n
        assert sum(one.numerator for one in figures) == pytest.approx(everybody[measure].numerator)
        if measure in COMPARED and everybody[measure].numerator:
            expected = [one.numerator / one.within.value for one in figures if one.within and one.within.value]
            nothing = any(one.within is None or not one.within.value for one in figures)
            assert nothing or sum(expected) == pytest.approx(everybody[measure].numerator)


@given(worlds)
def test_hidden_groups_have_no_figure_in_any_measure(world: tuple[list[int], int]) -> None:
    people, shares = random_world(*world)
    lines = report(people, shares, 1)
    hidden = set.intersection(
        *({line.group for line in of_measure(lines, one) if line.cell.hidden} for one in OF_GROUPS)
    )
    for measure in OF_GROUPS:
        for line in of_measure(lines, measure):
            assert (line.figure is None) == line.cell.hidden
            assert line.group not in hidden or line.cell.hidden
            own = {one.group for one in of_measure(lines, measure) if one.cell.hidden}
            assert line.figure is None or line.figure.compared_with not in own
    small = {f"g{i}" for i, size in enumerate(world[0]) if 0 < size < 5}
    assert small <= hidden
    assert len(hidden) != 1 or not small


def placed_world(*groups: tuple[int, int]) -> tuple[People, Shares]:
    """Groups g0, g1, ... of (people, how many of them have a place); everybody with a place is among the first ten."""
    grouping = Grouping(
        (*(f"g{i}" for i in range(len(groups))), UNKNOWN),
        np.repeat(np.arange(len(groups)), [people for people, _placed in groups]),
    )
    has = np.concatenate([np.arange(people) < placed for people, placed in groups])
    places = has.astype(np.int64)
    people = People(np.arange(1, has.size + 1), {Dimension.MUNICIPALITY: grouping}, np.zeros(has.size, np.int64))
    return people, Shares(places, has, places * 3, has * 0.5, has, np.array([has.sum()]))


def cells_of(lines: list[Line], measure: Measure) -> dict[str, Cell]:
    return {line.group: line.cell for line in of_measure(lines, measure)}


@pytest.mark.parametrize("placed", [2, 4, 16, 19])
def test_one_to_four_with_a_place_or_without_are_in_no_measure(placed: int) -> None:
    """Two with a place of twenty: no share, no sum over the two, no average; and another group guards them."""
    lines = report(*placed_world((20, placed), (60, 30), (60, 30)), 1)
    for measure in OF_GROUPS:
        cells = cells_of(lines, measure)
        assert cells["g0"].hidden
        assert sum(cell.hidden for cell in cells.values()) == 2


@pytest.mark.parametrize("placed", [0, 5, 15, 20])
def test_nobody_everybody_and_five_are_shown(placed: int) -> None:
    lines = report(*placed_world((20, placed), (60, 30), (60, 30)), 1)
    assert not any(line.cell.hidden for line in lines)


def test_who_has_a_place_but_none_among_the_first_ten_is_not_told_by_subtraction() -> None:
    people, shares = placed_world((40, 20), (60, 30), (60, 30))
    first_ten = shares.first_ten.copy()
    first_ten[0] = False
    lines = report(people, Shares(**{**vars(shares), "first_ten": first_ten}), 1)
    assert cells_of(lines, Measure.FIRST_TEN)["g0"].hidden
    assert not cells_of(lines, Measure.SELECTED)["g0"].hidden


def test_few_of_everybody_are_in_no_figure_of_everybody() -> None:
    lines = report(*placed_world((60, 2), (60, 1), (60, 0)), 1)
    told = {line.measure for line in lines if line.dimension == Dimension.ALL and line.figure}
    assert told == {Measure.COVERED_VACANCIES}
    assert all(line.cell.hidden for line in lines if line.dimension != Dimension.ALL and line.measure in COMPARED)


@given(worlds)
def test_what_is_hidden_cannot_be_counted_back(world: tuple[list[int], int]) -> None:
    """Of all hidden groups but one, each side has so many people that the one may be any number from 1 to 4."""
    people, shares = random_world(*world)
    [grouping] = people.groupings.values()
    lines = report(people, shares, 1)
    placed = shares.places > 0
    for measure in (Measure.SELECTED, Measure.PLACES, Measure.RANK, Measure.EXPOSURE):
        told = {line.group for line in of_measure(lines, measure) if line.figure}
        counts = {
            name: (int((placed & (grouping.of == at)).sum()), int((~placed & (grouping.of == at)).sum()))
            for at, name in enumerate(grouping.groups)
        }
        for name in told:
            assert not any(0 < count < 5 for count in counts[name])
        for name, sides in counts.items():
            if any(0 < count < 5 for count in sides) and told:
                beside = [counts[other] for other in counts if other not in told and other != name]
                together = [sum(column) for column in zip(*beside, strict=True)]
                assert min(together) >= 8


@given(worlds)
def test_every_number_of_people_is_told_to_the_nearest_five(world: tuple[list[int], int]) -> None:
    people, shares = random_world(*world)
    for line in report(people, shares, 1):
        if line.figure and line.measure != Measure.COVERED_VACANCIES:
            assert line.figure.n % 5 == 0
            assert line.figure.numerator % 5 == 0
        if line.figure and line.measure == Measure.SELECTED:
            assert line.figure.estimate == share(round(line.figure.numerator), line.figure.n)


def test_one_person_fewer_changes_nothing_within_the_same_five() -> None:
    one, other = (report(*placed_world((people, 20), (60, 30), (60, 30)), 1) for people in (41, 40))
    counted = (Measure.SELECTED, Measure.FIRST_TEN)
    first, second = (
        [(line.figure.n, line.figure.numerator, line.figure.estimate) for line in lines if line.figure
         and line.measure in counted] for lines in (one, other)
    )  # fmt: skip
    assert first == second


def test_guards_stay_while_they_can() -> None:
    world = placed_world((20, 2), (60, 30), (62, 30))
    assert cells_of(report(*world, 1), Measure.SELECTED)["g1"] is Cell.GUARD
    before = {Dimension.MUNICIPALITY: {measure: {"g0", "g2"} for measure in OF_GROUPS}}
    cells = cells_of(report(*world, 1, before), Measure.SELECTED)
    assert (cells["g1"], cells["g2"]) == (Cell.SHOWN, Cell.GUARD)


def test_too_few_people_make_no_report() -> None:
    people, shares = random_world([2, 2], 1)
    assert report(people, shares, 1) == []


def test_a_dimension_that_would_tell_too_much_is_left_out() -> None:
    people, shares = random_world([4, 4], 1)
    assert {line.dimension for line in report(people, shares, 1)} == {Dimension.ALL}
