"""The night through real Celery workers: done once, and taken up again when a worker is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobmatching.models import Match, MatchResult, ShardResult
from jobmatching.nightly import night, tasks
from portal.celery import app
from portal.runs.models import JobRun, RunState
from portal.runs.services import RunGoingOn, fail
from tests.jobmatching.nightly.conftest import DAY

CHECKOUT = Path(settings.BASE_DIR)
SHARDS = 24


@contextmanager
def worker(database: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker process of its own on the test's database and broker; killed at the end at the latest."""
    values = connection.settings_dict
    port = f":{values['PORT']}" if values["PORT"] else ""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    environ = inherited | {
        "DATABASE_URL": f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}{port}/{database}",
        "REDIS_URL": settings.REDIS_URL,
        "CELERY_EAGER": "0",
        "MATCHING_THREADS": "1",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "portal.celery",
        "worker",
        "--concurrency",
        "1",
        "--pool",
        "prefork",
    ]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "--without-mingle", "--without-gossip", "--loglevel", "INFO"],
            cwd=CHECKOUT, env=environ, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the worker and its children at once, as a lost machine would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def wait_for(condition: object, log: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError(f"It did not happen in {seconds} s. The workers said:\n{log.read_text()[-3000:]}")


@pytest.fixture
def real_queue() -> Iterator[None]:
    """Tasks go through the broker, which is empty before and after."""
    eager = app.conf.task_always_eager
    app.conf.task_always_eager = False
    app.control.purge()
    yield
    app.control.purge()
    app.conf.task_always_eager = eager


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(
    committed_area: str, real_queue: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = night.run_here(DAY, SHARDS)
    log = tmp_path / "worker.log"
    run = night.open_run(night.JOB, DAY)
    shards = night.prepare(run.pk, SHARDS)  # frozen, nothing matched yet: the workers take it from here
    tasks.prepare_run.delay(run.pk)

    with worker(committed_area, log) as first:
        wait_for(lambda: ShardResult.objects.filter(run=run).exists(), log)
        kill(first)
    run.refresh_from_db()
    done = ShardResult.objects.filter(run=run).count()
    if run.state != RunState.SUCCEEDED:
        assert done < len(shards) or not MatchResult.objects.filter(run=run).exists()

    # The sweeper notices the silence and hands out what is missing.
    monkeypatch.setattr(tasks, "SILENT_FOR", timedelta(0))
    tasks.sweep_runs()
    with worker(committed_area, log):
        wait_for(lambda: JobRun.objects.filter(pk=run.pk, state=RunState.SUCCEEDED).exists(), log)

    run.refresh_from_db()
    assert run.result_hash == undisturbed.result_hash
    assert MatchResult.objects.filter(current=True).get().run_id == run.pk
    assert Match.objects.filter(run_id=run.pk).count() == run.counts["pairs_kept"]


@pytest.mark.slow
def test_a_night_started_twice_is_run_once(committed_area: str, real_queue: None, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    run = night.start(timezone.localdate())
    with pytest.raises(RunGoingOn):
        night.start(timezone.localdate())
    tasks.start_night.delay()
    tasks.prepare_run.delay(run.pk)  # the same message once more

    with worker(committed_area, log):
        wait_for(lambda: JobRun.objects.filter(pk=run.pk, state=RunState.SUCCEEDED).exists(), log)
        time.sleep(1)

    assert JobRun.objects.filter(job=night.JOB, for_date=timezone.localdate()).count() == 1
    assert MatchResult.objects.count() == 1


def test_the_sweeper_ends_a_run_that_takes_too_long(area: None) -> None:
    run = night.open_run(night.JOB, DAY)
    JobRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - tasks.GIVEN_UP_AFTER - timedelta(minutes=1))

    tasks.sweep_runs()

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "run it again" in run.error


def test_a_run_of_another_day_does_not_stand_for_the_missed_night(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.start_night, "delay", lambda: started.append("night"))
    morning = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
    with time_machine.travel(morning, tick=False):
        fail(night.open_run(night.JOB, DAY).pk, "Tried by hand.")
        tasks.sweep_runs()
        assert not started  # whoever tries may go on with the night itself
    with time_machine.travel(morning + timedelta(minutes=20), tick=False):
        tasks.sweep_runs()
        assert started == ["night"]
        fail(night.open_run(night.JOB, timezone.localdate()).pk, "The night itself: a person decides what to do.")
    with time_machine.travel(morning + timedelta(minutes=40), tick=False):
        tasks.sweep_runs()
        assert started == ["night"]
