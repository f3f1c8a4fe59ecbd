"""Signs of life: each worker has one row, a busy worker keeps it fresh, workers that are gone are forgotten."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import worker_ready
from django.db import DatabaseError
from django.utils import timezone

from portal.runs import heartbeat
from portal.runs.heartbeat import FRESH_FOR, Pulse, any_alive, note_alive
from portal.runs.models import WorkerHeartbeat
from portal.runs.tasks import beat_heart

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class Worker:
    """What Celery sends with its signals."""

    hostname = "celery@a"


@pytest.mark.django_db
def test_a_worker_has_one_row_that_shows_its_last_sign() -> None:
    note_alive("celery@a", NOW - timedelta(seconds=20))
    note_alive("celery@b", NOW)
    note_alive("celery@a", NOW)
    assert list(WorkerHeartbeat.objects.values_list("worker", "at")) == [("celery@a", NOW), ("celery@b", NOW)]


@pytest.mark.django_db
def test_a_worker_gone_for_a_day_is_forgotten() -> None:
    note_alive("celery@old", NOW - timedelta(days=1, seconds=1))
    note_alive("celery@new", NOW)
    assert [row.worker for row in WorkerHeartbeat.objects.all()] == ["celery@new"]


@pytest.mark.django_db
def test_a_sign_is_fresh_for_ninety_seconds() -> None:
    assert not any_alive(NOW)
    note_alive("celery@a", NOW)
    assert any_alive(NOW + FRESH_FOR)
    assert not any_alive(NOW + FRESH_FOR + timedelta(seconds=1))


@pytest.mark.django_db
def test_the_task_of_beat_writes_the_row() -> None:
    beat_heart.delay()
    assert any_alive(timezone.now())


def test_a_task_that_waited_longer_than_the_next_one_is_dropped() -> None:
    assert beat_heart.expires == heartbeat.PULSE_S


def test_a_worker_that_is_ready_beats_at_once_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[str] = []
    pulses: list[Pulse] = []

    def beat(pulse: Pulse) -> None:
        beats.append(pulse._worker)
        pulses.append(pulse)
        if len(beats) == 3:
            pulse.stop()

    monkeypatch.setattr(heartbeat, "PULSE_S", 0.01)
    monkeypatch.setattr(Pulse, "beat", beat)
    worker_ready.send(sender=Worker())
    deadline = time.monotonic() + 5
    while not pulses and time.monotonic() < deadline:
        time.sleep(0.01)
    pulses[0].join(timeout=5)
    assert beats == ["celery@a"] * 3


@pytest.mark.django_db
def test_a_database_that_is_away_does_not_end_the_pulse(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: Any) -> None:
        raise DatabaseError("password of the database")

    monkeypatch.setattr(heartbeat, "note_alive", away)
    monkeypatch.setattr(heartbeat, "connection", SimpleNamespace(close=lambda: None))
    Pulse("celery@a").beat()
    assert "celery@a" in caplog.text
    assert "password" not in caplog.text
