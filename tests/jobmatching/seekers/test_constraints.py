"""Each named constraint of the jobseekers' tables keeps out what it is named for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from jobmatching.seekers import models
from portal.privacy.identity import encrypt
from tests.factories import (
    TODAY,
    CardFactory,
    DrivingLicenceFactory,
    JobSeekerFactory,
    LanguageFactory,
    NamedWorkerFactory,
    OccupationFactory,
    RegistrationSpellFactory,
    SkillFactory,
    WorkPeriodFactory,
)

pytestmark = pytest.mark.django_db


def _code_without_index() -> None:
    JobSeekerFactory(identity_code=encrypt("010190-900L"))


def _time_both_ways() -> None:
    JobSeekerFactory(work_times_accepted=["01", "02"], work_times_declined=["02"])


def _available_two_ways() -> None:
    JobSeekerFactory(available_now=True, available_from=TODAY)


def _worker_twice() -> None:
    first = NamedWorkerFactory()
    NamedWorkerFactory(seeker=first.seeker, user=first.user)


def _wish_twice() -> None:
    occupation = OccupationFactory()
    JobSeekerFactory(wishes=[occupation, occupation])


def _work_ends_before_it_starts() -> None:
    WorkPeriodFactory(started_on=date(2024, 2, 2), ended_on=date(2024, 2, 1))


def _work_without_name() -> None:
    WorkPeriodFactory(occupation=None, title="")


def _skill_twice() -> None:
    skill = SkillFactory()
    JobSeekerFactory(skills=[skill, skill])


def _language_twice() -> None:
    language = LanguageFactory()
    JobSeekerFactory(languages=[(language, "L1"), (language, "B1")])


def _licence_twice() -> None:
    licence = DrivingLicenceFactory()
    JobSeekerFactory(licences=[licence, licence])


def _card_twice() -> None:
    card = CardFactory()
    JobSeekerFactory(cards=[card, card])


def _spell_ends_as_it_starts() -> None:
    RegistrationSpellFactory(started_on=TODAY, ended_on=TODAY)


def _spells_overlap() -> None:
    first = RegistrationSpellFactory(started_on=TODAY - timedelta(days=30), ended_on=TODAY)
    RegistrationSpellFactory(seeker=first.seeker, started_on=TODAY - timedelta(days=1))


BREAKERS: dict[str, Callable[[], None]] = {
    "jobmatching_seeker_identity_whole": _code_without_index,
    "jobmatching_seeker_times_not_both": _time_both_ways,
    "jobmatching_seeker_available_one_way": _available_two_ways,
    "jobmatching_named_worker_once": _worker_twice,
    "jobmatching_wish_once": _wish_twice,
    "jobmatching_work_ends_after_start": _work_ends_before_it_starts,
    "jobmatching_work_has_name": _work_without_name,
    "jobmatching_skill_once": _skill_twice,
    "jobmatching_language_once": _language_twice,
    "jobmatching_licence_once": _licence_twice,
    "jobmatching_card_once": _card_twice,
    "jobmatching_spell_ends_after_start": _spell_ends_as_it_starts,
    "jobmatching_spells_never_overlap": _spells_overlap,
}


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKERS[name]()


def test_every_constraint_is_tried() -> None:
    classes = [item for item in vars(models).values() if getattr(item, "__module__", "") == models.__name__]
    named = {constraint.name for model in classes if hasattr(model, "_meta") for constraint in model._meta.constraints}
    assert named == set(BREAKERS)


def test_a_spell_may_begin_on_the_day_the_last_one_ended() -> None:
    first = RegistrationSpellFactory(started_on=TODAY - timedelta(days=30), ended_on=TODAY)
    RegistrationSpellFactory(seeker=first.seeker, started_on=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert first.seeker.spells.count() == 2
