"""The history goes when its time has come: with people, and of things by age."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobmatching.models import JobSeeker
from portal.accounts.models import Team
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.personal_data import GOES_WITH_OWNER
from portal.privacy.history.retention import OF_THINGS
from portal.privacy.history.tracking import owner_label, tracked_models
from portal.privacy.retention.rules import object_rule, rule, traces
from portal.privacy.retention.work import delete_now
from tests.factories import EmploymentAreaFactory, JobSeekerFactory, SkillFactory

pytestmark = pytest.mark.django_db


def test_of_things_goes_by_age_and_is_counted_first() -> None:
    Team.objects.create(area=EmploymentAreaFactory(), name="Kemin tiimi")
    seeker = JobSeekerFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert OF_THINGS.find(date(2020, 1, 1)).rows == 0
    found = OF_THINGS.find(tomorrow)
    assert found.rows > 0
    removed = OF_THINGS.remove(tomorrow)
    assert removed.rows == found.rows == len(removed.keys)
    assert OF_THINGS.find(tomorrow).rows == 0
    assert HistoryEvent.objects.about(seeker).exists()
    assert rule("history_of_things") is OF_THINGS


def test_every_owner_that_is_a_person_s_own_has_a_way_out() -> None:
    labels = {owner_label(model, entry) for model, entry in tracked_models().items()}
    assert labels >= GOES_WITH_OWNER
    told = {
        str(trace.remove)
        for code in ("jobseekers", "vacancies", "employers", "accounts", "names")
        for trace in traces(code)
    }
    for label in GOES_WITH_OWNER:
        assert any(f"'{label}'" in one.lower() for one in told), label


def test_a_person_who_is_deleted_by_retention_is_in_no_event() -> None:
    seeker = JobSeekerFactory(first_name="Poistuva", last_name="Henkilöinen", skills=SkillFactory.create_batch(2))
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="040 909090")
    delete_now(object_rule("jobseekers"), seeker.pk, timezone.localdate())
    with connection.cursor() as cursor:
        for text in ("Poistuva", "Henkilöinen", "040 909090", f"jobmatching.jobseeker:{seeker.pk}"):
            cursor.execute("SELECT count(*) FROM privacy_historyevent e WHERE to_jsonb(e)::text LIKE %s", [f"%{text}%"])
            assert cursor.fetchone() == (0,), text
    assert not HistoryEvent.objects.filter(owner_model="jobmatching.jobseeker", owner_id=seeker.pk).exists()
