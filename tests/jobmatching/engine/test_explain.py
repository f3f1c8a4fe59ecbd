"""Explanations: parts that add up, states that mean what they say, the story of one pair."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatching.engine import reference
from jobmatching.engine.columns import NEVER, SeekerColumns
from jobmatching.engine.criteria import AVAILABILITY_REQUIREMENT, TRAVEL_REQUIREMENT, Criterion, State
from jobmatching.engine.detail import OccupationTie, SkillSource, explain_pair
from jobmatching.engine.explain import explain_pairs
from jobmatching.engine.kernel import match
from jobmatching.engine.top import PAIR, merge
from tests.jobmatching.engine.worlds import DIALS, TODAY, World, make_world

CRITERION_OF_BIT = np.resize([Criterion.WORKING_TIME, Criterion.LANGUAGES, Criterion.PERMITS], 256)

worlds = st.builds(
    make_world, st.integers(0, 2**32), st.integers(0, 8), st.integers(0, 6), st.sampled_from(sorted(DIALS))
)


def _every_pair(world: World) -> np.ndarray:
    """Return all pairs of the world, matching or not, by vacancy."""
    pairs = np.zeros(len(world.seekers) * len(world.vacancies), PAIR)
    pairs["vacancy_id"] = np.repeat(world.vacancies.ids, len(world.seekers))
    pairs["seeker_id"] = np.tile(world.seekers.ids, len(world.vacancies))
    return pairs


def _state_of_mask(need: set[int], has: set[int], allowed: set[int], criterion: Criterion) -> State:
    asked = {bit for bit in need if CRITERION_OF_BIT[bit] == criterion}
    missing = asked - allowed
    if not asked:
        return State.NOT_ASKED
    if missing:
        return State.PARTLY if asked & has else State.MISSING
    return State.UNKNOWN if asked - has else State.MET


def _expected_states(world: World, i: int, j: int, person: reference.Seeker) -> list[State]:
    """Work the states out from the columns, as their definitions are worded."""
    rules, columns = world.rules, world.vacancies
    scored = [(reference.score_reading(person, columns, j, o, rules), o) for o in reference.readings(columns, j)]
    score, asked = max(scored, key=lambda entry: entry[0].total)

    def judged(is_asked: bool, nothing_known: bool, met: bool, had: int) -> State:
        if not is_asked:
            return State.NOT_ASKED
        if nothing_known:
            return State.UNKNOWN
        return State.MET if met else State.PARTLY if had else State.MISSING

    nodes = reference.nodes_of(rules, asked) if asked >= 0 else {}
    theirs = [reference.nodes_of(rules, o) for o in person.occupations]
    same = any(level in nodes and t.get(level) == nodes[level] for t in theirs for level in ("leaf", "isco4"))
    matched = {skill for skill, level in person.levels.items() if level > rules.weights.group_share}
    required = score.essential or frozenset(score.skill_weights)
    need, has = reference.bits(columns.need[j]), reference.bits(world.seekers.has[i])
    missing, _ = reference.known_misses(person, columns, j)
    travel = State.MISSING if TRAVEL_REQUIREMENT in missing else State.MET
    if columns.remote[j] or not columns.places[j].any():
        travel = State.NOT_ASKED
    elif person.reach is None:
        travel = State.UNKNOWN
    return [
        judged(asked >= 0, not person.occupations, same, score.had[0]),
        judged(bool(score.skill_weights), not person.levels, required <= matched, score.had[1]),
        judged(score.possible[2] > 0, not person.has_history, score.had[2] == score.possible[2], score.had[2]),
        travel,
        _with_availability(
            _state_of_mask(need, has, person.allowed, Criterion.WORKING_TIME),
            stated=int(columns.starts[j]) != NEVER,
            known=not world.seekers.available_unknown[i],
            late=AVAILABILITY_REQUIREMENT in missing,
        ),
        *(
            _state_of_mask(need, has, person.allowed, criterion)
            for criterion in (Criterion.LANGUAGES, Criterion.PERMITS)
        ),
    ]


def _with_availability(state: State, *, stated: bool, known: bool, late: bool) -> State:
    """Working time, with the stated start of the work as one more part."""
    if not stated:
        return state
    if late:
        return State.PARTLY if state in {State.MET, State.PARTLY} else State.MISSING
    if not known:
        return State.UNKNOWN if state in {State.NOT_ASKED, State.MET} else state
    return State.MET if state is State.NOT_ASKED else state


@given(world=worlds)
@settings(max_examples=80, deadline=None)
def test_points_and_states_of_every_pair_are_those_of_the_oracle(world: World) -> None:
    explained = explain_pairs(
        _every_pair(world), world.seeker_block, world.vacancy_block, world.rules, CRITERION_OF_BIT, threads=2
    )
    people = [reference.read_seeker(world.seekers, i, world.rules, TODAY) for i in range(len(world.seekers))]
    for row, (j, i) in enumerate(itertools.product(range(len(world.vacancies)), range(len(world.seekers)))):
        score = reference.score_pair(people[i], world.vacancies, j, world.rules)
        assert tuple(explained.had[row]) == score.had
        assert tuple(explained.possible[row]) == score.possible
        assert list(explained.states[row]) == _expected_states(world, i, j, people[i])


@given(world=worlds)
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_the_score_of_what_was_matched(world: World) -> None:
    pairs = merge([match(world.seeker_block, world.vacancy_block, world.rules)], world.rules).pairs
    explained = explain_pairs(pairs, world.seeker_block, world.vacancy_block, world.rules, CRITERION_OF_BIT)
    assert np.array_equal(explained.had.sum(axis=1), pairs["score"])
    assert np.all(explained.possible.sum(axis=1) == 1_000_000)
    assert np.all(explained.had <= explained.possible)
    assert not np.any(explained.states[:, Criterion.TRAVEL :] == State.MISSING), "a known miss is no match"


@given(world=worlds)
@settings(max_examples=60, deadline=None)
def test_the_story_of_a_pair_has_its_points_and_its_misses(world: World) -> None:
    for i, j in itertools.product(range(min(3, len(world.seekers))), range(len(world.vacancies))):
        story = explain_pair(world.seekers.take([i]), world.vacancies.take([j]), world.rules, TODAY)
        person = reference.read_seeker(world.seekers, i, world.rules, TODAY)
        score = reference.score_pair(person, world.vacancies, j, world.rules)
        assert (story.score, story.had, story.possible) == (score.total, score.had, score.possible)
        assert story.known_misses == reference.known_misses(person, world.vacancies, j)[0]
        if person.levels:
            assert sum(skill.had for skill in story.skills) == story.had[Criterion.SKILLS]
        for skill in story.skills:
            assert (skill.source == SkillSource.NONE) == (skill.level == 0)
        if story.tie == OccupationTie.NONE and person.occupations:
            assert story.had[Criterion.OCCUPATION] == 0


def test_nobody_outside_the_blocks_is_explained() -> None:
    world = make_world(1, 4, 2)
    pairs = _every_pair(world)
    pairs["seeker_id"][0] = 999
    with pytest.raises(KeyError):
        explain_pairs(pairs, world.seeker_block, world.vacancy_block, world.rules, CRITERION_OF_BIT)


def test_a_story_needs_one_of_each() -> None:
    world = make_world(1, 4, 2)
    with pytest.raises(ValueError, match="one seeker"):
        explain_pair(world.seekers, world.vacancies.take([0]), world.rules, TODAY)


@pytest.mark.parametrize(
    ("occupation", "expected"),
    [(1, OccupationTie.SAME), (2, OccupationTie.ISCO4), (0, OccupationTie.ISCO3), (3, OccupationTie.ISCO2)],
)
def test_the_tie_is_the_closest_one(occupation: int, expected: OccupationTie) -> None:
    world = make_world(5, 1, 1, "plain")
    seeker = _with_work(world.seekers, [6, occupation])
    vacancy = world.vacancies
    vacancy = type(vacancy)(
        **{**vars(vacancy), "occupation_ptr": np.array([0, 1]), "occupation": np.array([1])}
    )  # fmt: skip
    story = explain_pair(seeker, vacancy, world.rules, TODAY)
    assert (story.tie, story.tied_occupation, story.tied_by_work) == (expected, occupation, True)


def _with_work(seeker: SeekerColumns, occupations: list[int]) -> SeekerColumns:
    """Give one seeker two years in each of the occupations, ended yesterday, and no wish."""
    n = len(occupations)
    return SeekerColumns(
        **{
            **vars(seeker), "wish_ptr": np.array([0, 0]), "wish_occupation": np.empty(0), "work_ptr": np.array([0, n]),
            "work_occupation": np.array(occupations), "work_months": np.full(n, 24), "work_started": np.zeros(n),
            "work_ended": np.full(n, TODAY - 1),
        }
    )  # fmt: skip
