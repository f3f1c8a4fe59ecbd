"""Rows of unequal length in flat arrays: row i is `x[ptr[i]:ptr[i + 1]]`."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit


def row_positions(
    ptr: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pointers of the chosen rows and the positions of their items in the flat arrays."""
    counts = ptr[rows + 1] - ptr[rows]
    chosen = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return chosen, np.repeat(ptr[rows] - chosen[:-1], counts) + np.arange(chosen[-1])


def join_pointers(pointers: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """Return the pointers of several tables put one after the other."""
    counts = [np.diff(ptr) for ptr in pointers]
    return np.concatenate(([0], np.cumsum(np.concatenate(counts)) if counts else [])).astype(np.int64)


@njit(cache=True, nogil=True)
def grown(array: Any, at_least: int) -> Any:
    """Return the array itself if it has room for `at_least` items, else a copy with half as much again."""
    if at_least <= array.size:
        return array
    larger = np.empty(at_least + at_least // 2, array.dtype)
    larger[: array.size] = array
    return larger
