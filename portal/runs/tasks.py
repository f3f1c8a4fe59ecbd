"""Tasks about the schedule itself."""

from datetime import date
from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.runs.following import follow
from portal.runs.heartbeat import PULSE_S, note_alive
from portal.runs.schedule import last_due


@shared_task(bind=True, ignore_result=True, acks_late=False, expires=PULSE_S, time_limit=30)
def beat_heart(self: Any) -> None:
    """Show that jobs get from beat to this worker. One that waited too long is dropped: the next is on its way."""
    note_alive(self.request.hostname or "this process", timezone.now())


@shared_task
def follow_night(day: str = "") -> None:
    """Start the job of a night (by its ISO date; the last one unless given) whose turn has come."""
    follow(date.fromisoformat(day) if day else timezone.localdate(last_due(timezone.now())))
