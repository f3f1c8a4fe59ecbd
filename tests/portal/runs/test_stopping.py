"""The stop switch: one stop at a time, with a reason; nothing starts while it holds, and nothing is late."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.runs.models import JobRun, JobStop, RunState
from portal.runs.schedule import is_late
from portal.runs.services import RunEnded, begin, open_run, step
from portal.runs.stopping import AlreadyStopped, JobStopped, NotStopped, lift, stop, stop_in_force, stops_in_force
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_nothing_starts_while_the_job_is_stopped_and_other_jobs_go_on() -> None:
    by = UserFactory()
    held = stop("matching", by, " The lists look wrong. ")

    with pytest.raises(JobStopped) as refused:
        open_run("matching", DAY)
    assert refused.value.stop == held
    assert (held.reason, held.stopped_by, held.hides_results) == ("The lists look wrong.", by, True)
    assert not JobRun.objects.exists()
    assert open_run("retention", DAY).state == RunState.QUEUED


def test_the_stops_of_several_jobs_are_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stop("retention", None, "First.")
    lift("retention", None, "Seen.")
    held = stop("matching", None, "The lists look wrong.")
    later = stop("fairness", None, "The figures too.")

    with django_assert_num_queries(1):
        found = stops_in_force(["fairness", "matching", "retention"])
    assert list(found.items()) == [("fairness", later), ("matching", held)]
    assert stops_in_force([]) == {}


def test_a_run_that_goes_on_has_ended_and_comes_no_further() -> None:
    run = open_run("matching", DAY)
    begin(run)
    other = open_run("retention", DAY)
    with step(run, "vectors"):
        stop("matching", None, "Asked by the data protection officer.")

    with pytest.raises(RunEnded), step(run, "freeze"):
        pytest.fail("the step was begun")
    with pytest.raises(RunEnded):
        begin(run)
    run.refresh_from_db()
    assert (run.state, run.step) == (RunState.STOPPED, "vectors")
    assert run.finished_at is not None
    assert JobRun.objects.get(pk=other.pk).is_active


def test_lifted_with_a_reason_it_goes_on_and_the_row_tells_both() -> None:
    one, two = UserFactory(), UserFactory()
    stop("matching", one, "Wrong lists.")
    lift("matching", two, "The rules were mended.")

    assert stop_in_force("matching") is None
    assert open_run("matching", DAY).is_active
    row = JobStop.objects.get()
    assert (row.stopped_by, row.lifted_by, row.lift_reason) == (one, two, "The rules were mended.")
    with pytest.raises(NotStopped):
        lift("matching", two, "Once more.")


def test_a_stop_with_an_end_ends_by_itself() -> None:
    with time_machine.travel(NOW, tick=False):
        stop("matching", None, "The register is being mended.", until=NOW + HOUR)
        assert stop_in_force("matching") is not None
    with time_machine.travel(NOW + HOUR, tick=False):
        assert stop_in_force("matching") is None
        with pytest.raises(NotStopped):
            lift("matching", None, "Too late.")
        stop("matching", None, "Again.")
    assert JobStop.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_neither_stopped_nor_lifted_without_a_reason(reason: str) -> None:
    with pytest.raises(ValueError, match="why it is stopped"):
        stop("matching", None, reason)
    stop("matching", None, "Wrong lists.")
    with pytest.raises(ValueError, match="why it goes on"):
        lift("matching", None, reason)
    assert stop_in_force("matching") is not None


def test_not_stopped_twice_nor_until_yesterday() -> None:
    with pytest.raises(ValueError, match="later than now"):
        stop("matching", None, "Why not.", until=timezone.now())
    stop("matching", None, "Wrong lists.")
    with pytest.raises(AlreadyStopped):
        stop("matching", None, "Wrong lists, too.")
    stop("retention", None, "A court asks for the rows.")


@pytest.mark.parametrize(
    "broken",
    [
        {"reason": ""},
        {"until": NOW},
        {"lifted_at": NOW + HOUR},
        {"lifted_at": NOW - HOUR, "lift_reason": "Before it began."},
        {"lift_reason": "Not lifted."},
    ],
)
def test_the_database_refuses_a_stop_that_makes_no_sense(broken: dict[str, object]) -> None:
    whole: dict[str, object] = {"job": "matching", "since": NOW, "reason": "Wrong lists."}
    with pytest.raises(IntegrityError), transaction.atomic():
        JobStop.objects.create(**whole | broken)
    JobStop.objects.create(**whole)


def test_the_database_refuses_two_stops_at_a_time() -> None:
    JobStop.objects.create(job="matching", since=NOW, until=NOW + 2 * HOUR, reason="One.")
    with pytest.raises(IntegrityError), transaction.atomic():
        JobStop.objects.create(job="matching", since=NOW + HOUR, reason="Two.")
    JobStop.objects.create(job="matching", since=NOW + 2 * HOUR, reason="After it.")
    JobStop.objects.create(job="retention", since=NOW + HOUR, reason="Another job.")


# --- The alarm -------------------------------------------------------------------------------------------------------
def test_no_night_is_late_while_it_is_stopped_nor_for_the_grace_after_that() -> None:
    assert is_late("matching", NOW)
    with time_machine.travel(NOW - HOUR, tick=False):
        stop("matching", None, "Wrong lists.")
    assert not is_late("matching", NOW)
    assert not is_late("matching", NOW + timedelta(days=9))
    assert is_late("matching", NOW - 2 * HOUR)  # before anybody had stopped it
    assert is_late("retention", NOW)
    with time_machine.travel(NOW, tick=False):
        lift("matching", None, "They are right now.")
    assert not is_late("matching", NOW + 2 * HOUR)
    assert is_late("matching", NOW + 3 * HOUR)
