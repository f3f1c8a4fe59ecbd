"""Explanations in bulk: points had and possible by criterion, and the seven states, for many pairs at once.

States, from what the vacancy's best reading asks and what is known of the seeker:

===============  =====================================================================================================
occupation       met: the same occupation or the same ISCO-08 unit group (4 digits); partly: the same minor or
                 sub-major group (3, 2 digits) or a related occupation; missing: known, and nothing of these
skills           met: every essential skill (if none is essential, every skill asked) is had, by confirmation, own
                 word or implied by an occupation; partly: some points; missing: skills known, but no points
experience       met: the months asked are reached in full; partly: some points; missing: history known, no points
travel           met, or missing (outside the reach); unknown: not known where the seeker can work;
                 not asked: remote, or no place stated
working time,    of the mask's bits that belong to the criterion: missing: none of those known is had and one is
languages,       missing; partly: one is missing, another had; unknown: none missing, one not known; met: all had
permits          Of working time, a stated start of the work is one more part: had when free by then, missing when free
                 only later
===============  =====================================================================================================

A criterion about which nothing is known is unknown (and earns its neutral share of points); one that the vacancy does
not ask is not asked. "Had" of a skill means that its own level is above what its group alone would give.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock, fits_every_place, reach_is_unknown
from jobmatching.engine.columns import NEVER
from jobmatching.engine.criteria import SCORED, Criterion, State
from jobmatching.engine.features import EXPERIENCE_UNKNOWN, OCCUPATION_UNKNOWN, SKILLS_UNKNOWN, FeatureSpace
from jobmatching.engine.packing import AVAILABLE_UNKNOWN
from jobmatching.engine.rules import Rules

_NOT_ASKED: Final = int(State.NOT_ASKED)
_MET: Final = int(State.MET)
_PARTLY: Final = int(State.PARTLY)
_MISSING: Final = int(State.MISSING)
_UNKNOWN: Final = int(State.UNKNOWN)
_TRAVEL: Final = int(Criterion.TRAVEL)
_FROM_MASK: Final = (int(Criterion.WORKING_TIME), int(Criterion.LANGUAGES), int(Criterion.PERMITS))

_CHUNK: Final = 50_000


@dataclass(frozen=True)
class Explained:
    """Explanations of n pairs, in the order of the pairs."""

    had: npt.NDArray[np.int32]
    """[n, 3] points had in occupation, skills, experience; a row sums to the pair's score."""
    possible: npt.NDArray[np.int32]
    """[n, 3] points possible; a row sums to 1,000,000."""
    states: npt.NDArray[np.uint8]
    """[n, 7] `State` of each `Criterion`."""


def explain_pairs(
    pairs: npt.NDArray[Any],
    seekers: SeekerBlock,
    vacancies: VacancyBlock,
    rules: Rules,
    criterion_of_bit: npt.ArrayLike,
    *,
    threads: int = 1,
) -> Explained:
    """Explain pairs (a structured array with vacancy_id and seeker_id, best grouped by vacancy).

    `criterion_of_bit` [256] names the criterion (working time, languages or permits) of each bit of the masks.
    Raises KeyError when a pair names somebody who is not in the blocks.
    """
    seeker_rows = _rows_of(seekers.ids, pairs["seeker_id"])
    vacancy_rows = _rows_of(vacancies.ids, pairs["vacancy_id"])
    of_bit = np.asarray(criterion_of_bit, dtype=np.uint8)
    masks = np.zeros((len(_FROM_MASK), vacancies.need.shape[1]), np.uint64)
    for row, criterion in enumerate(_FROM_MASK):
        masks[row] = np.packbits(of_bit == criterion, bitorder="little").view(np.uint64)
    ranges = FeatureSpace.of(rules).ranges
    explained = Explained(
        np.zeros((pairs.size, len(SCORED)), np.int32),
        np.zeros((pairs.size, len(SCORED)), np.int32),
        np.zeros((pairs.size, len(Criterion)), np.uint8),
    )

    def work(low: int) -> None:
        part = slice(low, low + _CHUNK)
        _explain(
            vacancy_rows[part], seeker_rows[part], seekers.has, seekers.unknown, seekers.reach,
            reach_is_unknown(seekers), seekers.ptr, seekers.feature, seekers.value, vacancies.need, vacancies.places,
            fits_every_place(vacancies), vacancies.reading_ptr, vacancies.ptr, vacancies.feature, vacancies.weight,
            vacancies.essential_ptr, vacancies.essential, ranges, masks,
            explained.had[part], explained.possible[part], explained.states[part],
        )  # fmt: skip

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, pairs.size, _CHUNK)))
    _add_availability(explained.states[:, Criterion.WORKING_TIME], seekers, vacancies, seeker_rows, vacancy_rows)
    return explained


def _add_availability(
    states: npt.NDArray[np.uint8], seekers: SeekerBlock, vacancies: VacancyBlock, seeker_rows: npt.NDArray[np.int64],
    vacancy_rows: npt.NDArray[np.int64],
) -> None:  # fmt: skip
    """Let the start of the work, where it is stated, count as one more part of working time; changes `states`."""
    starts = vacancies.starts[vacancy_rows]
    stated = starts != NEVER
    open_ = stated & (seekers.flags[seeker_rows] & AVAILABLE_UNKNOWN != 0)
    late = stated & ~open_ & (seekers.available_from[seeker_rows] > starts)
    in_time = stated & ~open_ & ~late
    had = np.isin(states, (State.MET, State.PARTLY))
    states[in_time & (states == State.NOT_ASKED)] = State.MET
    states[open_ & np.isin(states, (State.NOT_ASKED, State.MET))] = State.UNKNOWN
    states[late] = np.where(had[late], State.PARTLY, State.MISSING)


def _rows_of(ids: npt.NDArray[np.int32], wanted: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the row of each wanted id; raises KeyError where one is not there."""
    if not wanted.size:
        return np.empty(0, np.int64)
    order = np.argsort(ids)
    rows = order[np.minimum(np.searchsorted(ids[order], wanted), ids.size - 1)] if ids.size else wanted
    if not ids.size or np.any(ids[rows] != wanted):
        raise KeyError("a pair names somebody who is not in the blocks")
    return rows.astype(np.int64)


@njit(cache=True, nogil=True)
def _mask_state(need: Any, has: Any, unknown: Any, mask: Any) -> int:
    """State of one criterion that the masks decide; `mask` holds its bits."""
    asked = had = missing = open_ = np.uint64(0)
    for w in range(need.size):
        bits = need[w] & mask[w]
        asked |= bits
        had |= bits & has[w]
        open_ |= bits & unknown[w] & ~has[w]
        missing |= bits & ~(has[w] | unknown[w])
    if asked == 0:
        return _NOT_ASKED
    if missing != 0:
        return _PARTLY if had != 0 else _MISSING
    return _UNKNOWN if open_ != 0 else _MET


@njit(cache=True, nogil=True)
def _scored_state(asked: Any, nothing_known: bool, met: Any, had: Any) -> int:
    """State of one criterion that earns points."""
    if not asked:
        return _NOT_ASKED
    if nothing_known:
        return _UNKNOWN
    if met:
        return _MET
    return _PARTLY if had > 0 else _MISSING


@njit(cache=True, nogil=True)
def _explain(
    vacancy_rows: Any, seeker_rows: Any, has: Any, unknown: Any, reach: Any, reach_unknown: Any, ptr: Any, feature: Any,
    value: Any, need: Any, places: Any, every_place: Any, reading_ptr: Any, v_ptr: Any, v_feature: Any, v_weight: Any,
    essential_ptr: Any, essential: Any, ranges: Any, masks: Any, had_out: Any, possible_out: Any, states_out: Any,
) -> None:  # fmt: skip
    """Explain pair by pair: a vacancy's reading lies spread out by feature while its seekers' features pass by.

    `spread` holds weight << 2 | mark, with the mark 0 where the reading does not list the feature, 1 where it does, 2
    where it is required as a skill: one look in memory for both.
    """
    spread = np.zeros(ranges.end, np.int32)
    best = np.empty(vacancy_rows.size, np.int64)
    first = 0
    while first < vacancy_rows.size:
        v = vacancy_rows[first]
        last = first + 1
        while last < vacancy_rows.size and vacancy_rows[last] == v:
            last += 1
        best[first:last] = -1
        for r in range(reading_ptr[v], reading_ptr[v + 1]):
            possible_occupation = possible_skills = possible_experience = np.int64(0)
            asked_skills = 0
            asks_occupation = False
            for k in range(v_ptr[r], v_ptr[r + 1]):
                f = v_feature[k]
                spread[f] = v_weight[k] << 2 | 1
                if f >= ranges.experience:
                    possible_experience += 100 * np.int64(v_weight[k])
                elif f >= ranges.skill:
                    possible_skills += 100 * np.int64(v_weight[k])
                    asked_skills += 1
                elif EXPERIENCE_UNKNOWN < f < ranges.group:
                    possible_occupation += 100 * np.int64(v_weight[k])
                    asks_occupation = True
            required = essential_ptr[r + 1] - essential_ptr[r]
            for k in range(essential_ptr[r], essential_ptr[r + 1]):
                spread[essential[k]] += 1
            wanted = 2 if required > 0 else 1
            if required == 0:
                required = asked_skills
            for p in range(first, last):
                s = seeker_rows[p]
                # Unsigned positions spare the check for counting from the end.
                at: Any = np.uintp(ptr[s])
                end, step = np.uintp(ptr[s + 1]), np.uintp(1)
                no_occupation = no_skills = no_history = exact = False
                matched = 0
                occupation = skills = experience = np.int64(0)
                while at < end and feature[at] <= EXPERIENCE_UNKNOWN:
                    points = np.int64(spread[feature[at]] >> 2) * value[at]
                    if feature[at] == OCCUPATION_UNKNOWN:
                        no_occupation, occupation = True, points
                    elif feature[at] == SKILLS_UNKNOWN:
                        no_skills, skills = True, points
                    else:
                        no_history, experience = True, points
                    at += step
                while at < end and feature[at] < ranges.isco4:
                    occupation += np.int64(spread[feature[at]] >> 2) * value[at]
                    at += step
                while at < end and feature[at] < ranges.related:
                    occupation += np.int64(spread[feature[at]] >> 2) * value[at]
                    exact |= spread[feature[at]] != 0
                    at += step
                while at < end and feature[at] < ranges.group:
                    occupation += np.int64(spread[feature[at]] >> 2) * value[at]
                    at += step
                while at < end and feature[at] < ranges.skill:
                    skills += np.int64(spread[feature[at]] >> 2) * value[at]
                    at += step
                while at < end and feature[at] < ranges.experience:
                    skills += np.int64(spread[feature[at]] >> 2) * value[at]
                    matched += (spread[feature[at]] & 3) >= wanted
                    at += step
                while at < end:
                    experience += np.int64(spread[feature[at]] >> 2) * value[at]
                    at += step
                total = occupation + skills + experience
                if total <= best[p]:
                    continue
                best[p] = total
                had_out[p, 0], had_out[p, 1], had_out[p, 2] = occupation, skills, experience
                possible_out[p, 0], possible_out[p, 1] = possible_occupation, possible_skills
                possible_out[p, 2] = possible_experience
                states_out[p, 0] = _scored_state(asks_occupation, no_occupation, exact, occupation)
                states_out[p, 1] = _scored_state(asked_skills > 0, no_skills, matched == required, skills)
                states_out[p, 2] = _scored_state(
                    possible_experience > 0, no_history, experience == possible_experience, experience
                )
            for k in range(v_ptr[r], v_ptr[r + 1]):
                spread[v_feature[k]] = 0
        for p in range(first, last):
            s = seeker_rows[p]
            if every_place[v]:
                states_out[p, _TRAVEL] = _NOT_ASKED
            elif reach_unknown[s]:
                states_out[p, _TRAVEL] = _UNKNOWN
            else:
                reached = np.uint64(0)
                for w in range(places.shape[1]):
                    reached |= reach[s, w] & places[v, w]
                states_out[p, _TRAVEL] = _MET if reached != 0 else _MISSING
            for row in range(len(_FROM_MASK)):
                states_out[p, _FROM_MASK[row]] = _mask_state(need[v], has[s], unknown[s], masks[row])
        first = last
