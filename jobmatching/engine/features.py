"""The numbering of the features: which number stands for which node of the classification.

Ascending, without gaps::

    unknown     3                     nothing known of occupation, skills, experience
    isco2       nodes of ISCO-08 with two digits that occur
    isco3, isco4                      likewise
    leaf        nO                    the occupation itself
    related     nO                    can do the work of this occupation, by the relatedness table
    group       nG                    has some skill of the group
    skill       nS                    has the skill, beyond what the group gives
    experience  (isco3 + isco4 + leaf) * steps      has at least so many months in the node

A score that is a maximum over a person's occupations becomes linear because the nodes are nested: who shares
the leaf shares all nodes above it, so the sum over the seeker's SET of nodes is the best of the occupations.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from jobmatching.engine.rules import Rules

OCCUPATION_UNKNOWN: Final = 0
SKILLS_UNKNOWN: Final = 1
EXPERIENCE_UNKNOWN: Final = 2

MAX_FEATURES: Final = 65_536
"""Features are stored as uint16."""


class Ranges(NamedTuple):
    """First feature of each block; the block ends where the next one starts, the last at `end`."""

    isco2: int
    isco3: int
    isco4: int
    leaf: int
    related: int
    group: int
    skill: int
    experience: int
    end: int


class Nodes(NamedTuple):
    """[nO] index of each occupation's node at every level, -1 where it has no ISCO code."""

    isco2: npt.NDArray[np.int32]
    isco3: npt.NDArray[np.int32]
    isco4: npt.NDArray[np.int32]


@dataclass(frozen=True)
class FeatureSpace:
    """The numbering for one version of the rules."""

    ranges: Ranges
    nodes: Nodes
    n_steps: int

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """Lay out the features; raises ValueError when the classification is too large for uint16."""
        taxonomy = rules.taxonomy
        numbered = [_number(taxonomy.isco4, divisor) for divisor in (100, 10, 1)]
        counts = [count for _, count in numbered]
        n_steps = len(rules.weights.experience_steps)
        sizes = [
            3, *counts, taxonomy.n_occupations, taxonomy.n_occupations, taxonomy.n_groups, taxonomy.n_skills,
            (counts[1] + counts[2] + taxonomy.n_occupations) * n_steps,
        ]  # fmt: skip
        ranges = Ranges(*(int(start) for start in np.cumsum(sizes)))
        if ranges.end > MAX_FEATURES:
            raise ValueError(f"{ranges.end} features are more than the {MAX_FEATURES} that a row can name")
        return cls(ranges, Nodes(*(index for index, _ in numbered)), n_steps)

    @property
    def experience_level_starts(self) -> tuple[int, int, int]:
        """First experience feature of the isco3, isco4 and leaf nodes."""
        first = self.ranges.experience
        isco4 = first + (self.ranges.isco4 - self.ranges.isco3) * self.n_steps
        return first, isco4, isco4 + (self.ranges.leaf - self.ranges.isco4) * self.n_steps


def _number(isco4: npt.NDArray[np.int32], divisor: int) -> tuple[npt.NDArray[np.int32], int]:
    """Number the distinct codes isco4 // divisor in code order; -1 stays -1. Returns the index and the count."""
    coded = isco4 >= 0
    codes, index = np.unique(isco4[coded] // divisor, return_inverse=True)
    numbered = np.full(isco4.size, -1, dtype=np.int32)
    numbered[coded] = index
    return numbered, int(codes.size)
