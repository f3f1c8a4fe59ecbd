"""Packed rows -> arrays for the kernel, at the speed of memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.criteria import MASK_WORDS
from jobmatching.engine.csr import join_pointers, row_positions
from jobmatching.engine.packing import ANYWHERE, AVAILABLE_UNKNOWN, FORMAT, HEADER, REACH_UNKNOWN

_FIXED: Final = HEADER // 8 + MASK_WORDS
"""Words before what differs between the kinds of rows: header and one mask."""

Buffer = bytes | bytearray | memoryview | npt.NDArray[np.uint8]


@dataclass(frozen=True)
class SeekerBlock:
    """n seekers as the kernel reads them."""

    ids: npt.NDArray[np.int32]
    available_from: npt.NDArray[np.int32]
    """[n] day; -2^31 also where it is not known."""
    home: npt.NDArray[np.int16]
    flags: npt.NDArray[np.uint8]
    """[n] 1 = availability not known, 2 = reach not known."""
    has: npt.NDArray[np.uint64]
    """[n, 4]"""
    unknown: npt.NDArray[np.uint64]
    """[n, 4]"""
    reach: npt.NDArray[np.uint64]
    """[n, P], all ones where the reach is not known."""
    reach_wide: npt.NDArray[np.uint64]
    """[n, P]"""
    ptr: npt.NDArray[np.int64]
    """[n + 1] rows of `feature` and `value`."""
    feature: npt.NDArray[np.uint16]
    value: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        """How many seekers there are."""
        return int(self.ids.size)

    @classmethod
    def from_buffer(cls, buffer: Buffer, offsets: npt.ArrayLike) -> Self:
        """Read packed rows; `offsets` [n + 1] are multiples of 8. Raises ValueError for another format."""
        content, starts, width = _opened(buffer, offsets)
        n = starts.size - 1
        ptr = np.zeros(n + 1, np.int64)
        b16, b64 = content.view(np.uint16), content.view(np.uint64)
        np.cumsum(b16[starts[:-1] // 2 + 7], out=ptr[1:])
        block = cls(
            np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int16), np.empty(n, np.uint8),
            np.empty((n, MASK_WORDS), np.uint64), np.empty((n, MASK_WORDS), np.uint64),
            np.empty((n, width), np.uint64), np.empty((n, width), np.uint64),
            ptr, np.empty(ptr[-1], np.uint16), np.empty(ptr[-1], np.uint8),
        )  # fmt: skip
        _read_seekers(
            content, b16, content.view(np.int32), b64, starts, block.ids, block.available_from, block.home, block.flags,
            block.has, block.unknown, block.reach, block.reach_wide, ptr, block.feature, block.value,
        )  # fmt: skip
        return block

    @classmethod
    def from_rows(cls, rows: Sequence[bytes]) -> Self:
        """Read packed rows given one by one."""
        return cls.from_buffer(*_joined(rows))

    def take(self, rows: npt.ArrayLike) -> Self:
        """Return the given rows (indices), in the given order."""
        wanted = np.asarray(rows, dtype=np.int64)
        ptr, positions = row_positions(self.ptr, wanted)
        flat: dict[str, npt.NDArray[Any]] = {
            "ptr": ptr,
            "feature": self.feature[positions],
            "value": self.value[positions],
        }
        return type(self)(**_taken(self, wanted, flat))

    @classmethod
    def concat(cls, blocks: Iterable[Self]) -> Self:
        """Return the rows of several blocks, one after the other; needs at least one block."""
        parts = _filled(blocks)
        return cls(**_concatenated(cls, parts, {"ptr": join_pointers([part.ptr for part in parts])}))


@dataclass(frozen=True)
class VacancyBlock:
    """n vacancies, with nR readings, as the kernel reads them."""

    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    """[n] day; 2^31-1 = not stated."""
    flags: npt.NDArray[np.uint8]
    """[n] 1 = fits every place (remote, or no place stated)."""
    need: npt.NDArray[np.uint64]
    """[n, 4]"""
    places: npt.NDArray[np.uint64]
    """[n, P]"""
    reading_ptr: npt.NDArray[np.int64]
    """[n + 1] readings of each vacancy."""
    occupation: npt.NDArray[np.int32]
    """[nR] occupation of the reading, -1 = none."""
    ptr: npt.NDArray[np.int64]
    """[nR + 1] rows of `feature` and `weight`."""
    feature: npt.NDArray[np.uint16]
    weight: npt.NDArray[np.int32]
    essential_ptr: npt.NDArray[np.int64]
    """[nR + 1] rows of `essential`."""
    essential: npt.NDArray[np.uint16]

    def __len__(self) -> int:
        """How many vacancies there are."""
        return int(self.ids.size)

    @classmethod
    def from_buffer(cls, buffer: Buffer, offsets: npt.ArrayLike) -> Self:
        """Read packed rows; `offsets` [n + 1] are multiples of 8. Raises ValueError for another format."""
        content, starts, width = _opened(buffer, offsets)
        n = starts.size - 1
        b16, b32, b64 = content.view(np.uint16), content.view(np.int32), content.view(np.uint64)
        reading_ptr = np.zeros(n + 1, np.int64)
        np.cumsum(b16[starts[:-1] // 2 + 6], out=reading_ptr[1:])
        word_of, ptr, essential_ptr = _find_readings(b16, starts, _FIXED + width, reading_ptr)
        block = cls(
            b32[starts[:-1] // 4 + 1], b32[starts[:-1] // 4 + 2], content[starts[:-1] + 2],
            b64[(starts[:-1] // 8)[:, None] + np.arange(HEADER // 8, _FIXED)],
            b64[(starts[:-1] // 8)[:, None] + np.arange(_FIXED, _FIXED + width)],
            reading_ptr, b32[word_of * 2 + 1],
            ptr, np.empty(ptr[-1], np.uint16), np.empty(ptr[-1], np.int32),
            essential_ptr, np.empty(essential_ptr[-1], np.uint16),
        )  # fmt: skip
        _read_readings(b16, b32, word_of, ptr, block.feature, block.weight, essential_ptr, block.essential)
        return block

    @classmethod
    def from_rows(cls, rows: Sequence[bytes]) -> Self:
        """Read packed rows given one by one."""
        return cls.from_buffer(*_joined(rows))

    def take(self, rows: npt.ArrayLike) -> Self:
        """Return the given rows (indices), in the given order."""
        wanted = np.asarray(rows, dtype=np.int64)
        reading_ptr, readings = row_positions(self.reading_ptr, wanted)
        ptr, positions = row_positions(self.ptr, readings)
        essential_ptr, essential_positions = row_positions(self.essential_ptr, readings)
        flat: dict[str, npt.NDArray[Any]] = {
            "reading_ptr": reading_ptr, "occupation": self.occupation[readings], "ptr": ptr,
            "feature": self.feature[positions], "weight": self.weight[positions],
            "essential_ptr": essential_ptr, "essential": self.essential[essential_positions],
        }  # fmt: skip
        return type(self)(**_taken(self, wanted, flat))

    @classmethod
    def concat(cls, blocks: Iterable[Self]) -> Self:
        """Return the rows of several blocks, one after the other; needs at least one block."""
        parts = _filled(blocks)
        pointers = {
            name: join_pointers([getattr(part, name) for part in parts])
            for name in ("reading_ptr", "ptr", "essential_ptr")
        }
        return cls(**_concatenated(cls, parts, pointers))


def _joined(rows: Sequence[bytes]) -> tuple[bytes, npt.NDArray[np.int64]]:
    return b"".join(rows), np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)


def _filled(blocks: Iterable[Any]) -> list[Any]:
    """Leave out blocks without rows, which do not know how wide their bitsets would be (Any: either kind of block)."""
    parts = list(blocks)
    return [part for part in parts if len(part)] or parts[:1]


def _taken(block: Any, wanted: npt.NDArray[np.int64], flat: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Add the chosen rows of the columns that have one item a row (Any: either kind of block)."""
    return {
        entry.name: flat[entry.name] if entry.name in flat else getattr(block, entry.name)[wanted]
        for entry in fields(block)
    }


def _concatenated(
    kind: Any, parts: list[Any], pointers: dict[str, npt.NDArray[np.int64]]
) -> dict[str, npt.NDArray[Any]]:
    """Join all columns but the pointers, which are given (Any: either kind of block)."""
    return {
        entry.name: pointers[entry.name]
        if entry.name in pointers
        else np.concatenate([getattr(part, entry.name) for part in parts])
        for entry in fields(kind)
    }


def _opened(buffer: Buffer, offsets: npt.ArrayLike) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], int]:
    """Return the bytes aligned to 8, the offsets and the words of a place bitset; raises ValueError."""
    content = np.frombuffer(buffer, dtype=np.uint8)
    starts = np.ascontiguousarray(offsets, dtype=np.int64)
    if np.any(starts % 8) or np.any(np.diff(starts) < 8 * _FIXED) or starts[0] < 0 or starts[-1] > content.size:
        raise ValueError("offsets do not cut the buffer into packed rows")
    content = content[: starts[-1]]
    if content.ctypes.data % 8:
        content = content.copy()
    # Compiled code is kept per kind of array; read-only whatever the buffer was, there is one kind.
    content = content.view()
    content.setflags(write=False)
    if starts.size == 1:
        return content, starts, 1
    if np.any(content[starts[:-1]] != FORMAT):
        raise ValueError("packed rows of another format")
    widths = content[starts[:-1] + 1]
    if np.any(widths != widths[0]):
        raise ValueError("packed rows with place bitsets of different width")
    return content, starts, int(widths[0])


@njit(cache=True, nogil=True)
def _read_seekers(
    b8: Any, b16: Any, b32: Any, b64: Any, starts: Any, ids: Any, available: Any, home: Any, flags: Any,
    has: Any, unknown: Any, reach: Any, reach_wide: Any, ptr: Any, feature: Any, value: Any,
) -> None:  # fmt: skip
    """Read the rows; b8, b16, b32 and b64 are the same bytes."""
    width = reach.shape[1]
    masks = has.shape[1]
    for i in range(starts.size - 1):
        byte = starts[i]
        ids[i] = b32[byte // 4 + 1]
        available[i] = b32[byte // 4 + 2]
        home[i] = np.int16(b16[byte // 2 + 6])
        flags[i] = b8[byte + 2]
        word = byte // 8 + 2
        for w in range(masks):
            has[i, w] = b64[word + w]
            unknown[i, w] = b64[word + masks + w]
        word += 2 * masks
        for w in range(width):
            reach[i, w] = b64[word + w]
            reach_wide[i, w] = b64[word + width + w]
        half = (word + 2 * width) * 4
        count = ptr[i + 1] - ptr[i]
        feature[ptr[i] : ptr[i + 1]] = b16[half : half + count]
        value[ptr[i] : ptr[i + 1]] = b8[2 * (half + count) : 2 * (half + count) + count]


@njit(cache=True, nogil=True)
def _find_readings(b16: Any, starts: Any, fixed: int, reading_ptr: Any) -> tuple[Any, Any, Any]:
    """Return the word at which each reading starts, and the pointers of its features and essential skills."""
    n = reading_ptr[-1]
    word_of = np.empty(n, np.int64)
    ptr = np.zeros(n + 1, np.int64)
    essential_ptr = np.zeros(n + 1, np.int64)
    for i in range(starts.size - 1):
        word = starts[i] // 8 + fixed
        for r in range(reading_ptr[i], reading_ptr[i + 1]):
            count, essential = np.int64(b16[word * 4]), np.int64(b16[word * 4 + 1])
            word_of[r] = word
            ptr[r + 1] = ptr[r] + count
            essential_ptr[r + 1] = essential_ptr[r] + essential
            word += (8 + 6 * count + 2 * essential + 7) // 8
    return word_of, ptr, essential_ptr


@njit(cache=True, nogil=True)
def _read_readings(
    b16: Any, b32: Any, word_of: Any, ptr: Any, feature: Any, weight: Any, essential_ptr: Any, essential: Any
) -> None:
    """Read the readings' features; b16 and b32 are the same bytes."""
    for r in range(word_of.size):
        count = ptr[r + 1] - ptr[r]
        full = word_of[r] * 2 + 2
        half = (full + count) * 2
        weight[ptr[r] : ptr[r + 1]] = b32[full : full + count]
        feature[ptr[r] : ptr[r + 1]] = b16[half : half + count]
        marked = essential_ptr[r + 1] - essential_ptr[r]
        essential[essential_ptr[r] : essential_ptr[r + 1]] = b16[half + count : half + count + marked]


def reach_is_unknown(block: SeekerBlock) -> npt.NDArray[np.bool_]:
    """[n] seekers of whom it is not known where they can work."""
    return np.asarray(block.flags & REACH_UNKNOWN != 0, dtype=np.bool_)


def availability_is_unknown(block: SeekerBlock) -> npt.NDArray[np.bool_]:
    """[n] seekers of whom it is not known from when they can work."""
    return np.asarray(block.flags & AVAILABLE_UNKNOWN != 0, dtype=np.bool_)


def fits_every_place(block: VacancyBlock) -> npt.NDArray[np.bool_]:
    """[n] vacancies that can be done from anywhere, or that state no place."""
    return np.asarray(block.flags & ANYWHERE != 0, dtype=np.bool_)
