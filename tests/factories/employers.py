"""Employers and their vacancies."""

from datetime import date, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from employers.enums import MembershipRole, RequirementStrength, VacancySource, VacancyState
from employers.models import Employer, Membership, Vacancy, VacancyLanguage, VacancySkill
from tests.factories.accounts import UserFactory
from tests.factories.classifications import EmploymentAreaFactory
from tests.factories.dates import NOW


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
