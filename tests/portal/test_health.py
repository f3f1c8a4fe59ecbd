"""`/healthz` and `/readyz`: what they answer, and to whom they say why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone
from redis.exceptions import ConnectionError as BrokerAway

from jobmatching.nightly import night
from portal import health
from portal.accounts.roles import Role
from portal.runs.heartbeat import note_alive
from portal.runs.models import JobRun, RunState, WorkerHeartbeat
from tests.factories import with_role

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


class Broker:
    """Stands in for the broker; `away` is raised by its ping."""

    away: Exception | None = None

    def __enter__(self) -> "Broker":
        return self

    def __exit__(self, *_: object) -> None: ...

    def ping(self) -> None:
        if self.away:
            raise self.away


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    standing = Broker()
    monkeypatch.setattr(health.Redis, "from_url", lambda *_, **__: standing)
    return standing


@pytest.fixture
def ready(db: None, broker: Broker) -> None:
    """Everything that readiness asks for."""
    now = timezone.now()
    note_alive("celery@a", now)
    today = timezone.localdate(now)
    JobRun.objects.create(job="matching", for_date=today, state=RunState.SUCCEEDED, finished_at=now)


def test_healthz_answers_without_database_and_broker(client: Client) -> None:
    # The database is closed to this test: touching it would fail.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.usefixtures("ready")
def test_ready_when_all_is_well(client: Client) -> None:
    response = client.get("/readyz", **ELSEWHERE)
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert "no-store" in response["Cache-Control"]


def _database_away(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> Any:
            raise OperationalError("no connection")

    monkeypatch.setattr(health, "connection", Away())


def _broker_away(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    broker.away = BrokerAway("no connection")


def _worker_silent(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    WorkerHeartbeat.objects.update(at=timezone.now() - timedelta(seconds=91))


def _night_missed(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    JobRun.objects.update(for_date=timezone.localdate() - timedelta(days=2))


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (_database_away, "database"),
        (_broker_away, "broker"),
        (_worker_silent, "worker"),
        (_night_missed, "matching"),
    ],
)
def test_each_trouble_alone_is_told_to_this_machine(
    client: Client, broker: Broker, monkeypatch: pytest.MonkeyPatch, trouble: Callable[..., None], code: str
) -> None:
    trouble(broker, monkeypatch)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("about:blank", 503)
    assert [reason["code"] for reason in problem["reasons"]] == [code]


@pytest.mark.django_db
@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize(
    "headers",
    [
        ELSEWHERE,
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=[::1]"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
def test_strangers_learn_only_that_it_is_not_ready(client: Client, headers: dict[str, str]) -> None:
    problem = client.get("/readyz", **headers).json()
    assert problem == {"type": "about:blank", "title": "Service Unavailable", "status": 503}


@pytest.mark.django_db
@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize("role", Role)
def test_of_those_signed_in_only_administrators_learn_why(client: Client, role: Role) -> None:
    client.force_login(with_role(role))
    problem = client.get("/readyz", **ELSEWHERE).json()
    assert ("reasons" in problem) == (role is Role.ADMINISTRATOR)


@pytest.mark.usefixtures("ready")
def test_nobody_is_asked_who_they_are_while_the_database_is_away(
    client: Client, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(with_role(Role.ADMINISTRATOR))
    _database_away(broker, monkeypatch)
    assert "reasons" not in client.get("/readyz", **ELSEWHERE).json()


def test_readiness_looks_at_the_job_that_the_night_runs() -> None:
    assert health.MATCHING_JOB == night.JOB


@pytest.mark.parametrize(
    ("meta", "loopback"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "127.8.9.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::ffff:10.0.0.1"}, False),
        ({"REMOTE_ADDR": "10.0.0.1"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "localhost"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": ""}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "127.0.0.1"}, False),
    ],
)
def test_who_is_this_machine(rf: RequestFactory, meta: dict[str, str], loopback: bool) -> None:
    request: HttpRequest = rf.get("/readyz", **meta)
    assert health.is_loopback(request) is loopback
