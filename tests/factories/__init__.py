"""Test data by meaning: one factory per model, traits for what a test's story needs.

Dates stand relative to `TODAY`, so that a test that fixes its day says so and one that does not cannot drift. Concepts
are unique by their address, code lists by their code: two factories asking for Finnish get one row.
"""

from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    RoleMembershipFactory,
    StandInFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkPairFactory,
    with_role,
)
from tests.factories.classifications import (
    CardFactory,
    DrivingLicenceFactory,
    EducationLevelFactory,
    EmploymentAreaFactory,
    IndustryFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    OccupationGroupFactory,
    OccupationSkillFactory,
    SkillFactory,
    SkillGroupFactory,
    TravelTimeFactory,
)
from tests.factories.dates import NOW, TODAY
from tests.factories.employers import EmployerFactory, EmployerMembershipFactory, VacancyFactory
from tests.factories.seekers import (
    JobSeekerFactory,
    NamedWorkerFactory,
    NonDisclosureFactory,
    OccupationWishFactory,
    RegistrationSpellFactory,
    SeekerCardFactory,
    SeekerLanguageFactory,
    SeekerLicenceFactory,
    SeekerSkillFactory,
    WorkPeriodFactory,
    identity_fields,
)

__all__ = [
    "NOW",
    "PASSWORD",
    "TODAY",
    "CardFactory",
    "DrivingLicenceFactory",
    "EducationLevelFactory",
    "EmployerFactory",
    "EmployerMembershipFactory",
    "EmploymentAreaFactory",
    "IndustryFactory",
    "InvitationFactory",
    "JobSeekerFactory",
    "LanguageFactory",
    "MunicipalityFactory",
    "NamedWorkerFactory",
    "NonDisclosureFactory",
    "OccupationFactory",
    "OccupationGroupFactory",
    "OccupationSkillFactory",
    "OccupationWishFactory",
    "RegistrationSpellFactory",
    "RoleMembershipFactory",
    "SeekerCardFactory",
    "SeekerLanguageFactory",
    "SeekerLicenceFactory",
    "SeekerSkillFactory",
    "SkillFactory",
    "SkillGroupFactory",
    "StandInFactory",
    "TeamFactory",
    "TeamMembershipFactory",
    "TravelTimeFactory",
    "UserFactory",
    "VacancyFactory",
    "WorkPairFactory",
    "WorkPeriodFactory",
    "identity_fields",
    "with_role",
]
