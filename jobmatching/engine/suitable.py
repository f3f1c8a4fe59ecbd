"""One vacancy against everybody: how many are suitable, and which requirement narrows most.

Suitable = no known miss in any filter (mask, place, day) and, where skills of the person are known, no essential skill
unmatched in some reading of the vacancy. Unknown is not no.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock, fits_every_place
from jobmatching.engine.criteria import AVAILABILITY_REQUIREMENT, REQUIREMENTS, TRAVEL_REQUIREMENT
from jobmatching.engine.features import MAX_FEATURES, SKILLS_UNKNOWN, FeatureSpace
from jobmatching.engine.rules import Rules


@dataclass(frozen=True)
class Suitable:
    """Suitable people for one vacancy."""

    count: int
    added: dict[int, int]
    """Requirement (bit 0..255, 256 travel, 257 availability) -> how many more without it, if any."""
    added_by_skill: dict[int, int]
    """Essential skill (index in the taxonomy) -> how many more if it were not essential, if any."""

    def narrowest(self) -> list[tuple[str, int, int]]:
        """Return ("requirement" | "skill", code, how many it would add), the one that narrows most first."""
        found = [("requirement", code, number) for code, number in self.added.items()]
        found += [("skill", code, number) for code, number in self.added_by_skill.items()]
        return sorted(found, key=lambda entry: (-entry[2], entry[0], entry[1]))


def count_suitable(vacancy: VacancyBlock, seekers: SeekerBlock, rules: Rules) -> Suitable:
    """Count for a block of exactly one vacancy; raises ValueError for another number."""
    if len(vacancy) != 1:
        raise ValueError("one vacancy at a time")
    first_skill = FeatureSpace.of(rules).ranges.skill
    count, added, by_skill = _count(
        seekers.available_from, seekers.has, seekers.unknown, seekers.reach, seekers.ptr, seekers.feature,
        vacancy.starts[0], vacancy.need[0], vacancy.places[0], bool(fits_every_place(vacancy)[0]),
        vacancy.essential_ptr, vacancy.essential,
    )  # fmt: skip
    return Suitable(
        int(count),
        {int(code): int(added[code]) for code in np.flatnonzero(added)},
        {int(code) - first_skill: int(by_skill[code]) for code in np.flatnonzero(by_skill)},
    )


@njit(cache=True, nogil=True)
def _count(
    available: Any, has: Any, unknown: Any, reach: Any, ptr: Any, feature: Any, starts: int, need: Any, places: Any,
    every_place: bool, essential_ptr: Any, essential: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Return the count, how many more without each requirement [258] and without each essential skill [features]."""
    n_readings = essential_ptr.size - 1
    added = np.zeros(REQUIREMENTS, np.int64)
    by_skill = np.zeros(MAX_FEATURES, np.int64)
    # A skill matters if some reading needs it; readings are few, so their sets are gone through one by one.
    wanted = np.zeros(MAX_FEATURES, np.bool_)
    wanted[essential] = True
    owned = np.zeros(MAX_FEATURES, np.bool_)
    reported = np.empty(n_readings, np.int64)
    count = 0
    for i in range(ptr.size - 1):
        misses = 0
        requirement = 0
        if available[i] > starts:
            misses += 1
            requirement = AVAILABILITY_REQUIREMENT
        if not every_place:
            reached = np.uint64(0)
            for w in range(places.size):
                reached |= reach[i, w] & places[w]
            if reached == 0:
                misses += 1
                requirement = TRAVEL_REQUIREMENT
        for w in range(need.size):
            missing = need[w] & ~(has[i, w] | unknown[i, w])
            for bit in range(64 if missing != 0 else 0):
                if missing >> np.uint64(bit) & np.uint64(1):
                    misses += 1
                    requirement = 64 * w + bit
        if misses > 1:
            continue
        # The fewest essential skills that any reading lacks, and which skill it is where it is only one.
        fewest = np.int64(1 << 30)
        n_reported = 0
        skills_unknown = False
        for k in range(ptr[i], ptr[i + 1]):
            skills_unknown |= feature[k] == SKILLS_UNKNOWN
            owned[feature[k]] = wanted[feature[k]]
        for r in range(n_readings):
            lacking = np.int64(0)
            lacked = np.int64(-1)
            for k in range(essential_ptr[r], essential_ptr[r + 1]):
                if not owned[essential[k]] and not skills_unknown:
                    lacking += 1
                    lacked = np.int64(essential[k])
            fewest = min(fewest, lacking)
            if lacking == 1:
                again = False
                for c in range(n_reported):
                    again |= reported[c] == lacked
                if not again:
                    reported[n_reported] = lacked
                    n_reported += 1
        for k in range(ptr[i], ptr[i + 1]):
            owned[feature[k]] = False
        if fewest == 0 and misses == 0:
            count += 1
        elif fewest == 0:
            added[requirement] += 1
        elif misses == 0:
            for c in range(n_reported):
                by_skill[reported[c]] += 1
    return count, added, by_skill
