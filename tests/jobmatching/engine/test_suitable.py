"""How many are suitable for one vacancy, and what narrows most: against a count by hand."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatching.engine import reference
from jobmatching.engine.suitable import Suitable, count_suitable
from tests.jobmatching.engine.worlds import DIALS, TODAY, World, make_world


@given(
    world=st.builds(make_world, st.integers(0, 2**32), st.integers(0, 40), st.just(4), st.sampled_from(sorted(DIALS)))
)
@settings(max_examples=80, deadline=None)
def test_counts_are_those_made_by_hand(world: World) -> None:
    people = [reference.read_seeker(world.seekers, i, world.rules, TODAY) for i in range(len(world.seekers))]
    vacancies = world.vacancy_block
    for j in range(len(vacancies)):
        count, added, by_skill = 0, Counter[int](), Counter[int]()
        for person in people:
            missing, _ = reference.known_misses(person, world.vacancies, j)
            owned = {skill for skill, level in person.levels.items() if level > world.rules.weights.group_share}
            essential = [
                reference.score_reading(person, world.vacancies, j, o, world.rules).essential
                for o in reference.readings(world.vacancies, j)
            ]
            lacking = [set() if not person.levels else needed - owned for needed in essential]
            if not missing and any(not lacks for lacks in lacking):
                count += 1
            elif len(missing) == 1 and any(not lacks for lacks in lacking):
                added[next(iter(missing))] += 1
            elif not missing:
                by_skill.update({next(iter(lacks)) for lacks in lacking if len(lacks) == 1})
        found = count_suitable(vacancies.take([j]), world.seeker_block, world.rules)
        assert (found.count, found.added, found.added_by_skill) == (count, dict(added), dict(by_skill))


def test_what_narrows_most_comes_first() -> None:
    found = Suitable(1, {3: 2, 256: 9}, {4: 9, 1: 5})
    assert found.narrowest() == [("requirement", 256, 9), ("skill", 4, 9), ("skill", 1, 5), ("requirement", 3, 2)]


def test_one_vacancy_at_a_time() -> None:
    world = make_world(1, 3, 2)
    with pytest.raises(ValueError, match="one vacancy"):
        count_suitable(world.vacancy_block, world.seeker_block, world.rules)
    assert count_suitable(world.vacancy_block.take([0]), world.seeker_block.take(np.empty(0)), world.rules).count == 0
