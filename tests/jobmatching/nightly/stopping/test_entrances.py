"""While matching is stopped there is no way in: every entrance of a run is tried."""

from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.management.commands.demo_first_run import Command as FirstRun
from jobmatching.models import Match, MatchResult, SeekerVector
from jobmatching.nightly import night, tasks
from jobmatching.nightly.enums import MATCHING
from portal import health
from portal.accounts.roles import Role
from portal.runs import starting
from portal.runs.heartbeat import note_alive
from portal.runs.models import JobRun, RunState
from portal.runs.services import open_run
from portal.runs.stopping import JobStopped, lift, stop
from tests.factories import with_role
from tests.jobmatching.nightly.conftest import DAY

MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


@pytest.fixture
def stopped(area: None) -> None:
    stop(MATCHING, None, "The lists look wrong.")


@pytest.mark.usefixtures("stopped")
def test_neither_the_workers_nor_this_process_start_a_run() -> None:
    for begin_it in (night.start, night.run_here, lambda day: starting.start(MATCHING, timezone.now(), None)):
        with pytest.raises(JobStopped):
            begin_it(DAY)
    assert not JobRun.objects.exists()


@pytest.mark.usefixtures("stopped")
def test_the_timetable_starts_nothing_and_lets_the_rest_of_the_night_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[str] = []
    monkeypatch.setattr(tasks.follow_night, "delay", followed.append)

    tasks.start_night.delay()

    assert not JobRun.objects.exists()
    assert len(followed) == 1


@pytest.mark.usefixtures("stopped")
def test_the_sweeper_starts_no_missed_night_until_the_stop_is_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.start_night, "delay", lambda: started.append("night"))
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        tasks.sweep_runs()
        assert not started
        lift(MATCHING, None, "They are right.")
        tasks.sweep_runs()
    assert started == ["night"]


def test_a_night_that_was_stopped_in_the_middle_is_made_up_for(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.start_night, "delay", lambda: started.append("night"))
    with time_machine.travel(MORNING - timedelta(hours=6), tick=False):
        run = open_run(MATCHING, MORNING.date())
        stop(MATCHING, None, "Wrong lists.")
    with time_machine.travel(MORNING, tick=False):
        lift(MATCHING, None, "They are right.")
        tasks.sweep_runs()
    run.refresh_from_db()
    assert (run.state, started) == (RunState.STOPPED, ["night"])


@pytest.mark.usefixtures("stopped")
def test_the_command_refuses_and_says_why() -> None:
    with pytest.raises(CommandError, match=r"matching has been stopped.*The lists look wrong\."):
        call_command("match_now", as_of=DAY)
    assert not JobRun.objects.exists()


@pytest.mark.usefixtures("stopped")
def test_the_demo_leaves_it_at_that() -> None:
    out = StringIO()
    call_command(FirstRun(), stdout=out)
    assert "has been stopped" in out.getvalue()
    assert not JobRun.objects.exists()


@pytest.mark.usefixtures("stopped")
def test_the_button_starts_nothing(client: Client) -> None:
    client.force_login(with_role(Role.TEAM_LEAD))
    response = client.post(reverse("runs:start"), {"job": MATCHING}, follow=True)
    assert response.redirect_chain == [(reverse("runs:list"), 302)]
    [message] = response.context["messages"]
    assert "pysäytetty" in str(message)
    assert not JobRun.objects.exists()


@pytest.mark.usefixtures("stopped")
def test_no_vector_is_made_ready() -> None:
    tasks.freshen_vectors.delay()
    assert not SeekerVector.objects.exists()
    lift(MATCHING, None, "They are right.")
    tasks.freshen_vectors.delay()
    assert SeekerVector.objects.exists()


# --- A run that goes on ----------------------------------------------------------------------------------------------
def stop_it(*_: object) -> None:
    stop(MATCHING, None, "The lists look wrong.")


def test_stopped_before_the_shards_none_is_matched(area: None) -> None:
    run = open_run(MATCHING, DAY)
    [shard] = night.prepare(run.pk)
    stop_it()

    night.do_shard(run.pk, shard)
    assert night.prepare(run.pk) == []
    assert not night.finish(run.pk)

    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert not run.shard_results.exists()
    assert MatchResult.objects.newest() is None


@pytest.mark.parametrize("point", ["prepare", "do_shard", "finish"])
def test_stopped_at_any_point_nothing_of_it_is_published(
    area: None, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    good = night.run_here(DAY)
    whole = getattr(night, point)

    def stop_first(*args: object) -> object:
        stop_it()
        return whole(*args)

    monkeypatch.setattr(night, point, stop_first)
    with pytest.raises(night.NotFinished, match="is stopped"):
        night.run_here(DAY)

    assert JobRun.objects.get(for_date=DAY, attempt=2).state == RunState.STOPPED
    latest = MatchResult.objects.newest()
    assert latest is not None
    assert latest.run_id == good.pk


def test_stopped_while_it_merges_it_ends_at_the_next_step(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    good = night.run_here(DAY)
    build = night.build_result

    def build_and_be_stopped(*args: object) -> object:
        built = build(*args)  # type: ignore[arg-type]
        stop_it()
        return built

    monkeypatch.setattr(night, "build_result", build_and_be_stopped)
    with pytest.raises(night.NotFinished, match="is stopped"):
        night.run_here(DAY)

    run = JobRun.objects.get(for_date=DAY, attempt=2)
    assert (run.state, "publish" in run.seconds) == (RunState.STOPPED, False)
    latest = MatchResult.objects.newest()
    assert latest is not None
    assert latest.run_id == good.pk

    monkeypatch.undo()
    lift(MATCHING, None, "They are right.")
    again = night.run_here(DAY)
    assert again.state == RunState.SUCCEEDED
    assert Match.objects.filter(run_id=again.pk).exists()


def test_a_stopped_run_is_no_failure_for_the_tasks(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run = open_run(MATCHING, DAY)
    prepare = night.prepare
    monkeypatch.setattr(night, "prepare", lambda run_id: (stop_it(), prepare(run_id))[1])

    tasks.prepare_run.delay(run.pk)

    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.STOPPED, "")


# --- Readiness -------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("area")
def test_the_alarm_of_a_late_night_is_not_raised_while_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker_answers", list)
    note_alive("celery@a", timezone.now())
    assert client.get("/readyz").status_code == 503
    stop(MATCHING, None, "The lists look wrong.")
    assert client.get("/readyz").status_code == 200
