"""What is new, gone or moved between two results, pair by pair."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from numba import njit

SAME: Final = 0
NEW: Final = 1
MOVED: Final = 2

_ROW: Final = np.dtype([("key", "<i8"), ("score", "<i4")])


@dataclass(frozen=True)
class ScoredKeys:
    """The pairs of one result: keys vacancy << 32 | seeker in ascending order, each once, and their scores."""

    keys: npt.NDArray[np.int64]
    scores: npt.NDArray[np.int32]

    @classmethod
    def of(
        cls, vacancy_ids: npt.NDArray[np.int32], seeker_ids: npt.NDArray[np.int32], scores: npt.NDArray[np.int32]
    ) -> tuple[Self, npt.NDArray[np.int64]]:
        """Bring pairs into key order; also return that order (row of the input at each place)."""
        keys = (vacancy_ids.astype(np.int64) << 32) | seeker_ids.astype(np.int64)
        order = np.argsort(keys)
        return cls(keys[order], scores[order].astype(np.int32)), order

    def dumps(self) -> bytes:
        """Twelve bytes a pair, little-endian: key and score."""
        rows = np.empty(self.keys.size, _ROW)
        rows["key"], rows["score"] = self.keys, self.scores
        return rows.tobytes()

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """Read what `dumps` wrote (several of them joined as well); ValueError when it is cut short."""
        rows = np.frombuffer(content, _ROW)
        return cls(rows["key"].astype(np.int64), rows["score"].astype(np.int32))


@dataclass(frozen=True)
class Changes:
    """How two results differ."""

    kinds: npt.NDArray[np.uint8]
    """Per pair of the later result, in key order: SAME, NEW or MOVED (another score)."""
    gone: npt.NDArray[np.int64]
    """Places in the earlier result of the pairs that the later one no longer has."""


def compare(earlier: ScoredKeys, later: ScoredKeys) -> Changes:
    """Walk both results once, side by side."""
    kinds, gone = _walk(earlier.keys, earlier.scores, later.keys, later.scores)
    return Changes(kinds, np.flatnonzero(gone))


@njit(cache=True, nogil=True)
def _walk(old_keys: Any, old_scores: Any, keys: Any, scores: Any) -> Any:
    """Mark each new key, and each old key that is gone; both in ascending order."""
    kinds = np.empty(keys.size, np.uint8)
    gone = np.ones(old_keys.size, np.bool_)
    i = 0
    for j in range(keys.size):
        while i < old_keys.size and old_keys[i] < keys[j]:
            i += 1
        if i < old_keys.size and old_keys[i] == keys[j]:
            gone[i] = False
            kinds[j] = SAME if old_scores[i] == scores[j] else MOVED
        else:
            kinds[j] = NEW
    return kinds, gone
