"""The app's models, gathered from its rooms for Django."""

from jobmatching.nightly.models import (
    Match,
    MatchChange,
    MatchingRules,
    MatchResult,
    NearMiss,
    RequirementUnlock,
    ResultKeys,
    RunInput,
    SeekerVector,
    ShardResult,
    VacancyVector,
)
from jobmatching.seekers.models import (
    JobSeeker,
    NamedWorker,
    OccupationWish,
    RegistrationSpell,
    SeekerCard,
    SeekerLanguage,
    SeekerLicence,
    SeekerSkill,
    WorkPeriod,
)

__all__ = [
    "JobSeeker",
    "Match",
    "MatchChange",
    "MatchResult",
    "MatchingRules",
    "NamedWorker",
    "NearMiss",
    "OccupationWish",
    "RegistrationSpell",
    "RequirementUnlock",
    "ResultKeys",
    "RunInput",
    "SeekerCard",
    "SeekerLanguage",
    "SeekerLicence",
    "SeekerSkill",
    "SeekerVector",
    "ShardResult",
    "VacancyVector",
    "WorkPeriod",
]
