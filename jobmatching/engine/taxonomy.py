"""The part of a classification (ESCO or the demo's) that matching needs, as arrays."""

import math
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_DTYPES: Final[dict[str, type[np.generic]]] = {
    "occupation_ids": np.int64,
    "isco4": np.int32,
    "skill_ids": np.int64,
    "skill_group": np.int32,
    "relation_ptr": np.int64,
    "relation_skill": np.int32,
    "relation_essential": np.bool_,
    "idf": np.uint16,
    "related_ptr": np.int64,
    "related_occupation": np.int32,
    "related_value": np.uint8,
}


@dataclass(frozen=True)
class Taxonomy:
    """Occupations, skills and what ties them. nO occupations, nS skills, nG groups of skills.

    Everywhere in the engine an occupation or a skill is its index here, not its database id.
    Raises ValueError when the arrays do not fit together.
    """

    occupation_ids: npt.NDArray[np.int64]
    """[nO] database ids, ascending."""

    isco4: npt.NDArray[np.int32]
    """[nO] ISCO-08 code as a number of four digits, 7212; a shorter code is filled with zeros on the right
    (721 -> 7210, and the armed forces' 0110 is 110); -1 where an occupation has no code."""

    skill_ids: npt.NDArray[np.int64]
    """[nS] database ids, ascending."""

    skill_group: npt.NDArray[np.int32]
    """[nS] the skill's group 0..nG-1: its first ancestor in code order at one fixed level."""

    relation_ptr: npt.NDArray[np.int64]
    """[nO + 1] rows of `relation_skill` and `relation_essential`."""

    relation_skill: npt.NDArray[np.int32]
    """Skills that an occupation needs."""

    relation_essential: npt.NDArray[np.bool_]
    """Whether the occupation cannot do without the skill."""

    idf: npt.NDArray[np.uint16]
    """[nS] how telling a skill is, times 1,000 (see `compute_idf`)."""

    related_ptr: npt.NDArray[np.int64]
    """[nO + 1] rows of `related_occupation` and `related_value`; all zero when nothing is said."""

    related_occupation: npt.NDArray[np.int32]
    """For the row's occupation as asked by a vacancy: occupations whose people can do the work too."""

    related_value: npt.NDArray[np.uint8]
    """How far they can, 0..100. An occupation is related to itself by 100 without being listed."""

    def __post_init__(self) -> None:
        """Bring the arrays to their types and check that they fit together."""
        for entry in fields(self):
            array = np.ascontiguousarray(getattr(self, entry.name), dtype=_DTYPES[entry.name])
            array.setflags(write=False)
            object.__setattr__(self, entry.name, array)
        problems = [
            text
            for text, wrong in (
                ("occupation ids must ascend", bool(np.any(np.diff(self.occupation_ids) <= 0))),
                ("skill ids must ascend", bool(np.any(np.diff(self.skill_ids) <= 0))),
                ("one ISCO code an occupation", self.isco4.size != self.n_occupations),
                ("one group and one idf a skill", {self.skill_group.size, self.idf.size} != {self.n_skills}),
                ("groups count from 0", bool(np.any(self.skill_group < 0))),
                ("relations", not _is_csr(self.relation_ptr, self.relation_skill, self.n_occupations, self.n_skills)),
                ("essential marks", self.relation_essential.size != self.relation_skill.size),
                ("related", not _is_csr(self.related_ptr, self.related_occupation, *[self.n_occupations] * 2)),
                ("related values", self.related_value.size != self.related_occupation.size),
                ("related values in 0..100", bool(np.any(self.related_value > 100))),
            )
            if wrong
        ]  # fmt: skip
        if problems:
            raise ValueError("taxonomy: " + "; ".join(problems))

    @property
    def n_occupations(self) -> int:
        """How many occupations there are."""
        return int(self.occupation_ids.size)

    @property
    def n_skills(self) -> int:
        """How many skills there are."""
        return int(self.skill_ids.size)

    @property
    def n_groups(self) -> int:
        """How many groups of skills there are."""
        return int(self.skill_group.max()) + 1 if self.n_skills else 0


def nothing_related(n_occupations: int) -> dict[str, npt.NDArray[Any]]:
    """Return the three `related_*` arrays of a taxonomy that says nothing of related occupations."""
    return {
        "related_ptr": np.zeros(n_occupations + 1, np.int64),
        "related_occupation": np.zeros(0, np.int32),
        "related_value": np.zeros(0, np.uint8),
    }


def compute_idf(n_occupations: int, n_skills: int, relation_skill: npt.NDArray[np.int32]) -> npt.NDArray[np.uint16]:
    """Return how telling each skill is: round(1000 * ln((1 + nO) / (1 + occupations that need it))), at least 1.

    `relation_skill` lists the skills of all occupations, each at most once an occupation.
    """
    counts = np.bincount(relation_skill, minlength=n_skills)
    by_count = [max(1, round(1000 * math.log((1 + n_occupations) / (1 + count)))) for count in range(n_occupations + 1)]
    return np.array(by_count, dtype=np.uint16)[counts]


def _is_csr(pointers: npt.NDArray[np.int64], indices: npt.NDArray[np.int32], rows: int, columns: int) -> bool:
    """Tell whether the pointers cut the indices into `rows` rows, with every index inside 0..columns-1."""
    shaped = pointers.size == rows + 1 and pointers[0] == 0 and pointers[-1] == indices.size
    return bool(
        shaped
        and np.all(np.diff(pointers) >= 0)
        and (indices.size == 0 or (indices.min() >= 0 and indices.max() < columns))
    )
