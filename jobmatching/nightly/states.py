"""The seven states of a pair in one number: three bits a criterion, the first criterion lowest."""

import numpy as np
import numpy.typing as npt

from jobmatching.engine.criteria import Criterion, State

_SHIFTS = 3 * np.arange(len(Criterion))


def pack_states(states: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """States [n, 7] to numbers [n]."""
    packed: npt.NDArray[np.int32] = (states.astype(np.int32) << _SHIFTS.astype(np.int32)).sum(axis=1, dtype=np.int32)
    return packed


def unpack_states(packed: int) -> list[State]:
    """The seven states of one stored number."""
    return [State((packed >> int(shift)) & 7) for shift in _SHIFTS]
