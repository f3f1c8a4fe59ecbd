"""Near misses: pairs at the floor or above that exactly one KNOWN missing requirement keeps apart.

The one requirement is a bit of the mask, the place (outside the reach but inside the wider one) or the day (free
later than the work starts). Per vacancy the best few are listed; per requirement it is counted how many pairs, seekers
and vacancies it would unlock. Only the floor decides here, never the length of a list, so the counts are exact.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.criteria import AVAILABILITY_REQUIREMENT, REQUIREMENTS, TRAVEL_REQUIREMENT
from jobmatching.engine.kernel import push
from jobmatching.engine.rules import OUT_OF_REACH, Rules
from jobmatching.engine.shards import (
    DENSE_SHARE,
    STRIDE,
    Demand,
    collect_marked,
    gather_columns,
    neighbour_ranks,
    order_seekers,
    place_start,
    score_everybody,
    shard_bounds,
)  # fmt: skip
from jobmatching.engine.top import ID_LIMIT

NEAR_MISS: Final = np.dtype([("vacancy_id", "<i4"), ("seeker_id", "<i4"), ("score", "<i4"), ("requirement", "<u2")])
UNLOCK: Final = np.dtype([("requirement", "<u2"), ("pairs", "<i8"), ("seekers", "<i8"), ("vacancies", "<i8")])

_REQUIREMENT_WORDS: Final = (REQUIREMENTS + 63) // 64
_HEAD: Final = 3

_SHIFT: Final = 9
"""A list item is the key of `top` shifted by so many bits, with the requirement below."""

_BIT_OF: Final = np.zeros(64, np.int64)
_DE_BRUIJN: Final = np.uint64(0x03F79D71B4CB0A89)
"""A power of two times this number has in its upper six bits a value of its own for each power."""
_BIT_OF[[(0x03F79D71B4CB0A89 << bit & 2**64 - 1) >> 58 for bit in range(64)]] = np.arange(64)


@dataclass(frozen=True)
class NearMisses:
    """Near misses of a slice of seekers with all vacancies, in a form that adds up exactly over slices."""

    pairs: npt.NDArray[Any]
    """[dtype NEAR_MISS] at most near_miss_k a vacancy, sorted by vacancy, score from the highest, seeker."""
    pair_counts: npt.NDArray[np.int64]
    """[258] pairs that each requirement alone keeps apart."""
    seeker_counts: npt.NDArray[np.int64]
    """[258] seekers in these pairs; slices hold different seekers, so the counts add up."""
    vacancy_ids: npt.NDArray[np.int32]
    """[m] vacancies in these pairs, ascending."""
    vacancy_bits: npt.NDArray[np.uint64]
    """[m, 5] for each of them the requirements that keep some pair of it apart."""
    feasible: int
    """Pairs without any known miss, at the floor or above."""

    @property
    def unlocks(self) -> npt.NDArray[Any]:
        """Return, for each requirement that keeps a pair apart, pairs, distinct seekers and distinct vacancies."""
        found = np.flatnonzero(self.pair_counts)
        unlocks = np.empty(found.size, UNLOCK)
        unlocks["requirement"] = found
        unlocks["pairs"], unlocks["seekers"] = self.pair_counts[found], self.seeker_counts[found]
        bit = np.uint64(1) << (found % 64).astype(np.uint64)
        unlocks["vacancies"] = (self.vacancy_bits[:, found // 64] & bit != 0).sum(axis=0)
        return unlocks

    def dumps(self) -> bytes:
        """Return the result as bytes."""
        head = np.array([self.pairs.size, self.vacancy_ids.size, self.feasible], "<i8")
        parts = (head, self.pair_counts, self.seeker_counts, self.vacancy_bits, self.vacancy_ids, self.pairs)
        return b"".join(part.tobytes() for part in parts)

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """Read what `dumps` wrote; raises ValueError when it is cut short."""
        n_pairs, n_vacancies, feasible = (int(number) for number in np.frombuffer(content, "<i8", _HEAD))
        after_counts = 8 * (_HEAD + 2 * REQUIREMENTS)
        after_bits = after_counts + 8 * n_vacancies * _REQUIREMENT_WORDS
        bits = np.frombuffer(content, "<u8", n_vacancies * _REQUIREMENT_WORDS, after_counts)
        return cls(
            np.frombuffer(content, NEAR_MISS, n_pairs, after_bits + 4 * n_vacancies),
            np.frombuffer(content, "<i8", REQUIREMENTS, 8 * _HEAD),
            np.frombuffer(content, "<i8", REQUIREMENTS, 8 * (_HEAD + REQUIREMENTS)),
            np.frombuffer(content, "<i4", n_vacancies, after_bits),
            bits.reshape(n_vacancies, _REQUIREMENT_WORDS),
            feasible,
        )


def find_near_misses(
    seekers: SeekerBlock, vacancies: VacancyBlock, rules: Rules, *, threads: int = 1, shard_rows: int | None = None
) -> NearMisses:
    """Return the near misses of these seekers and vacancies, whatever the threads, the shards and the order of rows."""
    weights = rules.weights
    if not len(seekers) or not len(vacancies):
        return combine_near_misses([], rules)
    rank = neighbour_ranks(seekers)
    order = order_seekers(seekers, rank)
    demand = Demand.of(vacancies, rank)
    bounds = shard_bounds(len(seekers), threads, shard_rows)

    def work(thread: int) -> tuple[npt.NDArray[Any], ...]:
        """Go through every threads-th shard."""
        keys = np.full((len(vacancies), weights.near_miss_k), (weights.floor << (32 + _SHIFT)) - 1, np.int64)
        pair_counts, seeker_counts = np.zeros(REQUIREMENTS, np.int64), np.zeros(REQUIREMENTS, np.int64)
        vacancy_bits = np.zeros((len(vacancies), _REQUIREMENT_WORDS), np.uint64)
        feasible = np.zeros(1, np.int64)
        for low, high in bounds[thread::threads]:
            _scan_shard(
                order[low:high], seekers.ids, seekers.available_from, seekers.has, seekers.unknown, seekers.reach,
                seekers.reach_wide, seekers.ptr, seekers.feature, seekers.value, demand.starts, demand.need,
                demand.places, demand.same_place, demand.reading_ptr, demand.ptr, demand.feature, demand.weight,
                demand.number_of, demand.n_features, weights.floor, keys, pair_counts, seeker_counts, vacancy_bits,
                feasible,
            )  # fmt: skip
        return keys, pair_counts, seeker_counts, vacancy_bits, feasible

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(work, range(threads)))
    parts = [
        _of_thread(keys, demand.ids, pair_counts, seeker_counts, vacancy_bits, int(feasible[0]), weights.floor)
        for keys, pair_counts, seeker_counts, vacancy_bits, feasible in results
    ]
    return combine_near_misses(parts, rules)


def combine_near_misses(parts: Sequence[NearMisses], rules: Rules) -> NearMisses:
    """Join the near misses of disjoint slices of seekers, in any order and grouping."""
    pairs = np.concatenate([np.empty(0, NEAR_MISS), *(part.pairs for part in parts)])
    pairs = pairs[np.lexsort((pairs["seeker_id"], -pairs["score"], pairs["vacancy_id"]))]
    first = np.searchsorted(pairs["vacancy_id"], pairs["vacancy_id"])
    vacancy_ids, of = np.unique(
        np.concatenate([np.empty(0, np.int32), *(p.vacancy_ids for p in parts)]), return_inverse=True
    )
    bits = np.zeros((vacancy_ids.size, _REQUIREMENT_WORDS), np.uint64)
    np.bitwise_or.at(
        bits, of, np.concatenate([np.empty((0, _REQUIREMENT_WORDS), np.uint64), *(p.vacancy_bits for p in parts)])
    )
    nothing = np.zeros(REQUIREMENTS, np.int64)
    return NearMisses(
        pairs[np.arange(pairs.size) - first < rules.weights.near_miss_k],
        sum((part.pair_counts for part in parts), nothing),
        sum((part.seeker_counts for part in parts), nothing),
        vacancy_ids,
        bits,
        sum(part.feasible for part in parts),
    )


def _of_thread(
    keys: npt.NDArray[np.int64], vacancy_ids: npt.NDArray[np.int32], pair_counts: npt.NDArray[np.int64],
    seeker_counts: npt.NDArray[np.int64], vacancy_bits: npt.NDArray[np.uint64], feasible: int, floor: int,
) -> NearMisses:  # fmt: skip
    """Spell out one thread's heaps."""
    rows, columns = np.nonzero(keys >= floor << (32 + _SHIFT))
    real = keys[rows, columns]
    pairs = np.empty(real.size, NEAR_MISS)
    pairs["vacancy_id"] = vacancy_ids[rows]
    pairs["seeker_id"] = ID_LIMIT - ((real >> _SHIFT) & 0xFFFFFFFF)
    pairs["score"] = real >> (32 + _SHIFT)
    pairs["requirement"] = real & ((1 << _SHIFT) - 1)
    seen = vacancy_bits.any(axis=1)
    return NearMisses(pairs, pair_counts, seeker_counts, vacancy_ids[seen], vacancy_bits[seen], feasible)


@njit(cache=True, nogil=True)
def _scan_shard(
    rows: Any, ids: Any, available: Any, has: Any, unknown: Any, reach: Any, reach_wide: Any, ptr: Any, feature: Any,
    value: Any, v_starts: Any, need: Any, places: Any, same_place: Any, reading_ptr: Any, v_ptr: Any, v_feature: Any,
    v_weight: Any, number_of: Any, n_features: int, floor: int, vacancy_keys: Any, pair_counts: Any,
    seeker_counts: Any, vacancy_bits: Any, feasible: Any,
) -> None:  # fmt: skip
    """Go through one shard (`rows` of the seekers) with all vacancies, updating heaps and counts."""
    n = rows.size
    width = (n + STRIDE - 1) // STRIDE * STRIDE
    list_ptr, list_row, list_value, dense_of, dense = gather_columns(
        rows, ptr, feature, value, number_of, n_features, max(1, n // DENSE_SHARE), width
    )
    masks, place_words = need.shape[1], places.shape[1]
    allowed = np.empty((n, masks), np.uint64)
    free_from = np.empty(n, np.int32)
    anywhere = np.zeros(place_words, np.uint64)
    for position in range(n):
        i = rows[position]
        free_from[position] = available[i]
        for w in range(masks):
            allowed[position, w] = has[i, w] | unknown[i, w]
        for w in range(place_words):
            anywhere[w] |= reach_wide[i, w]
    lowest = np.int32(floor)
    seeker_bits = np.zeros((n, vacancy_bits.shape[1]), np.uint64)
    start = np.empty(width, np.int32)
    too_far = np.empty(width, np.uint8)
    total = np.empty(width, np.int32)
    other = np.empty(width, np.int32)
    marks = np.zeros(width, np.uint8)
    strides = marks.view(np.uint64)
    candidates = np.empty(width + 1, np.uint16)
    fitting = 0
    for v in range(v_starts.size):
        if v == 0 or not same_place[v]:
            fitting = 0
            for w in range(place_words):
                if places[v, w] & anywhere[w]:
                    fitting = place_start(start, reach_wide, rows, places[v], OUT_OF_REACH)
                    if fitting > 0:
                        _mark_too_far(too_far, reach, rows, places[v])
                    break
        if fitting == 0:
            continue
        score_everybody(total, other, start, reading_ptr[v], reading_ptr[v + 1], v_ptr, v_feature, v_weight,
                        list_ptr, list_row, list_value, dense_of, dense)  # fmt: skip
        for position in range(width):
            marks[position] = total[position] >= lowest
        # Always write, and move on only after one with a single miss: who has how many cannot be foretold.
        found = collect_marked(marks, strides, candidates)
        single = 0
        fit = 0
        for c in range(found):
            position = candidates[c]
            misses = np.int64(free_from[position] > v_starts[v]) + np.int64(too_far[position])
            for w in range(masks):
                missing = need[v, w] & ~allowed[position, w]
                # Two or more bits in one word count as two: more than one is enough to know.
                misses += np.int64(missing != 0) + np.int64((missing & (missing - np.uint64(1))) != 0)
            candidates[single] = position
            single += misses == 1
            fit += misses == 0
        feasible[0] += fit
        for c in range(single):
            position = candidates[c]
            requirement = TRAVEL_REQUIREMENT if too_far[position] else AVAILABILITY_REQUIREMENT
            for w in range(masks):
                missing = need[v, w] & ~allowed[position, w]
                if missing != 0:
                    requirement = 64 * w + _BIT_OF[(missing * _DE_BRUIJN) >> np.uint64(58)]
            pair_counts[requirement] += 1
            word, bit = requirement >> 6, np.uint64(1) << np.uint64(requirement & 63)
            seeker_counts[requirement] += (seeker_bits[position, word] & bit) == 0
            seeker_bits[position, word] |= bit
            vacancy_bits[v, word] |= bit
            key = (np.int64(total[position]) << 32 | np.int64(ID_LIMIT - ids[rows[position]])) << _SHIFT | requirement
            if key > vacancy_keys[v, 0]:
                push(vacancy_keys[v], key)


@njit(cache=True, nogil=True)
def _mark_too_far(too_far: Any, reach: Any, rows: Any, place: Any) -> None:
    """Mark those of a shard who do not reach a place within their own limit."""
    for position in range(rows.size):
        i = rows[position]
        shared = np.uint64(0)
        for w in range(place.size):
            shared |= reach[i, w] & place[w]
        too_far[position] = shared == 0
