"""What the tests of the history look at."""

from collections.abc import Iterator

import pytest
from django.db import connection, models

from jobmatching.models import JobSeeker
from portal.privacy.history.models import HistoryEvent
from tests.factories import JobSeekerFactory


def events(*, of: type[models.Model] | None = None, after: int = 0) -> list[HistoryEvent]:
    """The events so far, oldest first; of one kind of row, after one event."""
    found = HistoryEvent.objects.filter(pk__gt=after).order_by("pk")
    return list(found.filter(model=of._meta.label_lower) if of else found)


def last_event() -> int:
    """The number of the newest event; 0 where there is none."""
    newest = HistoryEvent.objects.order_by("-pk").first()
    return newest.pk if newest else 0


class Watch:
    """Events since a moment of the test's choice."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """From here on."""
        self._since = last_event()

    def events(self, of: type[models.Model] | None = None) -> list[HistoryEvent]:
        """What has been written down since."""
        return events(of=of, after=self._since)

    def counts(self) -> dict[tuple[str, str], int]:
        """(kind of row, operation) -> how many events."""
        told: dict[tuple[str, str], int] = {}
        for event in self.events():
            key = (event.model, event.operation)
            told[key] = told.get(key, 0) + 1
        return told


@pytest.fixture
def watch(db: None) -> Watch:
    """Events from the beginning of the test on."""
    return Watch()


@pytest.fixture
def seeker(db: None) -> JobSeeker:
    """Somebody with an open search."""
    person: JobSeeker = JobSeekerFactory(first_name="Aino", last_name="Ainonen", phone="040 1")
    return person


@pytest.fixture
def as_replica(db: None) -> Iterator[None]:
    """The session says that it replays what another database has done: ordinary triggers rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
