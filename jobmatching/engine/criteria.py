"""The seven criteria that a person sees, their states, and the codes of single requirements."""

from enum import IntEnum
from typing import Final


class Criterion(IntEnum):
    """What a pair is judged by. The first three earn points; the others only have a state."""

    OCCUPATION = 0
    SKILLS = 1
    EXPERIENCE = 2
    TRAVEL = 3
    WORKING_TIME = 4
    LANGUAGES = 5
    PERMITS = 6


class State(IntEnum):
    """How a seeker stands to one criterion of a vacancy."""

    NOT_ASKED = 0
    MET = 1
    PARTLY = 2
    MISSING = 3
    UNKNOWN = 4


SCORED: Final = (Criterion.OCCUPATION, Criterion.SKILLS, Criterion.EXPERIENCE)

MASK_WORDS: Final = 4
"""Words of uint64 in a requirement mask."""

MASK_BITS: Final = 64 * MASK_WORDS
"""Bits of a requirement mask: requirements 0..255."""

TRAVEL_REQUIREMENT: Final = 256
"""The requirement "can get there", beside the mask's bits."""

AVAILABILITY_REQUIREMENT: Final = 257
"""The requirement "is free when the work starts", beside the mask's bits."""

REQUIREMENTS: Final = 258
"""How many requirement codes there are."""
