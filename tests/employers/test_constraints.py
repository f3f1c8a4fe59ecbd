"""Each named constraint of the employers' tables keeps out what it is named for."""

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from employers.enums import VacancySource, VacancyState
from employers.models import VacancyLanguage, VacancySkill, VacancyTransition
from tests.factories import (
    NOW,
    EmployerFactory,
    EmployerMembershipFactory,
    LanguageFactory,
    SkillFactory,
    VacancyFactory,
)

pytestmark = pytest.mark.django_db


def _blank_business_id() -> None:
    EmployerFactory(business_id="")


def _membership_twice() -> None:
    first = EmployerMembershipFactory()
    EmployerMembershipFactory(employer=first.employer, user=first.user, valid_from=date(2024, 1, 1))


def _membership_ends_early() -> None:
    EmployerMembershipFactory(valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 31))


def _same_source_twice() -> None:
    for _time in range(2):
        VacancyFactory(source=VacancySource.STATE_PORTAL, source_id="a-1")


def _no_title() -> None:
    VacancyFactory(title_fi="")


def _no_posts() -> None:
    VacancyFactory(positions=0)


def _hours_upside_down() -> None:
    VacancyFactory(hours_min=20, hours_max=19)


def _ends_before_start() -> None:
    VacancyFactory(starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1))


def _published_without_time() -> None:
    VacancyFactory(published_at=None)


def _skill_twice() -> None:
    vacancy, skill = VacancyFactory(), SkillFactory()
    for strength in ("essential", "optional"):
        VacancySkill.objects.create(vacancy=vacancy, skill=skill, strength=strength)


def _language_twice() -> None:
    vacancy, language = VacancyFactory(), LanguageFactory()
    for level in ("A2", "B1"):
        VacancyLanguage.objects.create(vacancy=vacancy, language=language, level=level)


def _transition_to_itself() -> None:
    VacancyTransition.objects.create(
        vacancy=VacancyFactory(), origin=VacancyState.DRAFT, target=VacancyState.DRAFT, happened_at=NOW
    )


BREAKERS: dict[str, Callable[[], None]] = {
    "employers_employer_business_id_not_blank": _blank_business_id,
    "employers_membership_once": _membership_twice,
    "employers_membership_ends_after_start": _membership_ends_early,
    "employers_vacancy_once_from_source": _same_source_twice,
    "employers_vacancy_has_title": _no_title,
    "employers_vacancy_has_posts": _no_posts,
    "employers_vacancy_hours_in_order": _hours_upside_down,
    "employers_vacancy_ends_after_start": _ends_before_start,
    "employers_vacancy_published_has_time": _published_without_time,
    "employers_vacancy_skill_once": _skill_twice,
    "employers_vacancy_language_once": _language_twice,
    "employers_vacancy_transition_changes": _transition_to_itself,
}


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKERS[name]()


def test_every_constraint_is_tried() -> None:
    named = {c.name for model in apps.get_app_config("employers").get_models() for c in model._meta.constraints}
    assert named == set(BREAKERS)


def test_two_employers_share_no_business_id_but_many_have_none() -> None:
    EmployerFactory(business_id=None)
    EmployerFactory(business_id=None)
    EmployerFactory(business_id="2617416-4")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmployerFactory(business_id="2617416-4")


@pytest.mark.parametrize("wrong", ["2617416-5", "26174164", "FI26174164", "0000000-1"])
def test_wrong_business_id_is_told_in_words(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        EmployerFactory.build(business_id=wrong).clean_fields(exclude=["area"])
    assert set(refused.value.message_dict) == {"business_id"}
