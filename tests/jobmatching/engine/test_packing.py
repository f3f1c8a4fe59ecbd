"""Packed rows: what goes in comes out, rows stand alone, and a row goes stale on the right day."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock, availability_is_unknown, reach_is_unknown
from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.features import EXPERIENCE_UNKNOWN, FeatureSpace
from jobmatching.engine.packing import pack_seekers, pack_vacancies
from jobmatching.engine.rules import WEIGHT_SUM
from jobmatching.engine.vacancy_features import expand_vacancies
from tests.jobmatching.engine.worlds import DIALS, TODAY, World, make_world

worlds = st.builds(
    make_world, st.integers(0, 2**32), st.integers(0, 20), st.integers(0, 10), st.sampled_from(sorted(DIALS))
)


def _same(left: SeekerBlock | VacancyBlock, right: SeekerBlock | VacancyBlock) -> bool:
    return all(np.array_equal(getattr(left, entry.name), getattr(right, entry.name)) for entry in fields(left))


@given(world=worlds, seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_rows_stand_alone_and_can_be_taken_and_joined(world: World, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(world.seekers))
    packed = pack_seekers(world.seekers, world.rules, TODAY)
    block = world.seeker_block
    assert _same(SeekerBlock.from_rows([packed.row(i) for i in order]), block.take(order))
    turned = pack_seekers(world.seekers.take(order), world.rules, TODAY)
    assert [turned.row(k) for k in range(len(turned))] == [packed.row(i) for i in order]
    assert np.array_equal(turned.stale_on, packed.stale_on[order])
    assert _same(SeekerBlock.concat([block.take(order[:3]), block.take(order[3:])]), block.take(order))
    vacancies = world.vacancy_block
    rows = pack_vacancies(world.vacancies, world.rules)
    assert _same(VacancyBlock.from_rows([rows.row(j) for j in range(len(rows))]), vacancies)
    halves = [vacancies.take(np.arange(2, len(vacancies))), vacancies.take(np.arange(min(2, len(vacancies))))]
    assert _same(VacancyBlock.concat(halves[::-1]), vacancies)
    assert np.all(rows.stale_on == NEVER)


@given(world=worlds.filter(lambda world: len(world.seekers) and len(world.vacancies)))
@settings(max_examples=60, deadline=None)
def test_what_was_given_is_read_back(world: World) -> None:
    block, columns = world.seeker_block, world.seekers
    assert np.array_equal(block.ids, columns.ids)
    assert np.array_equal(block.home, columns.home)
    assert np.array_equal(block.has, columns.has)
    assert np.array_equal(block.unknown, columns.unknown)
    assert np.array_equal(availability_is_unknown(block), columns.available_unknown)
    assert np.array_equal(block.available_from, np.where(columns.available_unknown, ALWAYS, columns.available_from))
    known = columns.reach.any(axis=1)
    assert np.array_equal(reach_is_unknown(block), ~known)
    assert np.array_equal(block.reach[known], columns.reach[known])
    assert np.all(block.reach[~known] == 2**64 - 1), "unknown is not no"
    vacancies = world.vacancy_block
    for name in ("ids", "starts", "need", "places"):
        assert np.array_equal(getattr(vacancies, name), getattr(world.vacancies, name))


@given(world=worlds)
@settings(max_examples=60, deadline=None)
def test_own_weights_sum_to_the_whole(world: World) -> None:
    features = expand_vacancies(world.vacancies, world.rules)
    ranges = FeatureSpace.of(world.rules).ranges
    own = (features.feature > EXPERIENCE_UNKNOWN) & ~(
        (features.feature >= ranges.group) & (features.feature < ranges.skill)
    )
    for r in range(features.ptr.size - 1):
        span = slice(features.ptr[r], features.ptr[r + 1])
        assert features.weight[span][own[span]].sum() in (0, WEIGHT_SUM)
        assert np.all(np.diff(features.feature[span].astype(int)) > 0), "ascending"
        assert np.all(features.weight[span] >= 0)


@given(seed=st.integers(0, 2**32), dial=st.sampled_from(["plain", "unusual"]))
@settings(max_examples=10, deadline=None)
def test_a_row_goes_stale_on_the_first_day_on_which_it_packs_differently(seed: int, dial: str) -> None:
    world = make_world(seed, 8, 0, dial)
    today = pack_seekers(world.seekers, world.rules, TODAY)
    rows = [today.row(i) for i in range(len(today))]
    waiting = set(range(len(rows)))
    for day in range(TODAY + 1, TODAY + 500):
        packed = pack_seekers(world.seekers, world.rules, day)
        for i in sorted(waiting):
            if packed.row(i) != rows[i]:
                assert today.stale_on[i] == day
                waiting.discard(i)
    assert all(today.stale_on[i] >= TODAY + 500 for i in waiting)


def test_some_rows_go_stale_and_some_never_do() -> None:
    stale = pack_seekers(make_world(2, 200, 0).seekers, make_world(2, 200, 0).rules, TODAY).stale_on
    assert (stale == NEVER).any()
    assert ((stale > TODAY) & (stale < NEVER)).any()
    assert stale.min() > TODAY


def test_a_buffer_that_is_something_else_is_refused() -> None:
    world = make_world(3, 3, 3)
    packed = pack_seekers(world.seekers, world.rules, TODAY)
    other_format = packed.buffer.copy()
    other_format[packed.offsets[1]] = 9
    with pytest.raises(ValueError, match="another format"):
        SeekerBlock.from_buffer(other_format, packed.offsets)
    with pytest.raises(ValueError, match="offsets"):
        SeekerBlock.from_buffer(packed.buffer[:-8], packed.offsets)
    with pytest.raises(ValueError, match="offsets"):
        VacancyBlock.from_buffer(packed.buffer, [0, 4])
    shifted = np.concatenate((np.zeros(4, np.uint8), packed.buffer))[4:]
    assert _same(SeekerBlock.from_buffer(shifted, packed.offsets), world.seeker_block)


@pytest.mark.parametrize(("name", "value"), [("wish_occupation", 99), ("skill", -1), ("skill", 99), ("skill_basis", 2)])
def test_an_index_that_names_nothing_is_refused(name: str, value: int) -> None:
    world = make_world(11, 20, 0)
    changed = getattr(world.seekers, name).copy()
    changed[0] = value
    with pytest.raises(ValueError, match=r"taxonomy|basis"):
        pack_seekers(SeekerColumns(**{**vars(world.seekers), name: changed}), world.rules, TODAY)


def test_columns_of_unequal_length_are_refused() -> None:
    world = make_world(11, 5, 5)
    with pytest.raises(ValueError, match="home needs 5 rows"):
        SeekerColumns(**{**vars(world.seekers), "home": np.zeros(4)})
    with pytest.raises(ValueError, match="skill_ptr"):
        VacancyColumns(**{**vars(world.vacancies), "skill": np.zeros(0)})
    with pytest.raises(ValueError, match="need needs 4 words"):
        VacancyColumns(**{**vars(world.vacancies), "need": np.zeros((5, 1))})
