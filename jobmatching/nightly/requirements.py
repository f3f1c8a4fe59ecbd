"""Requirements as bits: which bit stands for which language level, licence, card, education or working time.

The layout is fixed by kind and by the `match_slot` that each row of a code list carries, so a bit never changes its
meaning; each rules version keeps a copy, so that a stored result can always be read. One requirement of a vacancy is
exactly one bit; a jobseeker who meets a level has the bits of all lower levels too.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from jobmatching.engine.criteria import AVAILABILITY_REQUIREMENT, MASK_BITS, TRAVEL_REQUIREMENT, Criterion
from portal.classifications.enums import LanguageLevel, WorkTime
from portal.classifications.models import Card, DrivingLicence, EducationLevel, Language
from portal.runs.errors import Tellable

LEVELS: Final = 6


class CodeListsDoNotFit(Tellable):
    """Two requirements would share a bit, or one has no place in the mask."""


class Kind(StrEnum):
    """What a requirement is about."""

    LANGUAGE = "language"
    LICENCE = "licence"
    EDUCATION = "education"
    WORK_TIME = "work_time"
    CARD = "card"
    TRAVEL = "travel"
    AVAILABILITY = "availability"


FIRST_BIT: Final[dict[Kind, int]] = {
    Kind.LANGUAGE: 0,
    Kind.LICENCE: 96,
    Kind.EDUCATION: 112,
    Kind.WORK_TIME: 120,
    Kind.CARD: 136,
}
"""Bit of slot 0 of each kind; 16 languages of six levels, 16 licences, 8 levels of education, 16 times, 120 cards."""

CRITERION_OF_KIND: Final[dict[Kind, Criterion]] = {
    Kind.LANGUAGE: Criterion.LANGUAGES,
    Kind.LICENCE: Criterion.PERMITS,
    Kind.EDUCATION: Criterion.PERMITS,
    Kind.WORK_TIME: Criterion.WORKING_TIME,
    Kind.CARD: Criterion.PERMITS,
    Kind.TRAVEL: Criterion.TRAVEL,
    Kind.AVAILABILITY: Criterion.WORKING_TIME,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One bit: its kind, the code in the kind's list, and the level of a language."""

    bit: int
    kind: Kind
    code: str
    level: str = ""

    @property
    def criterion(self) -> Criterion:
        return CRITERION_OF_KIND[self.kind]


@dataclass(frozen=True)
class Layout:
    """All requirements that the matcher knows, and how code lists become bits."""

    requirements: tuple[Requirement, ...]
    education_includes: dict[str, frozenset[str]]
    licence_includes: dict[str, frozenset[str]]

    @classmethod
    def from_code_lists(cls) -> Self:
        """Read the code lists of the database."""
        found: list[Requirement] = []
        for language in Language.objects.exclude(match_slot=None).order_by("match_slot"):
            for level in list(LanguageLevel)[:LEVELS]:
                bit = FIRST_BIT[Kind.LANGUAGE] + LEVELS * (language.match_slot or 0) + level.rank - 1
                found.append(Requirement(bit, Kind.LANGUAGE, language.code, level.value))
        licences = list(DrivingLicence.objects.order_by("match_slot"))
        found += [Requirement(FIRST_BIT[Kind.LICENCE] + row.match_slot, Kind.LICENCE, row.code) for row in licences]
        levels = list(EducationLevel.objects.order_by("match_slot"))
        found += [Requirement(FIRST_BIT[Kind.EDUCATION] + row.match_slot, Kind.EDUCATION, row.code) for row in levels]
        found += [
            Requirement(FIRST_BIT[Kind.WORK_TIME] + place, Kind.WORK_TIME, code)
            for place, code in enumerate(WorkTime.values)
        ]
        found += [
            Requirement(FIRST_BIT[Kind.CARD] + row.match_slot, Kind.CARD, row.code)
            for row in Card.objects.order_by("match_slot")
        ]
        return cls(
            tuple(sorted(found, key=lambda requirement: requirement.bit)),
            {row.code: _education_included(row, levels) for row in levels},
            {row.code: frozenset({row.code, *row.includes}) for row in licences},
        )

    def __post_init__(self) -> None:
        """Raise CodeListsDoNotFit where two requirements would share a bit or leave the mask."""
        bits = [requirement.bit for requirement in self.requirements]
        if len(set(bits)) != len(bits) or any(not 0 <= bit < MASK_BITS for bit in bits):
            raise CodeListsDoNotFit("The code lists do not fit the requirement bits: check their places in matching.")

    def to_json(self) -> list[dict[str, Any]]:
        """Plain rows for a rules version."""
        return [asdict(requirement) | {"criterion": int(requirement.criterion)} for requirement in self.requirements]

    def bit(self, kind: Kind, code: str, level: str = "") -> int | None:
        """The bit of a requirement, or None where the matcher does not know it (a rare language)."""
        return self._bits.get((kind, code, level))

    @cached_property
    def _bits(self) -> dict[tuple[Kind, str, str], int]:
        return {(r.kind, r.code, r.level): r.bit for r in self.requirements}

    def table(self, kind: Kind) -> dict[str, int]:
        """Code -> bit of a kind without levels; of languages the bit of the lowest level."""
        return {r.code: r.bit for r in self.requirements if r.kind is kind and r.level in {"", LanguageLevel.A1}}


def _education_included(level: EducationLevel, levels: list[EducationLevel]) -> frozenset[str]:
    """Codes of the levels that `level` includes: all lower ones, but not another school of the same stage.

    General upper secondary school (31) does not give a vocational qualification (32), nor the other way round.
    """
    same_stage = {other.code for other in levels if other.code[0] == level.code[0] and other.code != level.code}
    return frozenset(other.code for other in levels if other.order <= level.order and other.code not in same_stage)


def criterion_of_bit(requirements: list[dict[str, Any]]) -> npt.NDArray[np.uint8]:
    """Criterion of each bit of a rules version [256]; bits not in use count as permits and are never asked."""
    criteria = np.full(MASK_BITS, int(Criterion.PERMITS), dtype=np.uint8)
    for row in requirements:
        criteria[row["bit"]] = row["criterion"]
    return criteria


def requirement_of(code: int, requirements: list[dict[str, Any]]) -> Requirement:
    """The requirement that a stored number (a bit, or travel, or availability) stands for in a rules version.

    A card or a language that came into the code lists after the rules were drafted is found there: vectors are packed
    by the lists as they are, and a bit never changes its meaning. KeyError for a bit that neither knows.
    """
    if code == TRAVEL_REQUIREMENT:
        return Requirement(code, Kind.TRAVEL, "")
    if code == AVAILABILITY_REQUIREMENT:
        return Requirement(code, Kind.AVAILABILITY, "")
    for row in requirements:
        if row["bit"] == code:
            return Requirement(code, Kind(row["kind"]), row["code"], row["level"])
    later = {requirement.bit: requirement for requirement in Layout.from_code_lists().requirements}
    return later[code]


def masks_from(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """Bits as booleans [n, 256] to masks [n, 4] of uint64, bit b in word b // 64."""
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
