"""Celery tasks about accounts."""

from celery import shared_task

from portal.accounts.sessions import forget_ended


@shared_task
def forget_ended_sessions() -> None:
    """Delete the sessions that are over."""
    forget_ended()
