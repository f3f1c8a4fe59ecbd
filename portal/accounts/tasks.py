"""Celery tasks about accounts."""

from celery import shared_task
from django.utils import timezone

from portal.accounts.sessions.ended import forget_ended
from portal.accounts.sign_up.unconfirmed import forget_unconfirmed


@shared_task
def forget_ended_sessions() -> None:
    """Delete the sessions that are over."""
    forget_ended()


@shared_task
def forget_unconfirmed_accounts() -> None:
    """Delete accounts whose address nobody has confirmed in time."""
    forget_unconfirmed(timezone.now())
