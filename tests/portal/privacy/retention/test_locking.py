"""What happens to somebody whom a person is changing at the very moment when their turn has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.db import connection

from jobmatching.seekers.retention import JOBSEEKERS
from portal.privacy.retention.work import carry_out
from tests.portal.privacy.retention.conftest import gone_seeker, long_ago, ripe


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE jobmatching_jobseeker SET phone = '1' WHERE id = %s",
        "UPDATE jobmatching_registrationspell SET ended_on = NULL WHERE seeker_id = %s",
        # As the services about requests and restrictions do first.
        "SELECT FROM jobmatching_jobseeker WHERE id = %s FOR UPDATE",
    ],
)
def test_whoever_is_being_changed_at_this_moment_waits_for_the_next_night(
    edit: str, own_database: str, today: date
) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    with meanwhile() as other:
        other.execute(edit, [seeker.pk])
        done = carry_out(JOBSEEKERS, today)
        assert (done.busy, done.deleted) == (1, 0)
        other.connection.rollback()
    assert carry_out(JOBSEEKERS, today).deleted == 1


def test_a_new_search_that_comes_too_late_by_a_moment_fails_aloud(own_database: str, today: date) -> None:
    """Its foreign key is looked at when it is committed: nobody is registered who is no longer there."""
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    with meanwhile() as other:
        other.execute(
            "INSERT INTO jobmatching_registrationspell (seeker_id, status, started_on, full_time_service)"
            " VALUES (%s, 'unemployed', now(), false)",
            [seeker.pk],
        )
        assert carry_out(JOBSEEKERS, today).deleted == 1
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            other.connection.commit()


@contextmanager
def meanwhile() -> Iterator[psycopg.Cursor]:
    """Somebody else's transaction on another connection."""
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    with psycopg.connect(**{name: settings[name] for name in ("host", "port", "user", "password", "dbname")}) as other:
        with other.cursor() as cursor:
            yield cursor
        other.rollback()
