"""A vacancy's state changes in one way: every pair of states is asked."""

from itertools import product
from typing import Any

import pytest
from django.test import override_settings

from employers.enums import VacancyState
from employers.models import Vacancy
from employers.vacancies import services
from employers.vacancies.services import TRANSITIONS, TransitionNotAllowed, change_state
from tests.factories import NOW, UserFactory, VacancyFactory

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("draft", "submitted"),
    ("draft", "published"),
    ("draft", "closed"),
    ("submitted", "draft"),
    ("submitted", "published"),
    ("submitted", "closed"),
    ("published", "paused"),
    ("published", "filled"),
    ("published", "closed"),
    ("paused", "published"),
    ("paused", "filled"),
    ("paused", "closed"),
    ("filled", "published"),
    ("closed", "published"),
}


@pytest.mark.parametrize(("origin", "target"), sorted(product(VacancyState.values, repeat=2)))
def test_each_pair(origin: str, target: str) -> None:
    vacancy = VacancyFactory(state=origin)
    if (origin, target) in ALLOWED:
        change_state(vacancy.pk, VacancyState(target), at=NOW)
        assert list(vacancy.transitions.values_list("origin", "target", "happened_at")) == [(origin, target, NOW)]
    else:
        with pytest.raises(TransitionNotAllowed):
            change_state(vacancy.pk, VacancyState(target))
        assert not vacancy.transitions.exists()
    vacancy.refresh_from_db()
    assert vacancy.state == (target if (origin, target) in ALLOWED else origin)


def test_the_table_speaks_of_every_state() -> None:
    assert set(TRANSITIONS) == set(VacancyState)


def test_who_and_why_are_kept() -> None:
    user = UserFactory()
    vacancy = VacancyFactory(draft=True)
    services.publish(vacancy.pk, by=user, reason="checked with the employer", at=NOW)
    kept = vacancy.transitions.get()
    assert (kept.by, kept.reason) == (user, "checked with the employer")
    vacancy.refresh_from_db()
    assert vacancy.published_at == NOW


def test_publishing_again_keeps_the_first_time_and_opens_it() -> None:
    vacancy = VacancyFactory(filled=True)
    first = vacancy.published_at
    services.publish(vacancy.pk)
    vacancy.refresh_from_db()
    assert (vacancy.published_at, vacancy.closed_at) == (first, None)


heard: list[tuple[Any, ...]] = []


def hear(*arguments: Any) -> None:
    """An effect of the tests."""
    heard.append(arguments)


@override_settings(STATE_EFFECTS={"vacancy.state_changed": [f"{__name__}.hear"]})
def test_effects_hear_of_it_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    heard.clear()
    vacancy = VacancyFactory()
    with django_capture_on_commit_callbacks(execute=True):
        services.close(vacancy.pk)
        assert not heard
    assert heard == [(vacancy.pk, "closed")]
    assert Vacancy.objects.get().closed_at is not None
