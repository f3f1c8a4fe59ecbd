"""The order of the work: who is looked at together, so that what is in hand fits the processor's second cache.

Seekers are sorted by where they accept work and cut into shards; vacancies are sorted by place, so that a shard's
"who can get there" is computed once for a run of vacancies, and places that no one in a shard reaches are skipped.
None of this changes a result: it only makes it fast.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock, fits_every_place

LARGEST_SHARD: Final = 65_536
"""Rows of a shard are numbered by uint16."""

STRIDE: Final = 8
"""Candidates are marked by a byte each and looked for in strides of so many: one word of 64 bits."""

DENSE_SHARE: Final = 8
"""A feature that at least one in so many of a shard has is kept as a whole column."""

_SAMPLE: Final = 1_000
"""Seekers from whom the neighbourhood of municipalities is learned, at least (if there are so many)."""

_WIDE: Final = 64
"""Who reaches more municipalities than this says nothing about which of them are neighbours."""


@dataclass(frozen=True)
class Demand:
    """All vacancies of a run as every shard reads them: sorted by place, features numbered without gaps."""

    order: npt.NDArray[np.int64]
    """[n] the vacancies' rows in the order of the work; all arrays below follow it."""
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    need: npt.NDArray[np.uint64]
    places: npt.NDArray[np.uint64]
    """[n, P], all ones for a vacancy that fits every place."""
    same_place: npt.NDArray[np.bool_]
    """[n] the places are those of the vacancy before."""
    reading_ptr: npt.NDArray[np.int64]
    ptr: npt.NDArray[np.int64]
    """[nR + 1] rows of `feature` and `weight`."""
    feature: npt.NDArray[np.int32]
    """Numbers 0..F-1 of the features that weigh something in some vacancy."""
    weight: npt.NDArray[np.int32]
    number_of: npt.NDArray[np.int32]
    """[65,536] feature -> its number here, -1 = nobody asks for it."""
    n_features: int

    @classmethod
    def of(cls, vacancies: VacancyBlock, rank: npt.NDArray[np.int64]) -> Self:
        """Sort the vacancies by the rank of their first place; drop features without weight."""
        places = np.where(fits_every_place(vacancies)[:, None], np.uint64(2**64 - 1), vacancies.places)
        first = rank[_first_bits(places)]
        keys = (vacancies.ids, *(places[:, w] for w in range(places.shape[1])), first, fits_every_place(vacancies))
        order = np.lexsort(keys)
        block = vacancies.take(order)
        places = places[order]
        same = np.zeros(len(block), np.bool_)
        same[1:] = (places[1:] == places[:-1]).all(axis=1)
        weighs = block.weight != 0
        live = np.unique(block.feature[weighs])
        number_of = np.full(LARGEST_SHARD, -1, np.int32)
        number_of[live] = np.arange(live.size)
        ptr = np.concatenate(([0], np.cumsum(weighs)))[block.ptr].astype(np.int64)
        return cls(
            order, block.ids, block.starts, block.need, places, same, block.reading_ptr,
            ptr, number_of[block.feature[weighs]], block.weight[weighs], number_of, int(live.size),
        )  # fmt: skip


def neighbour_ranks(seekers: SeekerBlock) -> npt.NDArray[np.int64]:
    """[64 P] a rank for every municipality, such that those which the same seekers reach stand close together."""
    ranks: npt.NDArray[np.int64] = _chain(seekers.reach[:: max(1, len(seekers) // _SAMPLE)])
    return ranks


@njit(cache=True, nogil=True)
def _chain(reach: Any) -> Any:
    """Rank municipalities in a chain: the one that most reach, then always the one that shares most with the last.

    Who reaches little says most about neighbourhood, who reaches very much says nothing.
    """
    width = 64 * reach.shape[1]
    shared = np.zeros((width, width), np.int64)
    reached = np.empty(width, np.int64)
    for i in range(reach.shape[0]):
        count = 0
        for place in range(width):
            if reach[i, place >> 6] >> np.uint64(place & 63) & np.uint64(1):
                reached[count] = place
                count += 1
        if count <= _WIDE:
            for a in range(count):
                for b in range(count):
                    shared[reached[a], reached[b]] += _WIDE // count
    rank = np.full(width, -1, np.int64)
    last = 0
    for place in range(width):
        if shared[place, place] > shared[last, last]:
            last = place
    for position in range(width):
        rank[last] = position
        best = -1
        for place in range(width):
            if rank[place] < 0 and (best < 0 or shared[last, place] > shared[last, best]):
                best = place
        last = best
    return rank


def order_seekers(seekers: SeekerBlock, rank: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """[n] rows sorted by the size of the area they reach (in powers of two), then the rank of home, then the area."""
    size = np.bitwise_count(seekers.reach).sum(axis=1)
    home = np.where(seekers.home >= 0, rank[np.clip(seekers.home, 0, rank.size - 1)], rank[_first_bits(seekers.reach)])
    areas = [seekers.reach[:, w] for w in range(seekers.reach.shape[1])]
    return np.lexsort((seekers.ids, *areas, home, np.ceil(np.log2(np.maximum(size, 1)))))


def shard_bounds(n: int, threads: int, shard_rows: int | None) -> list[tuple[int, int]]:
    """Cut n rows into equal shards of 1-2k rows (or `shard_rows`), at least four a thread when there are enough."""
    rows = shard_rows or min(max(n // (4 * threads), 1024), 2048)
    count = max(1, -(-n // max(1, min(rows, LARGEST_SHARD))))
    cuts = [n * i // count for i in range(count + 1)]
    return [(low, high) for low, high in pairwise(cuts) if high > low]


def _first_bits(places: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """[n] the lowest bit that is set in each row, 0 where none is."""
    lowest = places & (~places + np.uint64(1))
    bit = np.where(places != 0, np.bitwise_count(lowest - np.uint64(1)).astype(np.int64), 0)
    word = np.argmax(places != 0, axis=1)
    first: npt.NDArray[np.int64] = word * 64 + np.take_along_axis(bit, word[:, None], axis=1)[:, 0]
    return first


@njit(cache=True, nogil=True)
def gather_columns(
    rows: Any, ptr: Any, feature: Any, value: Any, number_of: Any, n_features: int, dense_from: int, width: int
) -> tuple[Any, Any, Any, Any, Any]:
    """Turn the features of a shard's rows round: who has the feature, and how much.

    Returns `list_ptr` [F + 1], `list_row` (uint16, position in the shard), `list_value` (uint8) for features that few
    have, and `dense_of` [F] (row of `dense`, -1 = a list) and `dense` [D, width] (uint8) for those that at least
    `dense_from` rows have.
    """
    counts = np.zeros(n_features, np.int32)
    for i in rows:
        for k in range(ptr[i], ptr[i + 1]):
            number = number_of[feature[k]]
            if number >= 0:
                counts[number] += 1
    dense_of = np.full(n_features, -1, np.int32)
    list_ptr = np.zeros(n_features + 1, np.int32)
    n_dense = 0
    for number in range(n_features):
        listed = counts[number]
        if counts[number] >= dense_from:
            dense_of[number] = n_dense
            n_dense += 1
            listed = 0
        list_ptr[number + 1] = list_ptr[number] + listed
        counts[number] = list_ptr[number]
    list_row = np.empty(list_ptr[n_features], np.uint16)
    list_value = np.empty(list_ptr[n_features], np.uint8)
    dense = np.zeros((n_dense, width), np.uint8)
    for position in range(rows.size):
        i = rows[position]
        for k in range(ptr[i], ptr[i + 1]):
            number = number_of[feature[k]]
            if number >= 0:
                if dense_of[number] >= 0:
                    dense[dense_of[number], position] = value[k]
                else:
                    list_row[counts[number]] = position
                    list_value[counts[number]] = value[k]
                    counts[number] += 1
    return list_ptr, list_row, list_value, dense_of, dense


@njit(cache=True, nogil=True)
def place_start(start: Any, reach: Any, rows: Any, place: Any, out_of_reach: int) -> int:
    """Fill `start` [width] with 0 where the seeker reaches a place, else out_of_reach; returns how many reach one."""
    start[:] = out_of_reach
    fitting = 0
    for position in range(rows.size):
        i = rows[position]
        shared = np.uint64(0)
        for w in range(place.size):
            shared |= reach[i, w] & place[w]
        if shared != 0:
            start[position] = 0
            fitting += 1
    return fitting


@njit(cache=True, nogil=True)
def add_features(
    total: Any, ptr_from: int, ptr_to: int, feature: Any, weight: Any,
    list_ptr: Any, list_row: Any, list_value: Any, dense_of: Any, dense: Any,
) -> None:  # fmt: skip
    """Add weight * value of the features ptr_from..ptr_to to everybody's total [width]."""
    for k in range(ptr_from, ptr_to):
        number = feature[k]
        w = weight[k]
        if dense_of[number] >= 0:
            column = dense[dense_of[number]]
            for position in range(total.size):
                total[position] += w * np.int32(column[position])
        else:
            # Unsigned positions spare the check for counting from the end.
            for j in range(np.uintp(list_ptr[number]), np.uintp(list_ptr[number + 1])):
                total[list_row[j]] += w * np.int32(list_value[j])


@njit(cache=True, nogil=True)
def score_everybody(
    total: Any, other: Any, start: Any, first: int, last: int, v_ptr: Any, v_feature: Any, v_weight: Any,
    list_ptr: Any, list_row: Any, list_value: Any, dense_of: Any, dense: Any,
) -> None:  # fmt: skip
    """Fill `total` [width] with everybody's score for a vacancy: start plus its best reading of first..last."""
    for position in range(total.size):
        total[position] = start[position]
    add_features(total, v_ptr[first], v_ptr[first + 1], v_feature, v_weight,
                 list_ptr, list_row, list_value, dense_of, dense)  # fmt: skip
    for r in range(first + 1, last):
        for position in range(total.size):
            other[position] = start[position]
        add_features(other, v_ptr[r], v_ptr[r + 1], v_feature, v_weight,
                     list_ptr, list_row, list_value, dense_of, dense)  # fmt: skip
        for position in range(total.size):
            total[position] = max(total[position], other[position])


@njit(cache=True, nogil=True)
def collect_marked(marks: Any, strides: Any, candidates: Any) -> int:
    """Write the positions whose byte in `marks` is 1 to `candidates`, and return how many they are.

    `strides` are the same bytes as words of 64 bits. A branch that cannot be foretold is dear: inside a stride always
    write, and move on only after a marked one; `candidates` needs room for one more than there are positions.
    """
    found = 0
    for stride in range(strides.size):
        if strides[stride] != 0:
            for position in range(STRIDE * stride, STRIDE * stride + STRIDE):
                candidates[found] = position
                found += marks[position]
    return found
