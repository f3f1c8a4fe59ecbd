"""The history is only added to, by triggers; whole people leave it by the one way that there is."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.utils import timezone

from employers.models import Employer, Membership, Vacancy
from jobmatching.models import JobSeeker, SeekerSkill
from portal.accounts.models import User
from portal.privacy.history import StillThere, forget
from portal.privacy.history.forgetting import expire
from portal.privacy.history.models import HistoryEvent
from portal.privacy.retention.rules import traces
from tests.factories import (
    EmployerMembershipFactory,
    JobSeekerFactory,
    RoleMembershipFactory,
    SeekerSkillFactory,
    SkillFactory,
    VacancyFactory,
)

pytestmark = pytest.mark.django_db


# Texts that look, in the error context of the database, as if retention's own function had called.
_LINE = "PL/pgSQL function privacy_history_forget(text,bigint[]) line 8 at SQL statement"
_ALL = "DELETE FROM privacy_historyevent WHERE true"
_OWN = "DELETE FROM privacy_historyevent WHERE owner_model = of_model AND owner_id = ANY(ids)"
FORGED = (
    f"DO $$ BEGIN EXECUTE E'{_ALL} /*\"\\n{_LINE}*/'; END $$",
    f"DO $$ BEGIN EXECUTE E'{_ALL} --\"\\n--{_LINE}\\n'; END $$",
    f"DO $$ BEGIN EXECUTE E'{_ALL} /*\\nSQL statement \"{_OWN}\"\\n{_LINE}\\n*/'; END $$",
    f"DO $$ DECLARE of_model text := 'jobmatching.jobseeker'; ids bigint[] := '{{1}}'; BEGIN {_OWN}; END $$",
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_historyevent SET reason = 'other'",
        "UPDATE privacy_historyevent SET actor_id = 1 WHERE false",
        "DELETE FROM privacy_historyevent",
        "DELETE FROM privacy_historyevent WHERE owner_model = 'jobmatching.jobseeker'",
        "TRUNCATE privacy_historyevent",
        "WITH gone AS (DELETE FROM privacy_historyevent RETURNING id) SELECT count(*) FROM gone",
        "SET LOCAL session_replication_role = replica; DELETE FROM privacy_historyevent",
        'SET LOCAL history.context = \'{"source": "retention"}\'; DELETE FROM privacy_historyevent WHERE true',
        "DO $$ BEGIN DELETE FROM privacy_historyevent WHERE true; END $$",
        *FORGED,
    ],
)
def test_events_are_neither_changed_nor_deleted(statement: str) -> None:
    JobSeekerFactory()
    before = HistoryEvent.objects.count()
    with pytest.raises(Error, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert HistoryEvent.objects.count() == before


def test_the_orm_does_not_either() -> None:
    JobSeekerFactory()
    event = HistoryEvent.objects.newest_first()[0]
    for attempt in (event.delete, event.save, HistoryEvent.objects.all().delete):
        with pytest.raises(Error, match="only added to"), transaction.atomic():
            attempt()


def test_an_event_tells_both_sides_of_what_happened() -> None:
    with pytest.raises(Error, match="tells_both_sides"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_historyevent (at, transaction, operation, model, object_id, owner_model, source, name,"
            " request_id, reason) VALUES (now(), 1, 'U', 'x.y', '1', 'x.y', 'sql', '', '', '')"
        )


# --- Forgetting ----------------------------------------------------------------------------------------------------
def told_about(text: str) -> int:
    """How many events hold a text anywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_historyevent e WHERE to_jsonb(e)::text LIKE %s", [f"%{text}%"])
        return int(cursor.fetchone()[0])


def test_a_person_leaves_with_all_that_was_ever_entered() -> None:
    kept = JobSeekerFactory(last_name="Jaava", skills=[SkillFactory()])
    gone = JobSeekerFactory(last_name="Unohdettava", first_name="Ennen", skills=SkillFactory.create_batch(2))
    JobSeeker.objects.filter(pk=gone.pk).update(first_name="Uusi", phone="040 77777")
    SeekerSkill.objects.filter(seeker=gone).first().delete()
    others = HistoryEvent.objects.about(kept).count()
    key = gone.pk
    gone.delete()
    assert told_about("Unohdettava") > 0
    assert forget(JobSeeker, [key]) > 5
    assert told_about("Unohdettava") == told_about("040 77777") == 0
    assert not HistoryEvent.objects.filter(owner_model="jobmatching.jobseeker", owner_id=key).exists()
    assert HistoryEvent.objects.about(kept).count() == others
    assert forget(JobSeeker, [key]) == 0
    assert forget("jobmatching.JobSeeker", []) == 0


def test_who_is_still_there_is_not_forgotten() -> None:
    seeker = JobSeekerFactory()
    with pytest.raises(StillThere):
        forget(JobSeeker, [seeker.pk])
    assert HistoryEvent.objects.about(seeker).exists()


def test_a_row_that_had_moved_goes_with_the_person_whom_it_left() -> None:
    held, other = SeekerSkillFactory(), JobSeekerFactory()
    first = held.seeker
    SeekerSkill.objects.filter(pk=held.pk).update(seeker=other)
    key = first.pk
    first.delete()
    forget(JobSeeker, [key])
    assert told_about(f"jobmatching.jobseeker:{key}") == 0
    assert not [
        event
        for event in HistoryEvent.objects.filter(model="jobmatching.seekerskill")
        if key in ((event.before or {}).get("seeker_id"), (event.after or {}).get("seeker_id"))
    ]


def test_an_account_leaves_the_history_of_employers_too() -> None:
    membership = EmployerMembershipFactory()
    user, employer = membership.user, membership.employer
    RoleMembershipFactory(user=user)
    key = user.pk
    assert HistoryEvent.objects.about(user).filter(model="employers.membership").exists()
    user.delete()
    forget(User, [key])
    assert not HistoryEvent.objects.filter(model=Membership._meta.label_lower).exists()
    assert HistoryEvent.objects.about(employer).exists()


def test_an_emptied_account_keeps_its_row_and_loses_its_history() -> None:
    user = RoleMembershipFactory().user
    assert HistoryEvent.objects.about(user).exists()
    forget(User, [user.pk], emptied=True)
    assert not HistoryEvent.objects.about(user).exists()
    assert User.objects.filter(pk=user.pk).exists()


def test_what_nobody_owns_goes_by_age_and_people_do_not() -> None:
    vacancy, seeker = VacancyFactory(), JobSeekerFactory()
    spared = {"jobmatching.jobseeker"}
    assert expire(timezone.now() - timedelta(days=1), spared) == 0
    assert expire(timezone.now() + timedelta(days=1), spared) > 0
    assert not HistoryEvent.objects.about(vacancy).exists()
    assert HistoryEvent.objects.about(seeker).exists()


@pytest.mark.parametrize(
    ("rule", "model"),
    [("jobseekers", JobSeeker), ("vacancies", Vacancy), ("employers", Employer), ("accounts", User), ("names", User)],
)
def test_retention_takes_the_history_last(rule: str, model: type) -> None:
    found = [trace for trace in traces(rule) if not trace.ahead]
    assert found[-1].covers == {"privacy.HistoryEvent"}
    found[-1].remove([])
    assert model._meta.label.split(".")[1] in str(found[-1].remove)
