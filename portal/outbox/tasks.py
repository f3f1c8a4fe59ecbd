"""Celery tasks of the outbox. They take nothing: what is to be done stands in the rows."""

from typing import Any, Final

from celery import shared_task
from django.utils import timezone

from portal.outbox import delivery

BATCHES: Final = 10
"""Batches that one task sends before it makes room for others."""


@shared_task(bind=True, ignore_result=True)
def send_waiting(self: Any) -> None:
    """Send what is due. Many of these at once do no harm: each takes other rows."""
    for _batch in range(BATCHES):
        if delivery.send_batch(timezone.now()) < delivery.BATCH:
            return
    send_waiting.delay()


@shared_task(ignore_result=True)
def sweep() -> None:
    """Mend what lost senders left behind, and send what waits for its next attempt or whose wake-up was lost."""
    delivery.mend_lost_claims(timezone.now())
    send_waiting.delay()
