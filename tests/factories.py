"""Test data by meaning: one factory per model, traits for what a test's story needs.

Dates stand relative to `TODAY`, so that a test that fixes its day says so and one that does not cannot drift. Concepts
are unique by their address, code lists by their code: two factories asking for Finnish get one row.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from employers.enums import MembershipRole, RequirementStrength, VacancySource, VacancyState
from employers.models import Employer, Membership, Vacancy, VacancyLanguage, VacancySkill
from jobmatching.models import (
    JobSeeker,
    NamedWorker,
    NonDisclosure,
    OccupationWish,
    RegistrationSpell,
    SeekerCard,
    SeekerLanguage,
    SeekerLicence,
    SeekerSkill,
    WorkPeriod,
)
from jobmatching.seekers.enums import SkillBasis, SpellStatus
from jobmatching.seekers.non_disclosure.enums import Ground
from portal.accounts.models import Invitation, RoleMembership, StandIn, Team, TeamMembership, User, WorkPair
from portal.accounts.roles import AREA_ROLES, INSTALLATION_ROLES, STAFF_ROLES, Role
from portal.classifications.enums import Country, LanguageLevel, RelationType, Scheme
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    Occupation,
    OccupationGroup,
    OccupationSkill,
    Skill,
    SkillGroup,
    TravelTime,
)
from portal.privacy.identity import blind_index, encrypt
from tests.second_factor import enrol

TODAY = date(2026, 11, 21)
"""The day on which the factories' stories happen."""
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
PASSWORD = "a-long-enough-password"


def with_role(role: Role, area: EmploymentArea | None = None, **fields: Any) -> User:
    """A user who holds `role` from long ago on; area roles get an area of their own unless one is given. Staff are
    enrolled with an authenticator app (`tests.second_factor.code_of` tells its code), unless `enrolled=False`.

    Roles of the installation have none, whatever is given.
    """
    if area is None and role in AREA_ROLES:
        area = EmploymentAreaFactory()
    elif role in INSTALLATION_ROLES:
        area = None
    return UserFactory(role=role, area=area, **fields)


def identity_fields(code: str) -> dict[str, Any]:
    """The two columns that hold an identity code."""
    return {"identity_code": encrypt(code), "identity_index": blind_index(code)}


# --- Places ------------------------------------------------------------------------------------------------------
class EmploymentAreaFactory(DjangoModelFactory):
    class Meta:
        model = EmploymentArea
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"T{n:03d}")
    name_fi = factory.LazyAttribute(lambda o: f"Työllisyysalue {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"Sysselsättningsområde {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Employment area {o.code}")


class MunicipalityFactory(DjangoModelFactory):
    """A Finnish municipality; `swedish=True` gives one across the border."""

    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    class Params:
        swedish = factory.Trait(
            code=factory.Sequence(lambda n: f"SE{3000 + n:04d}"), country=Country.SWEDEN, region_code="SE25"
        )

    code = factory.Sequence(lambda n: f"{100 + n % 900:03d}")
    name_fi = factory.LazyAttribute(lambda o: f"Kunta {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"Kommun {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Municipality {o.code}")
    country = Country.FINLAND
    region_code = "19"
    area = None
    longitude = 24.5
    latitude = 65.8


class TravelTimeFactory(DjangoModelFactory):
    class Meta:
        model = TravelTime

    origin = factory.SubFactory(MunicipalityFactory)
    destination = factory.SubFactory(MunicipalityFactory)
    kilometres = 30
    minutes = 30
    source = "test"


# --- Occupations and skills --------------------------------------------------------------------------------------
class OccupationGroupFactory(DjangoModelFactory):
    class Meta:
        model = OccupationGroup
        django_get_or_create = ("scheme", "code")

    scheme = Scheme.DEMO
    code = "7212"
    uri = factory.LazyAttribute(lambda o: f"https://test.example/{o.scheme}/isco/C{o.code}")
    version = "1"
    name_en = factory.LazyAttribute(lambda o: f"occupation group {o.code}")


class OccupationFactory(DjangoModelFactory):
    """An occupation; `skills=[(skill, relation), ...]` or `skills=[skill, ...]` (essential) ties skills to it."""

    class Meta:
        model = Occupation
        django_get_or_create = ("uri",)
        skip_postgeneration_save = True

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/occupation/{n}")
    code = factory.Sequence(lambda n: f"7212.{n}")
    isco = "7212"
    version = "1"
    name_fi = factory.Sequence(lambda n: f"ammatti {n}")
    name_sv = factory.Sequence(lambda n: f"yrke {n}")
    name_en = factory.Sequence(lambda n: f"occupation {n}")

    @factory.post_generation
    def skills(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            skill, relation = item if isinstance(item, tuple) else (item, RelationType.ESSENTIAL)
            OccupationSkill.objects.create(occupation=self, skill=skill, relation=relation)


class SkillGroupFactory(DjangoModelFactory):
    class Meta:
        model = SkillGroup
        django_get_or_create = ("uri",)

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/skill-group/{n}")
    code = factory.Sequence(lambda n: f"S{n}")
    version = "1"
    name_en = factory.Sequence(lambda n: f"skill group {n}")


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("uri",)

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/skill/{n}")
    version = "1"
    name_fi = factory.Sequence(lambda n: f"taito {n}")
    name_sv = factory.Sequence(lambda n: f"färdighet {n}")
    name_en = factory.Sequence(lambda n: f"skill {n}")


class OccupationSkillFactory(DjangoModelFactory):
    class Meta:
        model = OccupationSkill

    occupation = factory.SubFactory(OccupationFactory)
    skill = factory.SubFactory(SkillFactory)
    relation = RelationType.ESSENTIAL


# --- Code lists --------------------------------------------------------------------------------------------------
class LanguageFactory(DjangoModelFactory):
    class Meta:
        model = Language
        django_get_or_create = ("code",)

    code = "fi"
    order = factory.Sequence(lambda n: n)
    match_slot = factory.LazyAttribute(lambda o: {"fi": 0, "sv": 1, "en": 2}.get(o.code))
    name_fi = factory.LazyAttribute(lambda o: {"fi": "suomi", "sv": "ruotsi", "en": "englanti"}.get(o.code, o.code))
    name_sv = factory.LazyAttribute(lambda o: {"fi": "finska", "sv": "svenska", "en": "engelska"}.get(o.code, o.code))
    name_en = factory.LazyAttribute(lambda o: {"fi": "Finnish", "sv": "Swedish", "en": "English"}.get(o.code, o.code))


class DrivingLicenceFactory(DjangoModelFactory):
    class Meta:
        model = DrivingLicence
        django_get_or_create = ("code",)

    code = "B"
    # Counted in the database, not in the process: matching has places for few.
    order = factory.LazyFunction(DrivingLicence.objects.count)
    match_slot = factory.LazyAttribute(lambda o: o.order % 16)  # the places that matching has for licences
    name_fi = factory.LazyAttribute(lambda o: f"ajokorttiluokka {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"körkortsklass {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"licence class {o.code}")


class CardFactory(DjangoModelFactory):
    class Meta:
        model = Card
        django_get_or_create = ("code",)

    code = "022"
    # Counted in the database, not in the process: matching has places for few.
    order = factory.LazyFunction(Card.objects.count)
    match_slot = factory.LazyAttribute(lambda o: o.order % 120)  # the places that matching has for cards
    name_fi = factory.LazyAttribute(lambda o: f"kortti {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"kort {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"card {o.code}")


class EducationLevelFactory(DjangoModelFactory):
    class Meta:
        model = EducationLevel
        django_get_or_create = ("code",)

    code = "32"
    order = factory.LazyAttribute(lambda o: int(f"{o.code:0<2}"))
    # Counted in the database, not in the process: matching has places for few.
    match_slot = factory.LazyFunction(EducationLevel.objects.count)
    name_fi = factory.LazyAttribute(lambda o: f"koulutusaste {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"utbildningsnivå {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"level of education {o.code}")


class IndustryFactory(DjangoModelFactory):
    class Meta:
        model = Industry
        django_get_or_create = ("code",)

    code = "24"
    section = "C"
    order = factory.Sequence(lambda n: n)
    name_fi = "metallien jalostus"
    name_sv = "metallframställning"
    name_en = "manufacture of basic metals"


# --- People who sign in ------------------------------------------------------------------------------------------
class UserFactory(DjangoModelFactory):
    """A user; with `role=` (and `area=`) the user holds that role. `with_role` is the short way."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        administrator = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")
    password = Password(PASSWORD)

    @factory.post_generation
    def role(self, create: bool, extracted: Role | None, **kwargs: Any) -> None:
        if extracted is not None:
            RoleMembershipFactory(user=self, role=extracted, area=self._role_area)

    @classmethod
    def _create(
        cls,
        model_class: type[User],
        *args: Any,
        area: EmploymentArea | None = None,
        enrolled: bool = True,
        **kwargs: Any,
    ) -> User:
        user = super()._create(model_class, *args, **kwargs)
        user._role_area, user._may_be_enrolled = area, enrolled
        if user.is_staff and enrolled:
            enrol(user)
        return user


class RoleMembershipFactory(DjangoModelFactory):
    """A role; whoever holds one of the staff has a second factor, as in life."""

    class Meta:
        model = RoleMembership

    user = factory.SubFactory(UserFactory)
    role = Role.CASE_WORKER
    area = factory.SubFactory(EmploymentAreaFactory)
    valid_from = date(2020, 1, 1)

    @classmethod
    def _create(cls, model_class: type[RoleMembership], *args: Any, **kwargs: Any) -> RoleMembership:
        membership = super()._create(model_class, *args, **kwargs)
        if membership.role in STAFF_ROLES and getattr(membership.user, "_may_be_enrolled", True):
            enrol(membership.user)
        return membership


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    area = factory.SubFactory(EmploymentAreaFactory)
    name = factory.Sequence(lambda n: f"Tiimi {n}")


class TeamMembershipFactory(DjangoModelFactory):
    class Meta:
        model = TeamMembership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    valid_from = date(2020, 1, 1)


class WorkPairFactory(DjangoModelFactory):
    class Meta:
        model = WorkPair

    area = factory.SubFactory(EmploymentAreaFactory)
    first = factory.SubFactory(UserFactory)
    second = factory.SubFactory(UserFactory)
    sector = "teollisuus"
    valid_from = date(2020, 1, 1)


class StandInFactory(DjangoModelFactory):
    """Somebody stands in for a colleague, around the day of the stories."""

    class Meta:
        model = StandIn

    absent = factory.SubFactory(UserFactory)
    stand_in = factory.SubFactory(UserFactory)
    valid_from = TODAY - timedelta(days=3)
    valid_to = TODAY + timedelta(days=3)
    reason = "holiday"


class InvitationFactory(DjangoModelFactory):
    """An open invitation of a case worker."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Invited{n}")
    last_name = factory.Sequence(lambda n: f"Guest{n}")
    role = Role.CASE_WORKER
    area = factory.LazyAttribute(lambda o: EmploymentAreaFactory() if o.role in AREA_ROLES else None)
    valid_from = date(2020, 1, 1)
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    link_hash = factory.Sequence(lambda n: f"{n:064d}")


# --- Employers and vacancies -------------------------------------------------------------------------------------
class EmployerFactory(DjangoModelFactory):
    class Meta:
        model = Employer

    name = factory.Sequence(lambda n: f"Pohjan Koe {n} Oy")
    area = factory.SubFactory(EmploymentAreaFactory)


class EmployerMembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    employer = factory.SubFactory(EmployerFactory)
    user = factory.SubFactory(UserFactory)
    role = MembershipRole.MEMBER
    valid_from = date(2020, 1, 1)


class VacancyFactory(DjangoModelFactory):
    """A published vacancy, open for two weeks. Lists (occupations, municipalities, licences, cards) are given as rows;
    `skills` as rows (essential) or (row, strength), `languages` as (row, level).
    """

    class Meta:
        model = Vacancy
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state=VacancyState.DRAFT, published_at=None)
        closed = factory.Trait(state=VacancyState.CLOSED, closed_at=NOW - timedelta(days=1))
        filled = factory.Trait(state=VacancyState.FILLED, closed_at=NOW - timedelta(days=1))

    employer = factory.SubFactory(EmployerFactory)
    area = factory.SelfAttribute("employer.area")
    state = VacancyState.PUBLISHED
    source = VacancySource.EMPLOYER
    title_fi = factory.Sequence(lambda n: f"Työpaikka {n}")
    published_at = NOW - timedelta(days=3)
    apply_until = NOW + timedelta(days=14)

    @factory.post_generation
    def occupations(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.occupations.set(extracted or ())

    @factory.post_generation
    def municipalities(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.municipalities.set(extracted or ())

    @factory.post_generation
    def licences(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.licences.set(extracted or ())

    @factory.post_generation
    def cards(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.cards.set(extracted or ())

    @factory.post_generation
    def skills(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            skill, strength = item if isinstance(item, tuple) else (item, RequirementStrength.ESSENTIAL)
            VacancySkill.objects.create(vacancy=self, skill=skill, strength=strength)

    @factory.post_generation
    def languages(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for language, level in extracted or ():
            VacancyLanguage.objects.create(vacancy=self, language=language, level=level)


# --- Jobseekers --------------------------------------------------------------------------------------------------
class JobSeekerFactory(DjangoModelFactory):
    """A jobseeker whose search is open. Lists as in `VacancyFactory`: `wishes=[occupation]`, `skills=[skill]` or
    `[(skill, basis)]`, `languages=[(language, level)]`, `licences=[...]`, `cards=[card]` or `[(card, valid_until)]`,
    `work=[occupation]` or `[(occupation, started_on, ended_on)]`. `spell=False` leaves the search unopened.
    """

    class Meta:
        model = JobSeeker
        skip_postgeneration_save = True

    class Params:
        hidden = factory.Trait(
            non_disclosure=True,
            held=factory.RelatedFactory("tests.factories.NonDisclosureFactory", factory_related_name="seeker"),
        )
        paused = factory.Trait(matching_paused_at=NOW - timedelta(days=2), matching_pause_reason="asked for it")
        all_asked = factory.Trait(languages_complete=True, licences_complete=True, cards_complete=True)

    area = factory.SubFactory(EmploymentAreaFactory)
    first_name = factory.Sequence(lambda n: f"Etunimi{n}")
    last_name = factory.Sequence(lambda n: f"Sukunimi{n}")
    birth_date = date(1990, 5, 17)
    home = factory.SubFactory(MunicipalityFactory)

    @factory.post_generation
    def wishes(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for order, occupation in enumerate(extracted or (), start=1):
            OccupationWishFactory(seeker=self, occupation=occupation, order=order)

    @factory.post_generation
    def work(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            occupation, started, ended = item if isinstance(item, tuple) else (item, date(2020, 1, 1), date(2024, 1, 1))
            WorkPeriodFactory(seeker=self, occupation=occupation, started_on=started, ended_on=ended)

    @factory.post_generation
    def skills(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            skill, basis = item if isinstance(item, tuple) else (item, SkillBasis.OWN_WORD)
            SeekerSkillFactory(seeker=self, skill=skill, basis=basis)

    @factory.post_generation
    def languages(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for language, level in extracted or ():
            SeekerLanguageFactory(seeker=self, language=language, level=level)

    @factory.post_generation
    def licences(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for licence in extracted or ():
            SeekerLicenceFactory(seeker=self, licence=licence)

    @factory.post_generation
    def cards(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            card, until = item if isinstance(item, tuple) else (item, None)
            SeekerCardFactory(seeker=self, card=card, valid_until=until)

    @factory.post_generation
    def places(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.places.set(extracted or ())

    @factory.post_generation
    def spell(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            RegistrationSpellFactory(seeker=self, **kwargs)


class NonDisclosureFactory(DjangoModelFactory):
    """Why somebody is hidden, by the population register for two more years."""

    class Meta:
        model = NonDisclosure

    seeker = factory.SubFactory(JobSeekerFactory, non_disclosure=True)
    ground = Ground.REGISTER
    valid_from = TODAY - timedelta(days=30)
    valid_to = TODAY + timedelta(days=700)


class NamedWorkerFactory(DjangoModelFactory):
    class Meta:
        model = NamedWorker

    seeker = factory.SubFactory(JobSeekerFactory, hidden=True)
    user = factory.SubFactory(UserFactory)


class OccupationWishFactory(DjangoModelFactory):
    class Meta:
        model = OccupationWish

    seeker = factory.SubFactory(JobSeekerFactory)
    occupation = factory.SubFactory(OccupationFactory)


class WorkPeriodFactory(DjangoModelFactory):
    class Meta:
        model = WorkPeriod

    seeker = factory.SubFactory(JobSeekerFactory)
    occupation = factory.SubFactory(OccupationFactory)
    started_on = date(2020, 1, 1)
    ended_on = date(2024, 1, 1)


class SeekerSkillFactory(DjangoModelFactory):
    class Meta:
        model = SeekerSkill

    seeker = factory.SubFactory(JobSeekerFactory)
    skill = factory.SubFactory(SkillFactory)
    basis = SkillBasis.OWN_WORD


class SeekerLanguageFactory(DjangoModelFactory):
    class Meta:
        model = SeekerLanguage

    seeker = factory.SubFactory(JobSeekerFactory)
    language = factory.SubFactory(LanguageFactory)
    level = LanguageLevel.L1


class SeekerLicenceFactory(DjangoModelFactory):
    class Meta:
        model = SeekerLicence

    seeker = factory.SubFactory(JobSeekerFactory)
    licence = factory.SubFactory(DrivingLicenceFactory)


class SeekerCardFactory(DjangoModelFactory):
    class Meta:
        model = SeekerCard

    seeker = factory.SubFactory(JobSeekerFactory)
    card = factory.SubFactory(CardFactory)


class RegistrationSpellFactory(DjangoModelFactory):
    class Meta:
        model = RegistrationSpell

    seeker = factory.SubFactory(JobSeekerFactory, spell=False)
    status = SpellStatus.UNEMPLOYED
    started_on = TODAY - timedelta(days=90)
