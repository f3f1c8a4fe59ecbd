"""Small ways of drawing at random that the rooms of the generator share. Everything works on whole columns."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Rng = np.random.Generator


class Stream(IntEnum):
    """Streams of random numbers: one a purpose, so that a change in one leaves the others as they were."""

    EMPLOYERS = 1
    VACANCIES = 2
    IDENTITIES = 3
    PEOPLE = 4
    DAY = 5
    DAY_PEOPLE = 6


def stream(seed: int, purpose: Stream, part: int = 0) -> Rng:
    """The random numbers of one purpose and one part (block of people, day)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, int(purpose), part))))


def cumulative(shares: npt.ArrayLike) -> Floats:
    """Shares (any scale) as cumulative probabilities for `pick`; all alike where they are all zero."""
    weights = np.asarray(shares, dtype=np.float64)
    if weights.sum() <= 0:
        weights = np.ones_like(weights)
    total: Floats = np.cumsum(weights)
    shares_of_all: Floats = total / total[-1]
    return shares_of_all


def pick(rng: Rng, chances: Floats, rows: int) -> Ints:
    """Indices drawn by cumulative probabilities."""
    return np.searchsorted(chances, rng.random(rows), side="right").clip(max=chances.size - 1)


def pick_of(rng: Rng, options: Sequence[int], shares: Sequence[float], rows: int) -> Ints:
    """Values drawn from a short list."""
    return np.asarray(options, dtype=np.int64)[pick(rng, cumulative(shares), rows)]


def happens(rng: Rng, chance: npt.ArrayLike, rows: int) -> Bools:
    """True with the given chance (one number, or one a row)."""
    return rng.random(rows) < np.asarray(chance)


def lasting(rng: Rng, median: float, spread: float, rows: int | tuple[int, ...], most: float) -> Ints:
    """Whole lengths from 1 to `most`, skewed as times usually are: half of them under the median."""
    return np.clip(np.exp(rng.normal(np.log(median), spread, rows)), 1, most).astype(np.int64)


def spread_rows(ptr: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Open CSR rows: for each chosen row its items. Returns (position in `chosen`, position of the item)."""
    counts = ptr[chosen + 1] - ptr[chosen]
    owner = np.repeat(np.arange(chosen.size), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(owner.size) - np.repeat(starts - ptr[chosen], counts)


def rank_in_group(groups: Ints) -> Ints:
    """The how-manieth of its group each row is, from 0, in the order of the rows."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.searchsorted(ordered, ordered, side="left")
    ranks = np.empty(groups.size, dtype=np.int64)
    ranks[order] = np.arange(groups.size) - first
    return ranks


def first_of_pairs(owner: Ints, item: Ints) -> Bools:
    """Marks the first row of each (owner, item); later ones of the same pair are repetitions."""
    if not owner.size:
        return np.zeros(0, dtype=np.bool_)
    key = owner * (int(item.max()) + 2) + item
    first = np.zeros(owner.size, dtype=np.bool_)
    first[np.unique(key, return_index=True)[1]] = True
    return first
