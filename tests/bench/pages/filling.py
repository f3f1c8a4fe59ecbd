"""What a generated area needs before its pages are like those of a working portal.

Case workers with their own clients, history of what was entered, an access log with rows about everybody, and the
result of a night.
"""

from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Count

from jobmatching.models import JobSeeker
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.privacy.history import Source, context
from tests.bench.access_log import fill_log
from tests.bench.matching.nights import run_night
from tests.bench.matching.say import step
from tests.factories import with_role

CLIENTS: Final = 100
"""Of one personal coach: about what a coach serves."""
VISITORS: Final = 40
"""Coaches who ask for pages; the others only have clients."""
_SINCE: Final = date(2020, 1, 1)


def fill(database: str, day: date, log_rows: int) -> None:
    """Fill the present database, whose name is given, with what pages show beside jobseekers and vacancies."""
    largest = JobSeeker.objects.values("area").annotate(people=Count("pk")).order_by("-people", "area").first()
    if largest is None:
        raise ValueError("There are no jobseekers.")
    area = EmploymentArea.objects.get(pk=largest["area"])
    with step("Case workers and their clients"):
        coaches = _coaches(area, max(2, largest["people"] // CLIENTS))
        with context(source=Source.COMMAND, name="bench"), connection.cursor() as cursor:
            # Written into the history, as every change of what people enter.
            cursor.execute(
                "UPDATE jobmatching_jobseeker SET coach_id = (%(ids)s::bigint[])[1 + id %% %(number)s]"
                " WHERE area_id = %(area)s",
                {"ids": coaches, "number": len(coaches), "area": area.pk},
            )
            cursor.execute(
                "UPDATE jobmatching_jobseeker SET max_travel_minutes = coalesce(max_travel_minutes, 30) + 5"
                " WHERE area_id = %s",
                [area.pk],
            )
    with step(f"{log_rows:,} rows of the access log"):
        people = list(JobSeeker.objects.order_by("pk").values_list("pk", flat=True))
        fill_log(log_rows, users=coaches, people=people)
    with step("A night"):
        run_night(database, day)
    with step("Statistics"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _coaches(area: EmploymentArea, number: int) -> list[int]:
    """Ids of so many case workers of an area, the visitors first."""
    visitors = [with_role(Role.CASE_WORKER, area).pk for _number in range(min(VISITORS, number))]
    others = User.objects.bulk_create(
        [
            User(email=f"coach{n}@example.org", first_name="Coach", last_name=f"Number {n}")
            for n in range(number - len(visitors))
        ]
    )
    RoleMembership.objects.bulk_create(
        [RoleMembership(user=user, role=Role.CASE_WORKER, area=area, valid_from=_SINCE) for user in others]
    )
    return [*visitors, *(user.pk for user in others)]
