"""The app's models, gathered from its rooms for Django."""

from jobmatching.nightly.fairness.models import FairnessComment, FairnessFigure, FairnessReport
from jobmatching.nightly.measuring.models import QualityMeasurement
from jobmatching.nightly.models import (
    Match,
    MatchChange,
    MatchingRules,
    MatchResult,
    NearMiss,
    RequirementUnlock,
    ResultKeys,
    RulesNumber,
    RunInput,
    SeekerVector,
    ShardResult,
    VacancyVector,
)
from jobmatching.nightly.rules_flow.models import RulesPreview, RulesStep
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
from jobmatching.seekers.non_disclosure.models import NonDisclosure, NonDisclosureChange
from jobmatching.seekers.rights.models import Restriction, SubjectExport, SubjectRequest

__all__ = [
    "FairnessComment",
    "FairnessFigure",
    "FairnessReport",
    "JobSeeker",
    "Match",
    "MatchChange",
    "MatchResult",
    "MatchingRules",
    "NamedWorker",
    "NearMiss",
    "NonDisclosure",
    "NonDisclosureChange",
    "OccupationWish",
    "QualityMeasurement",
    "RegistrationSpell",
    "RequirementUnlock",
    "Restriction",
    "ResultKeys",
    "RulesNumber",
    "RulesPreview",
    "RulesStep",
    "RunInput",
    "SeekerCard",
    "SeekerLanguage",
    "SeekerLicence",
    "SeekerSkill",
    "SeekerVector",
    "ShardResult",
    "SubjectExport",
    "SubjectRequest",
    "VacancyVector",
    "WorkPeriod",
]
