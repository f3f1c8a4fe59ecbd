"""What counts how much: the frozen weights and classification that one version of matching rests on."""

import hashlib
import json
import struct
import zlib
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Self, cast

import numpy as np
import numpy.typing as npt

from jobmatching.engine.taxonomy import Taxonomy

WEIGHT_SUM: Final = 10_000
"""A vacancy's own weights add up to this; times a full feature of 100 that is a score of 1,000,000."""

TOP_SCORE: Final = 100 * WEIGHT_SUM
"""The score of a pair in which everything fits."""

OUT_OF_REACH: Final = -(2**30)
"""Where the sum of a pair starts when the place does not fit: no score can lift it to the floor."""

_MAGIC: Final = b"KOHTAANTO-RULES-1\n"


@dataclass(frozen=True, slots=True)
class Weights:
    """All numbers of the score. Whole numbers only, so that a version is data and can be shown and compared.

    Shares, percentages and levels are relative to 100 unless said otherwise.
    """

    # Shares of the criteria. What a vacancy does not ask gives its share to the others.
    occupation: int = 45
    skills: int = 40
    experience: int = 15

    # Occupation: nested increments (sum 100). `related` is the share that the relatedness table earns.
    occupation_leaf: int = 0
    occupation_isco4: int = 3
    occupation_isco3: int = 3
    occupation_isco2: int = 4
    occupation_related: int = 90

    # Skills: what a vacancy asks, and how well a seeker is known to have it.
    essential: int = 100
    optional: int = 70
    group_share: int = 20
    level_confirmed: int = 100
    level_own_word: int = 90
    level_work_essential: int = 60
    level_work_optional: int = 30
    level_wish_essential: int = 60
    level_wish_optional: int = 30

    # Experience: nested increments (sum 100), steps in months (ascending), and how work fades:
    # work that ended at most recency_days[i] days ago counts recency_percent[i]; older, the last one.
    experience_leaf: int = 40
    experience_isco4: int = 30
    experience_isco3: int = 30
    experience_steps: tuple[int, ...] = (6, 12, 24, 36, 60, 120)
    recency_days: tuple[int, ...] = (730, 1825, 3650)
    recency_percent: tuple[int, ...] = (100, 80, 60, 40)

    # A criterion of which nothing is known earns this share of its points.
    unknown: int = 35

    # Limits of the lists. The floor is a score (0..1,000,000).
    floor: int = 300_000
    k_vacancy: int = 50
    k_seeker: int = 20
    near_miss_k: int = 10
    travel_margin_minutes: int = 30

    def __post_init__(self) -> None:
        """Raise ValueError for numbers that would break the score's bounds."""
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))

    def _problems(self) -> list[str]:
        found: list[str] = []
        if min(self.occupation, self.skills, self.experience) < 0 or self.occupation + self.skills == 0:
            found.append("criteria need shares >= 0, and occupation or skills more than 0")
        if sum(self.occupation_increments) != 100 or min(self.occupation_increments) < 0:
            found.append("occupation increments must be >= 0 and sum to 100")
        if sum(self.experience_increments) != 100 or min(self.experience_increments) < 0:
            found.append("experience increments must be >= 0 and sum to 100")
        percentages = (
            self.essential, self.optional, self.group_share, self.level_confirmed, self.level_own_word,
            self.level_work_essential, self.level_work_optional, self.level_wish_essential,
            self.level_wish_optional, self.unknown, *self.recency_percent,
        )  # fmt: skip
        if not all(0 <= value <= 100 for value in percentages):
            found.append("levels and percentages must lie in 0..100")
        if self.essential == 0 or self.essential < self.optional:
            found.append("an essential skill must count, and at least as much as an optional one")
        if not _ascending(self.experience_steps, at_most=65_535) or not _ascending(self.recency_days, at_most=100_000):
            found.append("steps and recency limits must be positive and ascending")
        if len(self.recency_percent) != len(self.recency_days) + 1:
            found.append("recency needs one percentage more than limits")
        if not 1 <= self.floor <= TOP_SCORE:
            found.append("the floor must lie in 1..1,000,000")
        if min(self.k_vacancy, self.k_seeker, self.near_miss_k) < 1:
            found.append("lists need at least one place")
        return found

    @property
    def occupation_increments(self) -> tuple[int, int, int, int, int]:
        """Increments in the order isco2, isco3, isco4, leaf, related."""
        return (
            self.occupation_isco2,
            self.occupation_isco3,
            self.occupation_isco4,
            self.occupation_leaf,
            self.occupation_related,
        )

    @property
    def experience_increments(self) -> tuple[int, int, int]:
        """Increments in the order isco3, isco4, leaf."""
        return self.experience_isco3, self.experience_isco4, self.experience_leaf

    def to_json(self) -> dict[str, Any]:
        """Return plain numbers and lists, ready for a JSON field (Any: JSON)."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote. Unknown names raise TypeError; missing ones take today's default."""
        read: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        return cls(**read)


def _ascending(values: tuple[int, ...], at_most: int) -> bool:
    """Tell whether the values are there, positive, strictly ascending and not above the limit."""
    return bool(values) and values[0] > 0 and values[-1] <= at_most and all(a < b for a, b in pairwise(values))


@dataclass(frozen=True)
class Rules:
    """One version of the matching rules. Everything computed with it can name it by `version` and `digest`."""

    version: str
    taxonomy: Taxonomy
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        """Assert that a full score fits 32 bits together with the start of a pair out of reach."""
        # A seeker can earn at most TOP_SCORE for known things or the unknown share instead, never more, and the
        # penalty keeps every sum negative: neither end leaves int32.
        assert OUT_OF_REACH + TOP_SCORE < 0 < TOP_SCORE < -OUT_OF_REACH < 2**31

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that the rules say, version name included."""
        return hashlib.sha256(self._plain()).hexdigest()

    def dumps(self) -> bytes:
        """Return the rules as compressed bytes; the same rules always give the same bytes."""
        return _MAGIC + zlib.compress(self._plain(), level=6)

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """Read what `dumps` wrote. Raises ValueError when it is something else."""
        if not content.startswith(_MAGIC):
            raise ValueError("not a set of matching rules, or of another format")
        plain = zlib.decompress(content[len(_MAGIC) :])
        (length,) = struct.unpack_from("<I", plain)
        header = json.loads(plain[4 : 4 + length])
        arrays: dict[str, npt.NDArray[Any]] = {}
        position = 4 + length
        for name, dtype, count in header["arrays"]:
            array = np.frombuffer(plain, dtype=dtype, count=count, offset=position)
            arrays[name] = array.astype(array.dtype.newbyteorder("="))
            position += array.nbytes
        return cls(header["version"], Taxonomy(**arrays), Weights.from_json(header["weights"]))

    def _plain(self) -> bytes:
        """Length of the header, header (JSON), then the taxonomy's arrays one after the other, little-endian."""
        parts: list[bytes] = []
        index: list[tuple[str, str, int]] = []
        for entry in fields(self.taxonomy):
            array = cast("npt.NDArray[Any]", getattr(self.taxonomy, entry.name))
            little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            index.append((entry.name, little.dtype.str, little.size))
            parts.append(little.tobytes())
        header = json.dumps(
            {"version": self.version, "weights": self.weights.to_json(), "arrays": index},
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        return b"".join((struct.pack("<I", len(header)), header, *parts))
