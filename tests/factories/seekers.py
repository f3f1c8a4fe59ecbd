"""Jobseekers with what they want, can and have done."""

from datetime import date, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

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
from portal.classifications.enums import LanguageLevel
from portal.privacy.identity import blind_index, encrypt
from tests.factories.accounts import UserFactory
from tests.factories.classifications import (
    CardFactory,
    DrivingLicenceFactory,
    EmploymentAreaFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    SkillFactory,
)
from tests.factories.dates import NOW, TODAY


def identity_fields(code: str) -> dict[str, Any]:
    """The two columns that hold an identity code."""
    return {"identity_code": encrypt(code), "identity_index": blind_index(code)}


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
        paused = factory.Trait(
            matching_paused_at=NOW - timedelta(days=2),
            matching_pause_kind="asked",
            matching_pause_reason="asked for it",
        )
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
