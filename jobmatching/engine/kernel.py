"""The two-sided exact top-K: the best seekers of every vacancy and the best vacancies of every seeker, in one pass.

For each shard of seekers and each vacancy: start everybody at 0 where the place fits and far below zero where not,
add the vacancy's weighted features, look only at totals that could still enter a list, test the masks of these, and
push. Threads own shards and never wait for each other: compiled code runs without the interpreter's lock, lists of
vacancies are kept per thread and merged at the end.
"""

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
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
from jobmatching.engine.top import ID_LIMIT, Counts, Lists, Top


def match(
    seekers: SeekerBlock, vacancies: VacancyBlock, rules: Rules, *, threads: int = 1, shard_rows: int | None = None
) -> Top:
    """Return the best pairs of these seekers and vacancies, on both sides.

    The result does not depend on threads, on shard_rows, nor on the order of the rows. `merge` joins the results of
    slices whose seekers are disjoint.
    """
    weights = rules.weights
    if not len(seekers) or not len(vacancies):
        return Top.empty(len(seekers) * len(vacancies))
    rank = neighbour_ranks(seekers)
    order = order_seekers(seekers, rank)
    demand = Demand.of(vacancies, rank)
    seeker_keys = np.full((len(seekers), weights.k_seeker), (weights.floor << 32) - 1, np.int64)
    waiting: SimpleQueue[tuple[int, int]] = SimpleQueue()
    for bounds in shard_bounds(len(seekers), threads, shard_rows):
        waiting.put(bounds)

    def work() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Take shards until none is left; returns this thread's vacancy lists and counts."""
        keys = np.full((len(vacancies), weights.k_vacancy), (weights.floor << 32) - 1, np.int64)
        enter = np.full(len(vacancies), weights.floor, np.int32)
        counts = np.zeros(2, np.int64)
        while True:
            try:
                low, high = waiting.get_nowait()
            except Empty:
                return keys, counts
            _match_shard(
                order[low:high], seekers.ids, seekers.available_from, seekers.has, seekers.unknown, seekers.reach,
                seekers.ptr, seekers.feature, seekers.value, demand.ids, demand.starts, demand.need, demand.places,
                demand.same_place, demand.reading_ptr, demand.ptr, demand.feature, demand.weight, demand.number_of,
                demand.n_features, weights.floor, seeker_keys, keys, enter, counts,
            )  # fmt: skip

    if threads == 1:
        results = [work()]
    else:
        with ThreadPoolExecutor(threads) as pool:
            results = [task.result() for task in [pool.submit(work) for _ in range(threads)]]
    reachable, above_floor = np.sum([counts for _, counts in results], axis=0).tolist()
    return Top(
        Lists.of_heaps([keys for keys, _ in results], demand.ids, weights.floor, weights.k_vacancy),
        Lists.of_heaps([seeker_keys], seekers.ids, weights.floor, weights.k_seeker),
        Counts(len(seekers) * len(vacancies), reachable, above_floor),
    )


@njit(cache=True, nogil=True)
def push(heap: Any, key: Any) -> None:
    """Put the key in place of the smallest of a full min-heap that is smaller than it."""
    size = heap.size
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[hole] = heap[child]
        hole = child
    heap[hole] = key


@njit(cache=True, nogil=True)
def _match_shard(
    rows: Any, ids: Any, available: Any, has: Any, unknown: Any, reach: Any, ptr: Any, feature: Any, value: Any,
    v_ids: Any, v_starts: Any, need: Any, places: Any, same_place: Any, reading_ptr: Any, v_ptr: Any, v_feature: Any,
    v_weight: Any, number_of: Any, n_features: int, floor: int, seeker_keys: Any,
    vacancy_keys: Any, vacancy_enter: Any, counts: Any,
) -> None:  # fmt: skip
    """Match one shard (`rows` of the seekers) with all vacancies, updating both sides' heaps and the counts."""
    n = rows.size
    lowest = np.int32(floor)
    width = (n + STRIDE - 1) // STRIDE * STRIDE
    list_ptr, list_row, list_value, dense_of, dense = gather_columns(
        rows, ptr, feature, value, number_of, n_features, max(1, n // DENSE_SHARE), width
    )
    masks = need.shape[1]
    allowed = np.empty((n, masks), np.uint64)
    free_from = np.empty(n, np.int32)
    anywhere = np.zeros(places.shape[1], np.uint64)
    enter = np.full(width, lowest)
    heaps = np.empty((n, seeker_keys.shape[1]), np.int64)
    for position in range(n):
        i = rows[position]
        free_from[position] = available[i]
        for w in range(masks):
            allowed[position, w] = has[i, w] | unknown[i, w]
        for w in range(places.shape[1]):
            anywhere[w] |= reach[i, w]
        heaps[position] = seeker_keys[i]
    start = np.empty(width, np.int32)
    total = np.empty(width, np.int32)
    other = np.empty(width, np.int32)
    enters = np.zeros(width, np.uint8)
    strides = enters.view(np.uint64)
    candidates = np.empty(width + 1, np.uint16)
    fitting = 0
    for v in range(v_ids.size):
        if v == 0 or not same_place[v]:
            fitting = 0
            for w in range(places.shape[1]):
                if places[v, w] & anywhere[w]:
                    fitting = place_start(start, reach, rows, places[v], OUT_OF_REACH)
                    break
        if fitting == 0:
            continue
        counts[0] += fitting
        score_everybody(total, other, start, reading_ptr[v], reading_ptr[v + 1], v_ptr, v_feature, v_weight,
                        list_ptr, list_row, list_value, dense_of, dense)  # fmt: skip
        enter_vacancy = vacancy_enter[v]
        # Plain loops that the compiler turns into wide registers; almost nobody passes.
        above = np.int32(0)
        for position in range(width):
            above = np.int32(above + np.int32(total[position] >= lowest))
        counts[1] += above
        for position in range(width):
            enters[position] = total[position] >= min(enter[position], enter_vacancy)
        found = collect_marked(enters, strides, candidates)
        # Always write, and move on only after one that passes: which one does cannot be foretold.
        passed = 0
        for c in range(found):
            position = candidates[c]
            known_missing = np.uint64(0)
            for w in range(masks):
                known_missing |= need[v, w] & ~allowed[position, w]
            candidates[passed] = position
            passed += (known_missing == 0) & (free_from[position] <= v_starts[v])
        for c in range(passed):
            position = candidates[c]
            score = np.int64(total[position]) << 32
            key = score | np.int64(ID_LIMIT - ids[rows[position]])
            if score >= np.int64(vacancy_enter[v]) << 32 and key > vacancy_keys[v, 0]:
                push(vacancy_keys[v], key)
                vacancy_enter[v] = max(np.int64(floor), vacancy_keys[v, 0] >> 32)
            key = score | np.int64(ID_LIMIT - v_ids[v])
            if score >= np.int64(enter[position]) << 32 and key > heaps[position, 0]:
                push(heaps[position], key)
                enter[position] = np.int32(max(np.int64(floor), heaps[position, 0] >> 32))
    for position in range(n):
        seeker_keys[rows[position]] = heaps[position]
