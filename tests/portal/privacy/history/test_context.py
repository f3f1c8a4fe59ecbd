"""Who, how and why: beside every change, and never beside somebody else's."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from psycopg import sql

from jobmatching.models import JobSeeker
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.tasks import forget_ended_sessions
from portal.privacy.history import Source, context, set_context
from portal.privacy.history.context import LONGEST_REASON, current
from portal.privacy.history.jobs import run_command
from portal.privacy.history.middleware import HistoryMiddleware
from portal.privacy.history.models import HistoryEvent
from portal.privacy.request_ids import request_id
from portal.runs.tasking import TaskFailed
from tests.factories import JobSeekerFactory, SkillFactory, UserFactory, with_role
from tests.portal.privacy.history.conftest import Watch

pytestmark = pytest.mark.django_db


def change(seeker: JobSeeker, phone: str) -> None:
    JobSeeker.objects.filter(pk=seeker.pk).update(phone=phone)


def newest() -> HistoryEvent:
    event: HistoryEvent = HistoryEvent.objects.newest_first()[0]
    return event


# --- Requests ------------------------------------------------------------------------------------------------------
def test_a_request_tells_its_person_view_and_id(client: Client) -> None:
    coach = with_role(Role.CASE_WORKER)
    seeker = JobSeekerFactory(area=coach.memberships.get().area, coach=coach)
    client.force_login(coach)
    response = client.post(reverse("seekers:pause", args=[seeker.pk]), {"kind": "asked", "reason": "asked for it"})
    assert response.status_code == 302
    event = newest()
    assert event.model == "jobmatching.jobseeker"
    assert event.after["matching_pause_reason"] == "asked for it"
    assert (event.actor, event.source, event.name) == (coach, Source.WEB, "seekers:pause")
    assert event.request_id == request_id(response.wsgi_request)
    assert len(event.request_id) == 32


def through_middleware(view: Any, *, method: str = "POST", user: User | None = None) -> HttpRequest:
    request = getattr(RequestFactory(), method.lower())("/")
    request.user = user or UserFactory()
    HistoryMiddleware(view)(request)
    return request


def test_a_person_who_signs_in_halfway_is_told_from_then_on(seeker: JobSeeker) -> None:
    user = UserFactory()
    before = []

    def view(request: HttpRequest) -> HttpResponse:
        request.user = type("Nobody", (), {"pk": None})()
        change(seeker, "1")
        before.append(newest().actor_id)
        request.user = user
        change(seeker, "2")
        return HttpResponse()

    through_middleware(view)
    assert before == [None]
    assert newest().actor == user


def test_it_holds_in_savepoints_after_they_are_rolled_back_and_in_later_transactions(seeker: JobSeeker) -> None:
    user = UserFactory()
    told = []

    def view(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            change(seeker, "1")
            transaction.set_rollback(True)
        change(seeker, "2")
        told.append(newest().actor_id)
        with transaction.atomic():
            change(seeker, "3")
        told.append(newest().actor_id)
        return HttpResponse()

    through_middleware(view, user=user)
    assert told == [user.pk, user.pk]


def test_a_reading_request_sends_nothing_along(seeker: JobSeeker) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current())
        return HttpResponse()

    through_middleware(view, method="GET")
    assert seen == [None]


def test_nothing_is_left_behind_for_the_next_who_uses_the_connection(seeker: JobSeeker) -> None:
    through_middleware(lambda request: change(seeker, "1") or HttpResponse())
    assert not connection.execute_wrappers or all("history" not in str(one) for one in connection.execute_wrappers)
    assert current() is None


def test_an_error_in_the_view_takes_the_context_away_too(seeker: JobSeeker) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        through_middleware(view)
    assert current() is None


def test_asking_who_it_is_may_itself_write(seeker: JobSeeker) -> None:
    class Ended:
        """A session that is found to be over deletes itself."""

        @property
        def pk(self) -> int | None:
            change(seeker, "while asking")
            return 7

    def view(request: HttpRequest) -> HttpResponse:
        request.user = Ended()
        change(seeker, "asked")
        return HttpResponse()

    through_middleware(view)
    assert newest().actor_id == 7


# --- Commands, jobs, services --------------------------------------------------------------------------------------
def test_nobody_told_is_told_by_the_role_of_the_database(seeker: JobSeeker) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('history.context', '', true)")
        cursor.execute("UPDATE jobmatching_jobseeker SET phone = 'x' WHERE id = %s", [seeker.pk])
        cursor.execute("SELECT session_user::text")
        role = cursor.fetchone()[0]
    event = newest()
    assert (event.actor_id, event.source, event.name, event.reason) == (None, Source.SQL, role, "")


def test_a_service_adds_its_reason_to_what_the_request_tells(seeker: JobSeeker) -> None:
    user = UserFactory()

    def view(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            set_context(reason="asked by telephone")
            change(seeker, "1")
        return HttpResponse()

    through_middleware(view, user=user)
    assert (newest().actor, newest().source, newest().reason) == (user, Source.WEB, "asked by telephone")


def test_an_import_within_a_request_keeps_its_person(seeker: JobSeeker) -> None:
    user = UserFactory()

    def view(request: HttpRequest) -> HttpResponse:
        with context(source=Source.IMPORT, name="seekers"):
            change(seeker, "1")
        inner.append(newest())
        change(seeker, "2")
        return HttpResponse()

    inner: list[HistoryEvent] = []
    through_middleware(view, user=user)
    assert (inner[0].actor, inner[0].source, inner[0].name) == (user, Source.IMPORT, "seekers")
    assert newest().source == Source.WEB


def test_a_context_of_its_own_tells_actor_and_reason_and_ends(seeker: JobSeeker) -> None:
    user = UserFactory()
    with context(actor=user, reason="handed over", source=Source.COMMAND, name="hand_over"):
        change(seeker, "1")
    event = newest()
    assert (event.actor, event.reason, event.source, event.name) == (user, "handed over", "command", "hand_over")
    assert current() is None
    change(seeker, "2")  # in the same transaction
    assert (newest().actor, newest().reason, newest().source) == (None, "", Source.SQL)


def test_a_context_that_ends_with_a_failed_statement_lets_the_error_through(seeker: JobSeeker) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), context(actor=1):
        JobSeeker.objects.filter(pk=seeker.pk).update(area=None)
    change(seeker, "after")
    assert newest().actor_id is None


def test_raw_sql_and_copy_carry_what_was_set_in_their_transaction(seeker: JobSeeker) -> None:
    user, skill = UserFactory(), SkillFactory()
    with transaction.atomic():
        set_context(actor=user.pk, reason="brought over", source=Source.IMPORT, name="old register")
        with connection.cursor() as cursor:
            with cursor.copy(
                "COPY jobmatching_seekerskill (seeker_id, skill_id, basis, known_by, noted_on) FROM STDIN"
            ) as copy:
                copy.write_row((seeker.pk, skill.pk, "own_word", "told", "2026-11-01"))
            cursor.execute("SELECT id FROM jobmatching_jobseeker")
    event = newest()
    assert event.model == "jobmatching.seekerskill"
    assert (event.actor, event.reason, event.source, event.name) == (user, "brought over", "import", "old register")


def test_what_is_set_later_adds_to_what_was_set_before(seeker: JobSeeker) -> None:
    user = UserFactory()
    set_context(actor=user, source=Source.COMMAND, name="mend")
    set_context(reason="typing error")
    change(seeker, "1")
    assert (newest().actor, newest().name, newest().reason) == (user, "mend", "typing error")


def test_a_job_tells_its_name(seeker: JobSeeker, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(forget_ended_sessions, "run", lambda: seen.append(current()))
    forget_ended_sessions.delay()
    assert [(one.source, one.name) for one in seen if one] == [
        (Source.JOB, "portal.accounts.tasks.forget_ended_sessions")
    ]
    assert current() is None


def test_a_job_that_fails_takes_its_name_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(forget_ended_sessions, "run", fail)
    with pytest.raises(TaskFailed):
        forget_ended_sessions.delay()
    assert current() is None


def test_a_command_tells_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(
        "portal.privacy.history.jobs.execute_from_command_line", lambda argv: seen.append((argv, current()))
    )
    run_command(["manage.py", "import_vacancies", "file.json"])
    ((argv, told),) = seen
    assert argv == ["manage.py", "import_vacancies", "file.json"]
    assert told is not None
    assert (told.source, told.name) == (Source.COMMAND, "import_vacancies")


def test_a_command_called_within_a_test_still_runs() -> None:
    call_command("check", verbosity=0)


# --- What is sent along --------------------------------------------------------------------------------------------
AWKWARD = "It's 100 % \"odd\" %s %(x)s {} \\' \\n -- ; 漢\U0001f600"


@pytest.fixture
def awkward() -> Any:
    with context(actor=7, reason=AWKWARD, source=Source.COMMAND, name="test"):
        yield


def test_statements_of_every_kind_go_through_with_an_awkward_reason(
    seeker: JobSeeker, watch: Watch, awkward: None
) -> None:
    table = sql.Identifier("jobmatching_jobseeker")
    watch.start()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobmatching_jobseeker SET phone = 'a%b'")
        cursor.execute("UPDATE jobmatching_jobseeker SET phone = '50 %%' WHERE id = %s", [seeker.pk])
        cursor.execute("UPDATE jobmatching_jobseeker SET phone = %(p)s WHERE id = %(i)s", {"p": "n", "i": seeker.pk})
        cursor.execute(sql.SQL("UPDATE {} SET phone = {} WHERE id = %s").format(table, sql.Literal("c")), [seeker.pk])
        cursor.execute(b"UPDATE jobmatching_jobseeker SET phone = 'bytes' WHERE id = %s", [seeker.pk])
        cursor.execute(
            "  -- why\n /* and\nhow */ UPDATE jobmatching_jobseeker SET phone = 'd' WHERE id = %s", [seeker.pk]
        )
        cursor.executemany(
            "UPDATE jobmatching_jobseeker SET phone = %s WHERE id = %s", [("m1", seeker.pk), ("m2", seeker.pk)]
        )
        cursor.execute(
            "WITH w AS (UPDATE jobmatching_jobseeker SET phone = 'w' WHERE id = %s RETURNING id) SELECT id FROM w",
            [seeker.pk],
        )
        assert cursor.fetchall() == [(seeker.pk,)]
        cursor.execute("UPDATE jobmatching_jobseeker SET phone = 'r' WHERE id = %s RETURNING phone", [seeker.pk])
        assert cursor.fetchone() == ("r",)
        assert cursor.rowcount == 1
        cursor.execute("DO $$ BEGIN UPDATE jobmatching_jobseeker SET phone = 'do'; END $$")
    told = watch.events()
    assert [event.after["phone"] for event in told] == [
        *("a%b", "50 %", "n", "c", "bytes", "d", "m1", "m2", "w", "r", "do"),
    ]
    assert {(event.actor_id, event.reason, event.name) for event in told} == {(7, AWKWARD, "test")}


def test_the_orm_gets_its_answers(awkward: None) -> None:
    seeker = JobSeekerFactory(spell=False)
    assert seeker.pk
    assert JobSeeker.objects.filter(pk=seeker.pk).update(phone="1") == 1
    made = JobSeeker.objects.bulk_create(
        [JobSeeker(area=seeker.area, first_name="A", last_name=str(n), birth_date="1990-01-01") for n in range(3)]
    )
    assert len({one.pk for one in made}) == 3
    assert JobSeeker.objects.filter(pk__in=[one.pk for one in made]).delete()[0] == 3
    assert {event.reason for event in HistoryEvent.objects.filter(model="jobmatching.jobseeker")} == {AWKWARD}


def test_what_the_database_cannot_keep_is_left_away(seeker: JobSeeker) -> None:
    with context(reason="zero \x00 and half \ud83d a sign" + "x" * 400, source=Source.JOB):
        change(seeker, "1")
    assert newest().reason.startswith("zero   and half   a sign")
    assert len(newest().reason) == LONGEST_REASON


def test_a_context_costs_no_further_query(seeker: JobSeeker, django_assert_num_queries: Any) -> None:
    with context(actor=1, source=Source.JOB), django_assert_num_queries(1):
        change(seeker, "1")
