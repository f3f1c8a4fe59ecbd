"""The jobs of a night follow each other: in order, once, also after a failure, and past a job that is stopped."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import User
from portal.runs.following import follow
from portal.runs.models import JobRun, RunState
from portal.runs.services import begin, fail, open_run, succeed
from portal.runs.stopping import stop
from portal.runs.tasks import follow_night

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


def open_second(day: date, by: User | None) -> JobRun:
    return open_run("second", day, by)


def open_third(day: date, by: User | None) -> JobRun:
    return open_run("third", day, by)


@pytest.fixture(autouse=True)
def night_of_three(settings: Settings) -> None:
    settings.NIGHT_STEPS = [
        ("first", "nowhere"),
        ("second", f"{__name__}.open_second"),
        ("third", f"{__name__}.open_third"),
    ]


def done(run: JobRun) -> JobRun:
    begin(run)
    succeed(run)
    return run


def test_each_job_waits_for_the_one_before_it_and_is_started_once() -> None:
    assert follow(DAY) is None
    first = open_run("first", DAY)
    assert follow(DAY) is None  # it goes on
    done(first)

    second = follow(DAY)
    assert second is not None
    assert (second.job, second.for_date, second.started_by) == ("second", DAY, None)
    assert follow(DAY) is None  # it goes on
    done(second)

    third = follow(DAY)
    assert third is not None
    assert third.job == "third"
    done(third)
    assert follow(DAY) is None
    assert follow(DAY - timedelta(days=1)) is None


def test_after_a_failure_the_next_one_follows_all_the_same() -> None:
    fail(open_run("first", DAY).pk, "Broken.")
    second = follow(DAY)
    assert second is not None
    fail(second.pk, "Broken, too.")
    third = follow(DAY)
    assert third is not None
    assert third.job == "third"
    fail(third.pk, "All is broken.")
    assert follow(DAY) is None  # a person looks at it; nothing is tried again and again


def test_run_again_it_is_followed_again() -> None:
    done(open_run("first", DAY))
    for job in ("second", "third"):
        run = follow(DAY)
        assert run is not None
        assert run.job == job
        done(run)
    done(open_run("first", DAY))
    again = follow(DAY)
    assert again is not None
    assert (again.job, again.attempt) == ("second", 2)


def test_a_job_that_is_stopped_holds_nothing_up() -> None:
    stop("first", None, "Wrong lists.")
    second = follow(DAY)
    assert second is not None
    done(second)
    stop("third", None, "A court asks for the rows.")
    assert follow(DAY) is None
    assert not JobRun.objects.filter(job="third").exists()


def test_a_stopped_run_has_ended() -> None:
    run = open_run("first", DAY)
    stop("first", None, "Wrong lists.")
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    second = follow(DAY)
    assert second is not None
    assert second.job == "second"


def test_the_task_asks_for_the_last_night_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    monkeypatch.setattr("portal.runs.tasks.follow", asked.append)
    follow_night.delay(DAY.isoformat())
    follow_night.delay()
    assert asked[0] == DAY
    assert timezone.localdate() - asked[1] <= timedelta(days=1)
