"""The daily reminders about non-disclosure. Tasks name nobody."""

from celery import shared_task
from django.utils import timezone

from jobmatching.seekers.non_disclosure.reminders import remind


@shared_task
def remind_of_non_disclosures() -> None:
    """Tell named workers of last days to come, and team leads of people whom nobody sees."""
    remind(timezone.localdate())
