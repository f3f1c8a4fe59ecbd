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
permits
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
from jobmatching.engine.criteria import SCORED, Criterion, State
from jobmatching.engine.features import EXPERIENCE_UNKNOWN, MAX_FEATURES, FeatureSpace
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
    return explained


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
def _scored_state(asked: bool, nothing_known: bool, met: bool, had: int) -> int:
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

    `asks` is 0 where the reading does not list the feature, 1 where it does, 2 where it is required as a skill.
    """
    weights = np.zeros(MAX_FEATURES, np.int32)
    asks = np.zeros(MAX_FEATURES, np.uint8)
    had = np.zeros(3, np.int64)
    possible = np.zeros(3, np.int64)
    n = vacancy_rows.size
    first = 0
    while first < n:
        v = vacancy_rows[first]
        last = first + 1
        while last < n and vacancy_rows[last] == v:
            last += 1
        best = np.full(last - first, -1, np.int64)
        for r in range(reading_ptr[v], reading_ptr[v + 1]):
            possible[:] = 0
            asked_skills = 0
            asks_occupation = False
            for k in range(v_ptr[r], v_ptr[r + 1]):
                f = np.int64(v_feature[k])
                weights[f] = v_weight[k]
                asks[f] = 1
                if f > EXPERIENCE_UNKNOWN and f < ranges.group:
                    possible[0] += 100 * np.int64(v_weight[k])
                    asks_occupation = True
                elif f >= ranges.skill and f < ranges.experience:
                    possible[1] += 100 * np.int64(v_weight[k])
                    asked_skills += 1
                elif f >= ranges.experience:
                    possible[2] += 100 * np.int64(v_weight[k])
            required = essential_ptr[r + 1] - essential_ptr[r]
            for k in range(essential_ptr[r], essential_ptr[r + 1]):
                asks[essential[k]] = 2
            wanted = 2 if required > 0 else 1
            if required == 0:
                required = asked_skills
            for p in range(first, last):
                s = seeker_rows[p]
                had[:] = 0
                exact = False
                nothing_known = 0
                matched = 0
                k, end = ptr[s], ptr[s + 1]
                while k < end and feature[k] <= EXPERIENCE_UNKNOWN:
                    nothing_known |= 1 << feature[k]
                    had[feature[k]] += np.int64(weights[feature[k]]) * value[k]
                    k += 1
                while k < end and feature[k] < ranges.group:
                    f = np.int64(feature[k])
                    had[0] += np.int64(weights[f]) * value[k]
                    exact |= asks[f] != 0 and f >= ranges.isco4 and f < ranges.related
                    k += 1
                while k < end and feature[k] < ranges.experience:
                    f = np.int64(feature[k])
                    had[1] += np.int64(weights[f]) * value[k]
                    matched += f >= ranges.skill and asks[f] >= wanted
                    k += 1
                while k < end:
                    had[2] += np.int64(weights[np.int64(feature[k])]) * value[k]
                    k += 1
                total = had[0] + had[1] + had[2]
                if total > best[p - first]:
                    best[p - first] = total
                    for criterion in range(3):
                        had_out[p, criterion] = had[criterion]
                        possible_out[p, criterion] = possible[criterion]
                    states_out[p, 0] = _scored_state(asks_occupation, nothing_known & 1 != 0, exact, had[0])
                    states_out[p, 1] = _scored_state(asked_skills > 0, nothing_known & 2 != 0, matched == required, had[1])
                    states_out[p, 2] = _scored_state(
                        possible[2] > 0, nothing_known & 4 != 0, had[2] == possible[2], had[2]
                    )
            for k in range(v_ptr[r], v_ptr[r + 1]):
                weights[v_feature[k]] = 0
                asks[v_feature[k]] = 0
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
