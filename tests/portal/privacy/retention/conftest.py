"""People and things whose time has passed, or has not, as of today."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from jobmatching.models import JobSeeker
from portal.privacy.retention.dates import month_of, months_before
from portal.privacy.retention.models import RetentionNotice
from tests.databases import clone, drop, using_database
from tests.factories import JobSeekerFactory
from tests.rights import notice_of

MONTHS = 24
NOTICE_DAYS = 30


@pytest.fixture
def today() -> date:
    """The day of the test in the portal's time zone."""
    return timezone.localdate()


def long_ago(today: date) -> date:
    """The last day of a search whose time has passed: in the month before the month 24 months ago."""
    return month_of(months_before(today, MONTHS)) - timedelta(days=1)


def gone_seeker(ended: date, **fields: Any) -> JobSeeker:
    """Somebody whose only search ended on a day."""
    fields.setdefault("spell__started_on", ended - timedelta(days=100))
    seeker: JobSeeker = JobSeekerFactory(spell__ended_on=ended, **fields)
    return seeker


def ripe(seeker: JobSeeker, today: date) -> RetentionNotice:
    """Somebody who was told of so long ago that they may go today."""
    return notice_of(seeker.pk, noticed_on=today - timedelta(days=NOTICE_DAYS), delete_on=today)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the test database of the test's own, for work on several connections; not together with `db`."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_retention"
    with django_db_blocker.unblock():
        clone(usual, name)
        try:
            with using_database(name):
                yield name
        finally:
            drop(name)
