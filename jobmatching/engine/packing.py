"""One seeker or vacancy <-> bytes of its own, so that a database can keep a derived row for each.

All numbers are little-endian, each item stands at a multiple of its size, every row is a multiple of 8 bytes long:
rows can be joined and read back in one go. P is the number of 64-bit words of a place bitset.

Seeker row::

    0   uint8   format (1)              16  uint64[4]  has
    1   uint8   P                       48  uint64[4]  unknown
    2   uint8   flags (1 available      80  uint64[P]  reach
                unknown, 2 reach not    ..  uint64[P]  reach_wide
                known)                  ..  uint16[nF] features, ascending
    3   uint8   0                       ..  uint8[nF]  their values
    4   int32   id                      ..  padding with 0
    8   int32   available from
    12  int16   home
    14  uint16  nF

Vacancy row::

    0   uint8   format (1)              16  uint64[4]  need
    1   uint8   P                       48  uint64[P]  places
    2   uint8   flags (1 fits every     ..  then each reading:
                place)                      uint16     nF: features
    3   uint8   0                           uint16     nE: essential ones
    4   int32   id                          int32      occupation, -1 = none
    8   int32   starts                      int32[nF]  weights
    12  uint16  readings                    uint16[nF] features, ascending
    14  uint16  0                           uint16[nE] essential skill features
                                            padding with 0
"""

import sys
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.criteria import MASK_WORDS
from jobmatching.engine.rules import Rules
from jobmatching.engine.seeker_features import expand_seekers
from jobmatching.engine.vacancy_features import expand_vacancies

FORMAT: Final = 1
HEADER: Final = 16
"""Bytes before a row's masks."""

AVAILABLE_UNKNOWN: Final = 1
REACH_UNKNOWN: Final = 2
ANYWHERE: Final = 1

assert sys.byteorder == "little", "rows are read without turning bytes round"


@dataclass(frozen=True)
class Packed:
    """n packed rows, one after the other."""

    buffer: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    """[n + 1] where each row starts."""
    stale_on: npt.NDArray[np.int32]
    """[n] first day on which the row would pack differently only because time passes; 2^31-1 = never."""

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self.offsets.size) - 1

    def row(self, i: int) -> bytes:
        """Return the bytes of row i."""
        return self.buffer[self.offsets[i] : self.offsets[i + 1]].tobytes()


def pack_seekers(columns: SeekerColumns, rules: Rules, as_of_day: int) -> Packed:
    """Pack the seekers as they stand on the day. Raises ValueError for indices outside the taxonomy."""
    _check_indices(rules, occupation=(columns.wish_occupation, columns.work_occupation), skill=columns.skill)
    if columns.skill_basis.size and columns.skill_basis.max() > 1:
        raise ValueError("a skill's basis is 0 (confirmed) or 1 (own word)")
    features = expand_seekers(columns, rules, as_of_day)
    words = columns.reach.shape[1]
    if columns.reach_wide.shape != columns.reach.shape or words > 255:
        raise ValueError("reach and reach_wide need the same width of at most 255 words")
    reach_unknown = ~np.any(columns.reach, axis=1)
    everywhere = np.where(reach_unknown[:, None], np.uint64(2**64 - 1), np.uint64(0))
    counts = np.diff(features.ptr)
    sizes = _padded(HEADER + 8 * (2 * MASK_WORDS + 2 * words) + 3 * counts)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    buffer = np.zeros(offsets[-1], np.uint8)
    header = _header(
        columns.ids,
        words,
        columns.available_unknown * AVAILABLE_UNKNOWN + reach_unknown * REACH_UNKNOWN,
        np.where(columns.available_unknown, np.int32(ALWAYS), columns.available_from),
        columns.home,
        counts,
    )
    bits = np.hstack((header, columns.has, columns.unknown, columns.reach | everywhere,
                      columns.reach_wide | columns.reach | everywhere))  # fmt: skip
    _write_seekers(buffer, buffer.view(np.uint64), buffer.view(np.uint16), offsets, bits,
                   features.ptr, features.feature, features.value)  # fmt: skip
    return Packed(buffer, offsets, features.stale_on)


def pack_vacancies(columns: VacancyColumns, rules: Rules) -> Packed:
    """Pack the vacancies; such rows never go stale. Raises ValueError for indices outside the taxonomy."""
    _check_indices(rules, occupation=(columns.occupation,), skill=columns.skill)
    features = expand_vacancies(columns, rules)
    words = columns.places.shape[1]
    if words > 255:
        raise ValueError("places may have at most 255 words")
    readings = np.diff(features.reading_ptr)
    reading_sizes = _padded(8 + 6 * np.diff(features.ptr) + 2 * np.diff(features.essential_ptr))
    reading_offsets = np.concatenate(([0], np.cumsum(reading_sizes)))
    fixed = HEADER + 8 * (MASK_WORDS + words)
    ends = fixed * np.arange(1, len(columns) + 1) + reading_offsets[features.reading_ptr[1:]]
    offsets = np.concatenate(([0], ends)).astype(np.int64)
    buffer = np.zeros(offsets[-1], np.uint8)
    anywhere = columns.remote | ~columns.places.any(axis=1)
    header = _header(columns.ids, words, anywhere * ANYWHERE, columns.starts, readings, np.zeros_like(readings))
    _write_vacancies(buffer.view(np.uint64), buffer.view(np.int32), buffer.view(np.uint16), offsets,
                     np.hstack((header, columns.need, columns.places)), features)  # fmt: skip
    return Packed(buffer, offsets, np.full(len(columns), NEVER, np.int32))


def _check_indices(rules: Rules, occupation: tuple[npt.NDArray[np.int32], ...], skill: npt.NDArray[np.int32]) -> None:
    """Raise ValueError where an index names nothing; compiled loops would read beyond the arrays."""
    for indices in occupation:
        if indices.size and (indices.min() < -1 or indices.max() >= rules.taxonomy.n_occupations):
            raise ValueError("an occupation stands outside the taxonomy")
    if skill.size and (skill.min() < 0 or skill.max() >= rules.taxonomy.n_skills):
        raise ValueError("a skill stands outside the taxonomy")


def _padded(sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Round the sizes up to multiples of 8."""
    return -(-sizes // 8) * 8


def _header(
    ids: npt.NDArray[np.int32], words: int, flags: npt.NDArray[Any], day: npt.NDArray[np.int32],
    third: npt.NDArray[Any], count: npt.NDArray[Any],
) -> npt.NDArray[np.uint64]:  # fmt: skip
    """Return the 16 bytes of every row's header as two words: format, P, flags, id; day, third field, count."""
    header = np.zeros(ids.size, dtype=[("format", "u1"), ("words", "u1"), ("flags", "u1"), ("zero", "u1"),
                                       ("id", "<i4"), ("day", "<i4"), ("third", "<u2"), ("count", "<u2")])  # fmt: skip
    header["format"], header["words"], header["flags"] = FORMAT, words, flags
    header["id"], header["day"], header["third"], header["count"] = ids, day, third.astype(np.uint16), count
    return header.view(np.uint64).reshape(-1, 2)


@njit(cache=True, nogil=True)
def _write_seekers(b8: Any, b64: Any, b16: Any, offsets: Any, bits: Any, ptr: Any, feature: Any, value: Any) -> None:
    """Write the rows; b8, b64 and b16 are the same bytes."""
    for i in range(offsets.size - 1):
        word = offsets[i] // 8
        for w in range(bits.shape[1]):
            b64[word + w] = bits[i, w]
        count = ptr[i + 1] - ptr[i]
        half = (word + bits.shape[1]) * 4
        byte = (half + count) * 2
        for k in range(count):
            b16[half + k] = feature[ptr[i] + k]
            b8[byte + k] = value[ptr[i] + k]


@njit(cache=True, nogil=True)
def _write_vacancies(b64: Any, b32: Any, b16: Any, offsets: Any, bits: Any, f: Any) -> None:
    """Write the rows; b64, b32 and b16 are the same bytes, f the vacancies' features."""
    for i in range(offsets.size - 1):
        word = offsets[i] // 8
        for w in range(bits.shape[1]):
            b64[word + w] = bits[i, w]
        word += bits.shape[1]
        for r in range(f.reading_ptr[i], f.reading_ptr[i + 1]):
            count = f.ptr[r + 1] - f.ptr[r]
            essential = f.essential_ptr[r + 1] - f.essential_ptr[r]
            b16[word * 4] = count
            b16[word * 4 + 1] = essential
            b32[word * 2 + 1] = f.reading_occupation[r]
            full = word * 2 + 2
            half = (full + count) * 2
            for k in range(count):
                b32[full + k] = f.weight[f.ptr[r] + k]
                b16[half + k] = f.feature[f.ptr[r] + k]
            for k in range(essential):
                b16[half + count + k] = f.essential[f.essential_ptr[r] + k]
            word += (8 + 6 * count + 2 * essential + 7) // 8
