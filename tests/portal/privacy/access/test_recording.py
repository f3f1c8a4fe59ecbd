"""A row for each read, on a connection of its own; no read without its row."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.access import AccessNotRecorded, Action, record, record_system, recording
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.partitions import months
from tests.factories import EmploymentAreaFactory, JobSeekerFactory, RoleMembershipFactory, with_role
from tests.portal.privacy.access.logged import rows


def _request(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_a_row_says_who_in_which_roles_when_whom_why_and_from_where(db: None) -> None:
    area = EmploymentAreaFactory()
    worker = with_role(Role.CASE_WORKER, area)
    RoleMembershipFactory(user=worker, role=Role.TEAM_LEAD, area=area)
    request = _request(worker)
    record(
        request, Action.SEARCH, view="seekers:list", seekers=[5, 3, 9], purpose="client", words="  Matti MEIKÄLÄINEN ",
        about="page 2",
    )  # fmt: skip
    record(request, Action.PROFILE, view="seekers:page", seekers=[3])
    first, second = rows()
    assert (first.user_id, first.actor, first.roles) == (worker.pk, "", ["case_worker", "team_lead"])
    assert (first.action, first.subjects, first.purpose) == ("search", [5, 3, 9], "client")
    assert (first.view, first.about) == ("seekers:list", "page 2")
    assert len(first.request_id) == 32
    assert first.request_id == second.request_id, "one request, one id"
    assert first.at <= second.at
    assert second.words_hashes == []


def test_words_are_hashed_with_a_key_and_can_be_looked_for(db: None, settings: Any) -> None:
    record(_request(with_role(Role.CASE_WORKER)), Action.SEARCH, view="seekers:list", words="Matti  Meikäläinen")
    stored = rows()[0].words_hashes
    assert len(stored) == 2
    assert set(recording.hashes_of_words("MEIKÄLÄINEN")) < set(stored)
    assert recording.hashes_of_words("meikäläinen matti") == stored
    assert not any("mei" in str(value).lower() for value in vars(rows()[0]).values())
    settings.ACCESS_LOG_KEY = "another key"
    assert not set(recording.hashes_of_words("matti")) & set(stored)
    settings.ACCESS_LOG_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        recording.hashes_of_words("matti")


def test_jobs_and_commands_are_named(db: None) -> None:
    record_system("explain_match", Action.PROFILE, view="command", seekers=[4])
    assert (rows()[0].user_id, rows()[0].actor, rows()[0].subjects) == (None, "explain_match", [4])
    with pytest.raises(ValueError, match="which job"):
        record_system("", Action.PROFILE, view="command")


def test_a_long_text_is_cut_and_does_not_deny_the_read(db: None) -> None:
    record(_request(with_role(Role.AUDITOR)), Action.LIST, view="v" * 500, purpose="p" * 500, about="a" * 500)
    assert (len(rows()[0].view), len(rows()[0].purpose), len(rows()[0].about)) == (100, 300, 300)


# --- Outside the view's transaction ------------------------------------------------------------------------------
@pytest.fixture
def worker(committed: str) -> User:
    return with_role(Role.CASE_WORKER)


@pytest.fixture
def client(worker: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(worker)
    return client


def test_a_row_survives_the_roll_back_of_the_view(worker: User) -> None:
    with transaction.atomic():
        record(_request(worker), Action.PROFILE, view="seekers:page", seekers=[3])
        transaction.set_rollback(True)
    assert [row.subjects for row in rows()] == [[3]]


def test_a_refused_permission_is_noted_although_the_view_rolls_back(client: Client, worker: User) -> None:
    assert client.get("/tyyli/").status_code == 403
    (row,) = rows()
    assert (row.user_id, row.action, row.view, row.subjects) == (worker.pk, "denied", "ui:components", [])
    assert row.about == "GET 403"


def test_a_person_whom_one_may_not_see_is_noted_by_number(client: Client) -> None:
    elsewhere = JobSeekerFactory()
    for method in (client.get, client.post):
        assert method(f"/tyonhakijat/{elsewhere.pk}/tauko/").status_code == 404
    assert client.get("/tyonhakijat/999999999/").status_code == 404
    assert client.get("/tyopaikat/999999999/").status_code == 404
    assert [(row.action, row.view, row.subjects, row.about) for row in rows()] == [
        ("denied", "seekers:pause", [elsewhere.pk], "GET 404"),
        ("denied", "seekers:pause", [elsewhere.pk], "POST 404"),
        ("denied", "seekers:page", [999999999], "GET 404"),
    ], "a vacancy that is not there is nobody's data"


def test_a_number_that_nobody_can_have_breaks_nothing(client: Client) -> None:
    assert client.get(f"/tyonhakijat/{10**30}/").status_code == 404
    assert rows() == []


def test_nothing_is_noted_of_people_who_have_not_signed_in_or_of_a_stale_form(committed: str) -> None:
    stranger = Client()
    assert stranger.get("/tyonhakijat/1/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(with_role(Role.CASE_WORKER))
    assert strict.post("/tyonhakijat/haku/", {"q": "x"}).status_code == 403
    assert rows() == []


# --- A failed write denies the read ------------------------------------------------------------------------------
@pytest.fixture
def broken_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The log cannot be written."""

    def refuse(*_given: object) -> None:
        raise OperationalError("could not write: Matti Meikäläinen")

    with monkeypatch.context() as patched:
        patched.setattr(recording, "_execute", refuse)
        yield


def test_what_cannot_be_noted_is_not_shown(
    client: Client, worker: User, broken_log: None, caplog: pytest.LogCaptureFixture
) -> None:
    area = worker.memberships.get().area
    seeker = JobSeekerFactory(area=area, coach=worker, last_name="Näkymätön")
    for address in ("/tyonhakijat/", f"/tyonhakijat/{seeker.pk}/", f"/tyonhakijat/{seeker.pk}/osumat/"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert "Näkymätön" not in answer.content.decode()
        assert "<h1" in answer.content.decode()
    answer = client.post(f"/tyonhakijat/{seeker.pk}/tauko/", {"reason": "pyysi"})
    seeker.refresh_from_db()
    assert (answer.status_code, seeker.matching_paused_at) == (503, None)
    assert client.get("/tyyli/").status_code == 503, "not even a refusal goes unnoted"
    assert "Meikäläinen" not in caplog.text
    assert "seekers:page" in caplog.text


def test_pages_that_show_nobody_work_without_the_log(client: Client, broken_log: None) -> None:
    assert client.get(reverse("accounts:own")).status_code == 200
    assert client.get("/tyopaikat/").status_code == 200


def test_the_caller_is_told(db: None, broken_log: None) -> None:
    with pytest.raises(AccessNotRecorded):
        record_system("test", Action.LIST, view="x")


# --- When something is missing -----------------------------------------------------------------------------------
def test_a_missing_month_is_made_on_demand(committed: str) -> None:
    with connection.cursor() as cursor:
        for month in months():
            cursor.execute(f"DROP TABLE {month.table}")
    record_system("test", Action.LIST, view="x")
    assert len(months()) == 1
    assert len(rows()) == 1


def test_a_month_made_by_two_at_once_is_made_once(committed: str) -> None:
    with connection.cursor() as cursor:
        for month in months():
            cursor.execute(f"DROP TABLE {month.table}")
    failed: list[BaseException] = []

    def write() -> None:
        try:
            record_system("test", Action.LIST, view="x")
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not failed
    assert (len(months()), AccessLogEntry.objects.count()) == (1, 6)


def test_a_connection_that_was_lost_is_made_anew(committed: str) -> None:
    record_system("test", Action.LIST, view="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 1
    record_system("test", Action.LIST, view="x")
    assert len(rows()) == 2
