"""The engine's input: flat arrays as a database hands them over, with CSR pointers for what repeats.

A CSR pair `x_ptr`, `x` says: row i has `x[x_ptr[i]:x_ptr[i + 1]]`. Occupations and skills are indices into the
rules' taxonomy. Days count from 1970-01-01. Requirement masks and places are bitsets in uint64 words: bit b
stands in word b // 64 at 1 << (b % 64).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from jobmatching.engine.criteria import MASK_WORDS
from jobmatching.engine.csr import row_positions

NEVER: Final = 2**31 - 1
"""A day that does not come: work that still goes on, a start that is not stated, a row that never goes stale."""

ALWAYS: Final = -(2**31)
"""A day before all days: available now; the start of a work that is not known."""

NOT_CODED: Final = -1
"""An occupation (or home municipality) that was told but has no code."""


class SkillBasis(IntEnum):
    """Where a seeker's skill is known from."""

    CONFIRMED = 0
    OWN_WORD = 1


class _Columns:
    """What both kinds of columns share: types brought to the contract, shapes checked."""

    ids: npt.NDArray[np.int32]
    _dtypes: dict[str, type[np.generic]]
    _csr: dict[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Bring the arrays to their types and check their shapes; raises ValueError."""
        rows = np.size(self.ids)
        for name, dtype in self._dtypes.items():
            # Read-only views: the columns are frozen, and compiled code sees one kind of array.
            column = np.ascontiguousarray(getattr(self, name), dtype=dtype).view()
            column.setflags(write=False)
            object.__setattr__(self, name, column)
        repeated = {column for columns in self._csr.values() for column in columns}
        for name in self._dtypes:
            array = getattr(self, name)
            if name in self._csr:
                whole = (
                    all(array[-1] == getattr(self, column).size for column in self._csr[name]) if array.size else False
                )
                if array.size != rows + 1 or array[0] != 0 or not whole or np.any(np.diff(array) < 0):
                    raise ValueError(f"{name} does not cut its columns into {rows} rows")
            elif name not in repeated and array.shape[0] != rows:
                raise ValueError(f"{name} needs {rows} rows")
            if array.ndim == 2 and name in {"has", "unknown", "need"} and array.shape[1] != MASK_WORDS:
                raise ValueError(f"{name} needs {MASK_WORDS} words a row")

    def __len__(self) -> int:
        """How many rows there are."""
        return int(np.size(self.ids))

    def take(self, rows: npt.ArrayLike) -> Self:
        """Return the given rows (indices), in the given order."""
        wanted = np.asarray(rows, dtype=np.int64)
        taken: dict[str, Any] = {}
        for pointer_name, names in self._csr.items():
            taken[pointer_name], positions = row_positions(getattr(self, pointer_name), wanted)
            taken.update({name: getattr(self, name)[positions] for name in names})
        for name in self._dtypes:
            if name not in taken:
                taken[name] = getattr(self, name)[wanted]
        return type(self)(**taken)


@dataclass(frozen=True)
class SeekerColumns(_Columns):
    """n jobseekers. Who is in it (search open, not in a full-time service) is decided by whoever fills it."""

    ids: npt.NDArray[np.int32]
    """[n] database ids, each once, >= 0."""

    wish_ptr: npt.NDArray[np.int64]
    wish_occupation: npt.NDArray[np.int32]
    """Occupations that the seeker wants; -1 = told but not coded."""

    work_ptr: npt.NDArray[np.int64]
    work_occupation: npt.NDArray[np.int32]
    """Occupations of past and present work; -1 = not coded (such work is not counted)."""
    work_months: npt.NDArray[np.uint16]
    """Months of the work; of ongoing work only used when its start is not known."""
    work_started: npt.NDArray[np.int32]
    """Day on which ongoing work started; -2^31 = not known."""
    work_ended: npt.NDArray[np.int32]
    """Day on which the work ended; 2^31-1 = still going on."""

    skill_ptr: npt.NDArray[np.int64]
    skill: npt.NDArray[np.int32]
    skill_basis: npt.NDArray[np.uint8]
    """`SkillBasis` of the skill."""

    has: npt.NDArray[np.uint64]
    """[n, 4] requirements that the seeker is known to meet; of levels also every lower one (B2: A1..B2)."""
    unknown: npt.NDArray[np.uint64]
    """[n, 4] requirements of which it is not known."""

    available_from: npt.NDArray[np.int32]
    """[n] first day on which the seeker can start; -2^31 = now."""
    available_unknown: npt.NDArray[np.bool_]
    """[n] the day is not known; `available_from` does not count then."""

    reach: npt.NDArray[np.uint64]
    """[n, P] municipalities where the seeker can work; no bit at all = not known."""
    reach_wide: npt.NDArray[np.uint64]
    """[n, P] the same with the rules' travel margin on top; contains `reach`."""
    home: npt.NDArray[np.int16]
    """[n] home municipality, -1 = not known; it only orders the work, it does not decide."""

    _dtypes = {
        "ids": np.int32, "wish_ptr": np.int64, "wish_occupation": np.int32, "work_ptr": np.int64,
        "work_occupation": np.int32, "work_months": np.uint16, "work_started": np.int32, "work_ended": np.int32,
        "skill_ptr": np.int64, "skill": np.int32, "skill_basis": np.uint8, "has": np.uint64, "unknown": np.uint64,
        "available_from": np.int32, "available_unknown": np.bool_, "reach": np.uint64, "reach_wide": np.uint64,
        "home": np.int16,
    }  # fmt: skip
    _csr = {
        "wish_ptr": ("wish_occupation",),
        "work_ptr": ("work_occupation", "work_months", "work_started", "work_ended"),
        "skill_ptr": ("skill", "skill_basis"),
    }


@dataclass(frozen=True)
class VacancyColumns(_Columns):
    """n vacancies, open ones, as their employers stated them."""

    ids: npt.NDArray[np.int32]
    """[n] database ids, each once, >= 0."""

    occupation_ptr: npt.NDArray[np.int64]
    occupation: npt.NDArray[np.int32]
    """Occupations that the vacancy names; any one of them will do. -1 = not coded."""

    skill_ptr: npt.NDArray[np.int64]
    skill: npt.NDArray[np.int32]
    skill_essential: npt.NDArray[np.bool_]
    """A vacancy that lists no skill is read with the skills of its occupation."""

    experience_months: npt.NDArray[np.uint16]
    """[n] months of experience asked; 0 = none."""

    need: npt.NDArray[np.uint64]
    """[n, 4] requirements, EXACTLY one bit each: B1 asked is the bit B1 alone, not A1..B1."""

    starts: npt.NDArray[np.int32]
    """[n] day on which the work starts; 2^31-1 = not stated."""

    places: npt.NDArray[np.uint64]
    """[n, P] municipalities of the work, any of them will do; no bit at all = not stated, fits everybody."""
    remote: npt.NDArray[np.bool_]
    """[n] the work can be done from anywhere."""

    _dtypes = {
        "ids": np.int32, "occupation_ptr": np.int64, "occupation": np.int32, "skill_ptr": np.int64, "skill": np.int32,
        "skill_essential": np.bool_, "experience_months": np.uint16, "need": np.uint64, "starts": np.int32,
        "places": np.uint64, "remote": np.bool_,
    }  # fmt: skip
    _csr = {"occupation_ptr": ("occupation",), "skill_ptr": ("skill", "skill_essential")}
