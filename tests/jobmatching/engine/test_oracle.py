"""The engine against the oracle: every pair, every tie, every count, whatever the shards and threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatching.engine import reference
from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import combine_near_misses, find_near_misses
from jobmatching.engine.top import Matches, Top, combine, merge
from tests.jobmatching.engine.worlds import DIALS, TODAY, World, make_world

worlds = st.builds(
    make_world, st.integers(0, 2**32), st.integers(0, 24), st.integers(0, 10), st.sampled_from(sorted(DIALS))
)


def _pairs(matches: Matches) -> set[tuple[int, int, int, bool, bool]]:
    return {tuple(pair) for pair in matches.pairs.tolist()}


def _expected(world: World) -> reference.Outcome:
    return reference.run(world.seekers, world.vacancies, world.rules, TODAY)


@given(world=worlds, threads=st.integers(1, 3), shard_rows=st.integers(1, 9))
@settings(max_examples=120, deadline=None)
def test_pairs_and_counts_are_those_of_the_oracle(world: World, threads: int, shard_rows: int) -> None:
    top = match(world.seeker_block, world.vacancy_block, world.rules, threads=threads, shard_rows=shard_rows)
    matches, expected = merge([top], world.rules), _expected(world)
    assert _pairs(matches) == expected.pairs
    assert len(matches.pairs) == len(expected.pairs)
    assert matches.counts == (
        len(world.seekers) * len(world.vacancies), expected.reachable, expected.above_floor
    )  # fmt: skip
    order = np.lexsort((matches.pairs["seeker_id"], -matches.pairs["score"], matches.pairs["vacancy_id"]))
    assert np.array_equal(order, np.arange(order.size))


@given(world=worlds, threads=st.integers(1, 3), shard_rows=st.integers(1, 9))
@settings(max_examples=120, deadline=None)
def test_near_misses_and_unlock_counts_are_those_of_the_oracle(world: World, threads: int, shard_rows: int) -> None:
    found = find_near_misses(
        world.seeker_block, world.vacancy_block, world.rules, threads=threads, shard_rows=shard_rows
    )
    expected = _expected(world)
    assert {tuple(pair) for pair in found.pairs.tolist()} == expected.near_misses
    assert {unlock[0]: tuple(unlock[1:]) for unlock in found.unlocks.tolist()} == expected.unlocks
    assert found.feasible == expected.feasible


@given(world=worlds, slices=st.integers(1, 5), seed=st.integers(0, 1000), grouping=st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_slices_join_to_the_whole_in_any_order_and_grouping(
    world: World, slices: int, seed: int, grouping: int
) -> None:
    seekers, vacancies, rules = world.seeker_block, world.vacancy_block, world.rules
    rng = np.random.default_rng(seed)
    parts = np.array_split(rng.permutation(len(seekers)), slices)
    tops = [match(seekers.take(part), vacancies, rules) for part in parts]
    near = [find_near_misses(seekers.take(part), vacancies, rules) for part in parts]
    tops = [Top.loads(top.dumps()) for top in tops]
    near = [type(part).loads(part.dumps()) for part in near]
    cut = min(grouping, slices)
    whole = merge([match(seekers, vacancies, rules)], rules)
    joined = merge([combine(tops[cut:], rules), combine(tops[:cut], rules)], rules)
    assert np.array_equal(joined.pairs, whole.pairs)
    assert joined.counts == whole.counts
    again = merge([*tops, tops[0]], rules)
    assert np.array_equal(again.pairs, whole.pairs)
    near_whole = find_near_misses(seekers, vacancies, rules)
    near_joined = combine_near_misses(
        [combine_near_misses(near[cut:], rules), combine_near_misses(near[:cut], rules)], rules
    )
    assert near_joined.dumps() == near_whole.dumps()


@pytest.mark.parametrize("dial", sorted(DIALS))
def test_a_larger_world_with_many_ties(dial: str) -> None:
    world = make_world(7, 150, 25, dial)
    matches = merge([match(world.seeker_block, world.vacancy_block, world.rules, threads=2)], world.rules)
    expected = _expected(world)
    assert _pairs(matches) == expected.pairs
    scores = [pair[2] for pair in expected.pairs]
    assert len(set(scores)) < len(scores), "the world must hold ties"


def test_equal_bytes_whatever_the_order_of_rows() -> None:
    world = make_world(3, 60, 12)
    seekers, vacancies = world.seeker_block, world.vacancy_block
    turned = match(
        seekers.take(np.arange(60)[::-1]), vacancies.take(np.arange(12)[::-1]), world.rules, threads=2, shard_rows=7
    )
    assert turned.dumps() == match(seekers, vacancies, world.rules).dumps()


def test_the_worlds_hold_what_the_properties_speak_of() -> None:
    """Guards the tests above: with worlds without misses or without both sides' lists they would prove little."""
    expected = [_expected(make_world(seed, 24, 10, "few")) for seed in range(12)]
    requirements = {requirement for outcome in expected for requirement in outcome.unlocks}
    assert {256, 257} < requirements
    assert len(requirements) > 4
    sides = {(pair[3], pair[4]) for outcome in expected for pair in outcome.pairs}
    assert sides == {(True, True), (True, False), (False, True)}
    assert any(outcome.feasible > len(outcome.pairs) for outcome in expected), "lists must be full somewhere"
