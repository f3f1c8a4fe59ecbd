"""Tasks about the schedule itself."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from portal.runs.heartbeat import PULSE_S, note_alive


@shared_task(bind=True, ignore_result=True, acks_late=False, expires=PULSE_S, time_limit=30)
def beat_heart(self: Any) -> None:
    """Show that jobs get from beat to this worker. One that waited too long is dropped: the next is on its way."""
    note_alive(self.request.hostname or "this process", timezone.now())
