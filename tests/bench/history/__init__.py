"""What the history costs: the same work with it and without it, in turns, each in a transaction that is rolled back.

The work: an import of 2,000 jobseekers as the import page does it, one change of 28,500 jobseekers by a queryset, the
same by bulk_update, 2,000 single saves, 28,500 rows by COPY.
"""

import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any, Final

from django.db import connection, transaction

from jobmatching.models import JobSeeker, SeekerLicence
from jobmatching.seekers.importing.files import Table
from jobmatching.seekers.imports import import_people
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Role
from portal.classifications.models import DrivingLicence, EmploymentArea, Municipality, Occupation
from portal.privacy.history import Source, context, without_history
from portal.privacy.history.models import HistoryEvent
from tests.bench.matching.say import step

ROWS: Final = 28_500
IMPORTED: Final = 2_000
_DAY: Final = date(2026, 11, 22)

Work = Callable[[], object]


def measure(rows: int, imported: int, repetitions: int) -> dict[str, Any]:
    """Medians in seconds of each piece of work in the present database, with and without history (Any: JSON)."""
    works = {
        f"import of {imported:,} jobseekers": _import(imported),
        f"one change of {rows:,} jobseekers": _update(rows),
        f"bulk_update of {rows:,} jobseekers": _bulk_update(rows),
        f"{imported:,} single saves": _saves(imported),
        f"COPY of {rows:,} rows": _copy(rows),
    }
    found = {}
    for name, work in works.items():
        with step(name):
            taken: dict[bool, list[float]] = {True: [], False: []}
            written: dict[bool, int] = {}
            for _repetition in range(repetitions):
                for kept in (True, False):
                    seconds, written[kept] = _once(work, kept=kept)
                    taken[kept].append(seconds)
        found[name] = {
            "with": round(median(taken[True]), 3),
            "without": round(median(taken[False]), 3),
            "ratio": round(median(taken[True]) / median(taken[False]), 3),
            "events": written[True],
            "events_without": written[False],
        }
    return found


def _once(work: Work, *, kept: bool) -> tuple[float, int]:
    """Seconds of the work, and how many events it left."""
    with transaction.atomic():
        before = HistoryEvent.objects.count()
        if kept:
            with context(actor=1, source=Source.COMMAND, name="bench", reason="measured"):
                seconds = _clock(work)
        else:
            with without_history("employers", "jobmatching"):
                seconds = _clock(work)
        written = HistoryEvent.objects.count() - before
        transaction.set_rollback(True)
    return seconds, written


def _clock(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _import(people: int) -> Work:
    area = EmploymentArea.objects.filter(seekers__isnull=False).order_by("pk").first()
    assert area is not None
    user, _made = User.objects.get_or_create(email="bench@example.org")
    RoleMembership.objects.get_or_create(
        user=user, role=Role.CASE_WORKER, area=area, defaults={"valid_from": date(2020, 1, 1)}
    )
    homes = list(Municipality.objects.filter(area=area).order_by("code").values_list("code", flat=True))
    wishes = list(Occupation.objects.order_by("pk").values_list("code", flat=True)[:40])
    columns = [
        *("source_id", "first_name", "last_name", "birth_date", "home_municipality", "email", "phone", "occupations"),
        *("languages", "licences", "registered_on", "situation"),
    ]
    rows = [
        [
            *(f"bench-{n}", "Aino", f"Kokeilija{n}", f"19{50 + n % 50}-0{1 + n % 9}-11", homes[n % len(homes)]),
            *(f"{n}@example.org", f"040 {n}", f"{wishes[n % 40]};{wishes[(n + 7) % 40]}", "fi:L1;sv:B1", "B"),
            *("2026-10-01", "unemployed"),
        ]
        for n in range(people)
    ]
    table = Table(columns, rows, list(range(2, people + 2)))

    def work() -> None:
        outcome = import_people(table, user, area, _DAY, saving=True)
        assert outcome.new == people, outcome.errors[:3]

    return work


def _update(rows: int) -> Work:
    keys = _keys(rows)
    return lambda: JobSeeker.objects.filter(pk__range=(keys[0], keys[-1])).update(
        phone="040 1", profile_confirmed_on=_DAY
    )


def _bulk_update(rows: int) -> Work:
    people = list(JobSeeker.objects.order_by("pk")[:rows])
    for number, person in enumerate(people):
        person.phone, person.profile_confirmed_on = f"040 {number}", _DAY
    return lambda: JobSeeker.objects.bulk_update(people, ["phone", "profile_confirmed_on"], batch_size=2_000)


def _saves(rows: int) -> Work:
    people = list(JobSeeker.objects.order_by("pk")[:rows])

    def work() -> None:
        for number, person in enumerate(people):
            person.phone = f"050 {number}"
            person.save()

    return work


def _copy(rows: int) -> Work:
    licence, _made = DrivingLicence.objects.get_or_create(code="BENCH", defaults={"order": 99, "match_slot": 15})
    keys = _keys(rows)

    def work() -> None:
        statement = f"COPY {SeekerLicence._meta.db_table} (seeker_id, licence_id, known_by, noted_on) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for key in keys:
                copy.write_row((key, licence.pk, "told", _DAY))

    return work


def _keys(rows: int) -> list[int]:
    return list(JobSeeker.objects.order_by("pk").values_list("pk", flat=True)[:rows])
