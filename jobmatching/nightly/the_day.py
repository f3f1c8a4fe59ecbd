"""Who and what is in matching on a day: looked up once a night, and read from there by every step that needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from employers.vacancies.models import Vacancy
from jobmatching.seekers.models import JobSeeker

SEEKERS: Final = "todays_seekers"
"""Temporary table (id, home_id, left_out): everybody but those under non-disclosure, and why somebody is left out."""
VACANCIES: Final = "todays_vacancies"
"""Temporary table (id): vacancies that are open."""


@dataclass(frozen=True)
class TheDay:
    """A day whose jobseekers and vacancies lie in the temporary tables of this connection."""

    as_of: date
    seekers: int
    """How many are in matching."""
    left_out: dict[str, int]
    """How many jobseekers the status rules leave out, by the first reason that holds. No trace of non-disclosure."""


@contextmanager
def listed(as_of: date) -> Iterator[TheDay]:
    """List the day's jobseekers and vacancies for as long as the block lasts.

    Who is paused or ends the search while it lasts is still in matching that day, as if the edit had come after it.
    """
    seekers, seeker_params = (
        JobSeeker.objects.filter(non_disclosure=False)
        .with_reason_left_out(as_of)
        .values_list("id", "home_id", "left_out")
        .order_by()
        .query.sql_with_params()
    )
    vacancies, vacancy_params = Vacancy.objects.open(as_of).values_list("id").order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {SEEKERS}, {VACANCIES}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {SEEKERS} (id, home_id, left_out) AS {seekers}",
            seeker_params,
        )
        cursor.execute(f"CREATE TEMPORARY TABLE {VACANCIES} (id) AS {vacancies}", vacancy_params)
        cursor.execute(f"SELECT left_out, count(*) FROM {SEEKERS} GROUP BY left_out ORDER BY left_out")  # noqa: S608  a name of ours
        counted = dict(cursor.fetchall())
    yield TheDay(as_of, counted.pop("", 0), {f"seeker_{reason}": count for reason, count in counted.items()})
    # Where the block failed they stay until the connection ends or the next listing: the transaction may be broken.
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {SEEKERS}, {VACANCIES}")
