"""Database ids to positions in sorted arrays."""

import numpy as np
import numpy.typing as npt


def positions(sorted_ids: npt.NDArray[np.int64], ids: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    """Position of each id in `sorted_ids` (ascending), -1 where it is not there."""
    if not sorted_ids.size:
        return np.full(ids.size, -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(sorted_ids, ids), sorted_ids.size - 1)
    return np.where(sorted_ids[at] == ids, at, -1).astype(np.int32)


def pointers(rows: npt.NDArray[np.integer], count: int) -> npt.NDArray[np.int64]:
    """CSR pointers [count + 1] of values whose row numbers are given in ascending order."""
    return np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int64)
