"""Vacancies -> weights `W`: what each of them asks, and what that is worth.

A vacancy that names several occupations means "any of them". It is read once per occupation; each reading is a
full set of weights, and a pair's score is that of its best reading (the first of equals).
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.columns import VacancyColumns
from jobmatching.engine.csr import grown
from jobmatching.engine.features import EXPERIENCE_UNKNOWN, OCCUPATION_UNKNOWN, SKILLS_UNKNOWN, FeatureSpace
from jobmatching.engine.rules import WEIGHT_SUM, Rules

_LEVELS: Final = 5


class VacancyFeatures(NamedTuple):
    """Readings of n vacancies (nR in all) and their weighted features, ascending in a reading.

    Nodes of the occupation are listed even where they weigh nothing, so that an explanation can name them.
    """

    reading_ptr: npt.NDArray[np.int64]
    """[n + 1] readings of each vacancy, at least one."""
    reading_occupation: npt.NDArray[np.int32]
    """[nR] occupation of the reading, -1 where the vacancy names none."""
    ptr: npt.NDArray[np.int64]
    """[nR + 1] rows of `feature` and `weight`."""
    feature: npt.NDArray[np.uint16]
    weight: npt.NDArray[np.int32]
    essential_ptr: npt.NDArray[np.int64]
    """[nR + 1] rows of `essential`."""
    essential: npt.NDArray[np.uint16]
    """Skill features that the reading cannot do without, ascending."""


class _Tables(NamedTuple):
    """What the compiled loops need of the rules."""

    nodes: npt.NDArray[np.int32]
    node_starts: npt.NDArray[np.int64]
    increments: npt.NDArray[np.int64]
    group: int
    skill: int
    end: int
    relation_ptr: npt.NDArray[np.int64]
    relation_skill: npt.NDArray[np.int32]
    relation_essential: npt.NDArray[np.bool_]
    skill_group: npt.NDArray[np.int32]
    idf: npt.NDArray[np.uint16]
    essential: int
    optional: int
    experience_start: npt.NDArray[np.int64]
    experience_increments: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int64]
    shares: npt.NDArray[np.int64]
    unknown: int


def expand_vacancies(columns: VacancyColumns, rules: Rules) -> VacancyFeatures:
    """Return the weighted features of the vacancies.

    The own weights of a reading (what a seeker can fully have: all but groups and unknowns) sum to 10,000, or to
    0 where the vacancy says nothing that could be weighed.
    """
    occupation, reading_ptr = _readings(columns)
    reading_row = np.repeat(np.arange(len(columns)), np.diff(reading_ptr))
    return VacancyFeatures(
        reading_ptr,
        occupation,
        *_expand(
            reading_row, occupation, columns.skill_ptr, columns.skill, columns.skill_essential,
            columns.experience_months, _tables(rules),
        ),
    )  # fmt: skip


def _readings(columns: VacancyColumns) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """List the occupation of every reading; a vacancy without any coded occupation has one reading with -1."""
    coded = columns.occupation >= 0
    running = np.concatenate(([0], np.cumsum(coded)))
    counts = running[columns.occupation_ptr[1:]] - running[columns.occupation_ptr[:-1]]
    reading_ptr = np.concatenate(([0], np.cumsum(np.maximum(counts, 1)))).astype(np.int64)
    occupation = np.full(reading_ptr[-1], -1, np.int32)
    occupation[np.repeat(counts > 0, np.maximum(counts, 1))] = columns.occupation[coded]
    return occupation, reading_ptr


def _tables(rules: Rules) -> _Tables:
    space, taxonomy, weights = FeatureSpace.of(rules), rules.taxonomy, rules.weights
    own = np.arange(taxonomy.n_occupations, dtype=np.int32)
    ranges = space.ranges
    return _Tables(
        np.column_stack((*space.nodes, own, own)),
        np.array(ranges[:_LEVELS], np.int64),
        np.array(weights.occupation_increments, np.int64),
        ranges.group,
        ranges.skill,
        ranges.end,
        taxonomy.relation_ptr,
        taxonomy.relation_skill,
        taxonomy.relation_essential,
        taxonomy.skill_group,
        taxonomy.idf,
        weights.essential,
        weights.optional,
        np.array(space.experience_level_starts, np.int64),
        np.array(weights.experience_increments, np.int64),
        np.array(weights.experience_steps, np.int64),
        np.array((weights.occupation, weights.skills, weights.experience), np.int64),
        weights.unknown,
    )


@njit(cache=True, nogil=True)
def _apportion(total: int, raw: Any) -> Any:
    """Share the total out in proportion to raw, rounded down; the rest goes to the largest (the first of equals)."""
    shares = total * raw // max(np.int64(1), raw.sum())
    if raw.sum() > 0:
        shares[np.argmax(raw)] += total - shares.sum()
    return shares


@njit(cache=True, nogil=True)
def _collect_skills(t: Any, skills: Any, essential: Any, raw_of: Any, essential_of: Any) -> Any:
    """Return the distinct skills, ascending, marking what each counts (scratch by skill) and if it is essential."""
    for k in range(skills.size):
        raw = np.int64(t.idf[skills[k]]) * (t.essential if essential[k] else t.optional)
        raw_of[skills[k]] = max(raw_of[skills[k]], raw)
        essential_of[skills[k]] |= essential[k]
    return np.unique(skills)


@njit(cache=True, nogil=True)
def _experience_raw(t: Any, nodes: Any, asked: int) -> Any:
    """Return what each (isco3, isco4, leaf) x step counts: its months up to the greatest step that is asked.

    Asked months are read as the greatest step not above them, and at least the first step.
    """
    raw = np.zeros((3, t.steps.size), np.int64)
    steps = max(np.int64(1), np.searchsorted(t.steps, asked, side="right"))
    for level in range(3):
        if nodes[level + 1] >= 0:
            for step in range(steps):
                width = t.steps[step] - (t.steps[step - 1] if step > 0 else 0)
                raw[level, step] = t.experience_increments[level] * width
    return raw


@njit(cache=True, nogil=True)
def _expand(
    reading_row: Any, reading_occupation: Any, skill_ptr: Any, skill: Any, skill_essential: Any, asked_months: Any,
    t: Any,
) -> Any:  # fmt: skip
    """Expand all readings; weights of a reading gather in one dense scratch row."""
    n = reading_occupation.size
    weights = np.zeros(t.end, np.int64)
    raw_of = np.zeros(t.idf.size, np.int64)
    essential_of = np.zeros(t.idf.size, np.bool_)
    ptr = np.zeros(n + 1, np.int64)
    essential_ptr = np.zeros(n + 1, np.int64)
    feature = np.empty(64 * n + 64, np.uint16)
    weight = np.empty(64 * n + 64, np.int32)
    essential = np.empty(16 * n + 16, np.uint16)
    nothing = np.full(_LEVELS, -1, np.int32)
    for r in range(n):
        row, occupation = reading_row[r], reading_occupation[r]
        asked_occupation = occupation >= 0
        nodes = t.nodes[occupation] if asked_occupation else nothing
        first, last = skill_ptr[row], skill_ptr[row + 1]
        listed, marks = skill[first:last], skill_essential[first:last]
        if first == last and asked_occupation:
            first, last = t.relation_ptr[occupation], t.relation_ptr[occupation + 1]
            listed, marks = t.relation_skill[first:last], t.relation_essential[first:last]
        skills = _collect_skills(t, listed, marks, raw_of, essential_of)
        occupation_raw = t.increments * (nodes >= 0)
        skill_raw = raw_of[skills]
        experience_raw = np.zeros((3, t.steps.size), np.int64)
        if asked_months[row] > 0:
            experience_raw = _experience_raw(t, nodes, asked_months[row])
        # What is not asked gives its share to the other criteria.
        asked = np.array([occupation_raw.sum(), skill_raw.sum(), experience_raw.sum()]) > 0
        budget = _apportion(WEIGHT_SUM, t.shares * asked)

        found = np.empty(3 + _LEVELS + 2 * skills.size + experience_raw.size, np.int64)
        count = 0
        for criterion, unknown in enumerate((OCCUPATION_UNKNOWN, SKILLS_UNKNOWN, EXPERIENCE_UNKNOWN)):
            if budget[criterion] > 0:
                found[count] = unknown
                weights[unknown] = budget[criterion] * t.unknown // 100
                count += 1
        shares = _apportion(budget[0], occupation_raw)
        for level in range(_LEVELS):
            if nodes[level] >= 0:
                found[count] = t.node_starts[level] + nodes[level]
                weights[found[count]] = shares[level]
                count += 1
        shares = _apportion(budget[1], skill_raw)
        for k in range(skills.size):
            s = skills[k]
            if weights[t.group + t.skill_group[s]] == 0 and shares[k] > 0:
                found[count] = t.group + t.skill_group[s]
                count += 1
            weights[t.group + t.skill_group[s]] += shares[k]
            found[count] = t.skill + s
            weights[found[count]] = shares[k]
            count += 1
        shares = _apportion(budget[2], experience_raw.reshape(experience_raw.size))
        for k in range(shares.size):
            if shares[k] > 0:
                level, step = divmod(k, t.steps.size)
                found[count] = t.experience_start[level] + nodes[level + 1] * t.steps.size + step
                weights[found[count]] = shares[k]
                count += 1

        features = np.sort(found[:count])
        start, marked = ptr[r], essential_ptr[r]
        feature = grown(feature, start + count)
        weight = grown(weight, start + count)
        essential = grown(essential, marked + skills.size)
        for k in range(count):
            feature[start + k] = features[k]
            weight[start + k] = weights[features[k]]
            weights[features[k]] = 0
        for s in skills:
            if essential_of[s]:
                essential[marked] = t.skill + s
                marked += 1
            raw_of[s] = 0
            essential_of[s] = False
        ptr[r + 1] = start + count
        essential_ptr[r + 1] = marked
    return ptr, feature[: ptr[n]].copy(), weight[: ptr[n]].copy(), essential_ptr, essential[: essential_ptr[n]].copy()
