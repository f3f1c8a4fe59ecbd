"""Results: the top lists of one slice of seekers, their merge over all slices, and the pairs that are kept.

A list item is one int64 key: score << 32 | (2**31 - 1 - id of the other side). The greater key is the better pair: the
higher score, and of equal scores the lower id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.csr import join_pointers
from jobmatching.engine.rules import Rules

ID_LIMIT: Final = 2**31 - 1

PAIR: Final = np.dtype(
    [("vacancy_id", "<i4"), ("seeker_id", "<i4"), ("score", "<i4"), ("by_vacancy", "?"), ("by_seeker", "?")]
)
"""One kept pair. `by_vacancy`: among the vacancy's best; `by_seeker`: among the seeker's best."""

_NUMBER: Final = np.dtype("<i8")


class Counts(NamedTuple):
    """How many pairs there were, whose place fits, and of these scored the floor or more (before the masks)."""

    pairs: int
    reachable: int
    above_floor: int


class Lists(NamedTuple):
    """Top lists of the owners of one side that have any, owners ascending, keys from the best."""

    owner_ids: npt.NDArray[np.int32]
    """[m]"""
    ptr: npt.NDArray[np.int64]
    """[m + 1] rows of `keys`."""
    keys: npt.NDArray[np.int64]

    @classmethod
    def of_heaps(
        cls, heaps: Sequence[npt.NDArray[np.int64]], owner_ids: npt.NDArray[np.int32], lowest_score: int, k: int
    ) -> Self:
        """Take the best k keys at the lowest score or above of every owner from heaps [owners, any] of equal owners."""
        order = np.argsort(owner_ids)
        side_by_side = heaps[0] if len(heaps) == 1 else np.concatenate(heaps, axis=1)
        ptr, keys = _best_of_rows(side_by_side, order, lowest_score << 32, k)
        return cls(owner_ids[order], ptr, keys)._without_empty()

    @classmethod
    def joined(cls, parts: Sequence["Lists"], k: int) -> Self:
        """Join lists over owners that may repeat; equal keys of an owner count once, the best k stay."""
        empty = cls(np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int64))
        if len(parts) <= 1:
            return cls(*parts[0]) if parts else empty
        owners = np.concatenate([part.owner_ids for part in parts])
        owner_ids, owner_of = np.unique(owners, return_inverse=True)
        ptr, keys = _best_of_lists(
            owner_of, join_pointers([part.ptr for part in parts]), np.concatenate([part.keys for part in parts]),
            owner_ids.size, k,
        )  # fmt: skip
        return cls(owner_ids, ptr, keys)

    def _without_empty(self) -> Self:
        filled = np.diff(self.ptr) > 0
        return type(self)(self.owner_ids[filled], np.concatenate(([0], self.ptr[1:][filled])), self.keys)


@dataclass(frozen=True)
class Top:
    """The best pairs of a slice of seekers with all vacancies, as listed by each side."""

    by_vacancy: Lists
    by_seeker: Lists
    counts: Counts

    @classmethod
    def empty(cls, pairs: int = 0) -> Self:
        """Return the result of a slice without any match."""
        return cls(Lists.joined([], 1), Lists.joined([], 1), Counts(pairs, 0, 0))

    def dumps(self) -> bytes:
        """Return the result as bytes: seven numbers (sizes and counts), then the arrays; equal results, equal bytes."""
        sides = (self.by_vacancy, self.by_seeker)
        sizes = [size for side in sides for size in (side.owner_ids.size, side.keys.size)]
        parts = [np.array([*sizes, *self.counts], _NUMBER)]
        for side in sides:
            parts += [side.keys.astype(_NUMBER), side.ptr.astype(_NUMBER), side.owner_ids.astype("<i4")]
        return b"".join(part.tobytes() for part in parts)

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """Read what `dumps` wrote; raises ValueError when it is cut short."""
        *sizes, pairs, reachable, above = (int(number) for number in np.frombuffer(content, _NUMBER, count=7))
        position = 7 * _NUMBER.itemsize
        sides: list[Lists] = []
        for owners, keys in zip(sizes[::2], sizes[1::2], strict=True):
            end_of_keys = position + keys * _NUMBER.itemsize
            end_of_ptr = end_of_keys + (owners + 1) * _NUMBER.itemsize
            sides.append(
                Lists(
                    np.frombuffer(content, "<i4", owners, end_of_ptr).copy(),
                    np.frombuffer(content, _NUMBER, owners + 1, end_of_keys).copy(),
                    np.frombuffer(content, _NUMBER, keys, position).copy(),
                )
            )
            position = end_of_ptr + owners * 4
        return cls(sides[0], sides[1], Counts(pairs, reachable, above))


@dataclass(frozen=True)
class Matches:
    """The pairs that a run keeps (dtype PAIR), sorted by vacancy, then score from the highest, then seeker."""

    pairs: npt.NDArray[Any]
    counts: Counts


def combine(tops: Sequence[Top], rules: Rules) -> Top:
    """Join results of slices of seekers, in any order and grouping.

    A slice given twice changes nothing in the lists; the counts are sums and need slices that are given once.
    """
    return Top(
        Lists.joined([top.by_vacancy for top in tops], rules.weights.k_vacancy),
        Lists.joined([top.by_seeker for top in tops], rules.weights.k_seeker),
        Counts(*(sum(numbers) for numbers in zip(Counts(0, 0, 0), *(top.counts for top in tops), strict=True))),
    )


def merge(tops: Sequence[Top], rules: Rules) -> Matches:
    """Return the pairs to keep: in the vacancy's top list or in the seeker's, at the floor or above."""
    top = combine(tops, rules)
    ptr, keys, marks = _both_sides(*top.by_vacancy, *top.by_seeker)
    pairs = np.empty(keys.size, PAIR)
    pairs["vacancy_id"] = np.repeat(top.by_vacancy.owner_ids, np.diff(ptr))
    pairs["seeker_id"] = ID_LIMIT - (keys & 0xFFFFFFFF)
    pairs["score"] = keys >> 32
    pairs["by_vacancy"] = marks & 1 != 0
    pairs["by_seeker"] = marks & 2 != 0
    return Matches(pairs, top.counts)


@njit(cache=True, nogil=True)
def _best_of_rows(heaps: Any, order: Any, lowest: int, k: int) -> tuple[Any, Any]:
    """Return the k greatest keys at `lowest` or above of each row, rows in the given order, as pointers and keys."""
    ptr = np.zeros(order.size + 1, np.int64)
    for j in range(order.size):
        real = 0
        for key in heaps[order[j]]:
            real += key >= lowest
        ptr[j + 1] = ptr[j] + min(k, real)
    keys = np.empty(ptr[-1], np.int64)
    for j in range(order.size):
        count = ptr[j + 1] - ptr[j]
        if count > 0:
            ascending = np.sort(heaps[order[j]])
            for c in range(count):
                keys[ptr[j] + c] = ascending[ascending.size - 1 - c]
    return ptr, keys


@njit(cache=True, nogil=True)
def _best_of_lists(owner_of: Any, list_ptr: Any, list_keys: Any, n_owners: int, k: int) -> tuple[Any, Any]:
    """Return the k greatest different keys of every owner, over all lists (list j belongs to owner_of[j])."""
    bounds = np.zeros(n_owners + 1, np.int64)
    for j in range(owner_of.size):
        bounds[owner_of[j] + 1] += list_ptr[j + 1] - list_ptr[j]
    for owner in range(n_owners):
        bounds[owner + 1] += bounds[owner]
    gathered = np.empty(list_keys.size, np.int64)
    free = bounds[:-1].copy()
    for j in range(owner_of.size):
        for c in range(list_ptr[j], list_ptr[j + 1]):
            gathered[free[owner_of[j]]] = list_keys[c]
            free[owner_of[j]] += 1
    ptr = np.zeros(n_owners + 1, np.int64)
    count = 0
    for owner in range(n_owners):
        ascending = np.sort(gathered[bounds[owner] : bounds[owner + 1]])
        for c in range(ascending.size - 1, -1, -1):
            key = ascending[c]
            if count - ptr[owner] < k and (count == ptr[owner] or key != gathered[count - 1]):
                # Never ahead of what is still to be read.
                gathered[count] = key
                count += 1
        ptr[owner + 1] = count
    return ptr, gathered[:count].copy()


@njit(cache=True, nogil=True)
def _both_sides(
    vacancy_ids: Any, vacancy_ptr: Any, vacancy_keys: Any, seeker_ids: Any, seeker_ptr: Any, seeker_keys: Any
) -> tuple[Any, Any, Any]:
    """Join both sides' lists by vacancy: pointers, keys from the best, marks (1 by vacancy, 2 by seeker).

    Every vacancy in a seeker's list has a list of its own: what is good enough for one side is so for the other.
    """
    n = vacancy_ids.size
    bounds = np.zeros(n + 1, np.int64)
    for v in range(n):
        bounds[v + 1] = vacancy_ptr[v + 1] - vacancy_ptr[v]
    vacancy_of = np.empty(seeker_keys.size, np.int32)
    for c in range(seeker_keys.size):
        vacancy_of[c] = np.searchsorted(vacancy_ids, ID_LIMIT - (seeker_keys[c] & 0xFFFFFFFF))
        bounds[vacancy_of[c] + 1] += 1
    for v in range(n):
        bounds[v + 1] += bounds[v]
    # Two bits below the key carry the marks; scores below 2**20 leave room for them.
    gathered = np.empty(bounds[n], np.int64)
    free = bounds[:-1].copy()
    for v in range(n):
        for c in range(vacancy_ptr[v], vacancy_ptr[v + 1]):
            gathered[free[v]] = vacancy_keys[c] << 2 | 1
            free[v] += 1
    for s in range(seeker_ids.size):
        for c in range(seeker_ptr[s], seeker_ptr[s + 1]):
            v = vacancy_of[c]
            score = seeker_keys[c] >> 32
            gathered[free[v]] = (score << 32 | np.int64(ID_LIMIT - seeker_ids[s])) << 2 | 2
            free[v] += 1
    ptr = np.zeros(n + 1, np.int64)
    marks = np.empty(gathered.size, np.uint8)
    count = 0
    for v in range(n):
        ascending = np.sort(gathered[bounds[v] : bounds[v + 1]])
        for c in range(ascending.size - 1, -1, -1):
            key = ascending[c] >> 2
            if count > ptr[v] and gathered[count - 1] == key:
                marks[count - 1] |= ascending[c] & 3
            else:
                gathered[count] = key
                marks[count] = ascending[c] & 3
                count += 1
        ptr[v + 1] = count
    return ptr, gathered[:count].copy(), marks[:count].copy()
