"""One ordinary day passes in a generated area, once."""

from datetime import timedelta

import pytest

from employers.models import Vacancy
from jobmatching.generator.area import Generated
from jobmatching.generator.day import DayChanges, change_a_day
from jobmatching.models import JobSeeker, RegistrationSpell
from portal.privacy.identity import decrypt, normalise
from tests.jobmatching.generator.conftest import AS_OF
from tests.jobmatching.generator.digests import area_digests

TOMORROW = AS_OF + timedelta(days=1)
SOURCE = f"demo-day-{TOMORROW.isoformat()}-"


def test_an_ordinary_day(area: Generated) -> None:
    searching = JobSeeker.objects.searching(TOMORROW).count()
    changes = change_a_day(TOMORROW, seed=1)
    assert changes == DayChanges(
        new_seekers=40, edited_seekers=80, ended_searches=32, new_searches=16, new_vacancies=40, ended_vacancies=30
    )
    assert JobSeeker.objects.filter(source_id__startswith=SOURCE).searching(TOMORROW).count() == 40
    assert JobSeeker.objects.searching(TOMORROW).count() == searching + 40 + 16 - 32
    assert JobSeeker.objects.filter(profile_confirmed_on=TOMORROW).count() >= 80
    assert RegistrationSpell.objects.filter(ended_on=TOMORROW).count() == 32
    fresh = Vacancy.objects.filter(source_id__startswith=SOURCE)
    assert fresh.open(TOMORROW).count() == fresh.count() == 40
    assert {vacancy.published_at.date() for vacancy in fresh} == {TOMORROW}


def test_ended_vacancies_have_their_history(area: Generated) -> None:
    change_a_day(TOMORROW, seed=1)
    ended = Vacancy.objects.filter(transitions__happened_at__date=TOMORROW)
    assert ended.count() == 30
    assert set(ended.values_list("state", flat=True)) == {"filled", "closed"}


def test_new_people_have_test_codes_that_nobody_has(area: Generated) -> None:
    change_a_day(TOMORROW, seed=1)
    codes = [
        normalise(decrypt(seeker.identity_code)) for seeker in JobSeeker.objects.filter(source_id__startswith=SOURCE)
    ]
    assert len(set(codes)) == 40
    assert all(900 <= int(code[7:10]) <= 999 for code in codes)


def test_the_same_day_passes_once(area: Generated) -> None:
    change_a_day(TOMORROW, seed=1)
    before = area_digests()
    assert change_a_day(TOMORROW, seed=1) == DayChanges()
    assert area_digests() == before
    assert change_a_day(TOMORROW + timedelta(days=1), seed=1).new_seekers == 40


@pytest.mark.django_db
def test_nothing_happens_where_nothing_was_generated() -> None:
    assert change_a_day(TOMORROW, seed=1) == DayChanges()
