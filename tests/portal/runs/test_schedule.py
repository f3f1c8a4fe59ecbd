"""When the night is due and when it is late, also on the nights that daylight saving makes shorter or longer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.runs.models import JobRun, RunState
from portal.runs.schedule import day_to_be_done, due_at, is_late, last_due, next_due

HELSINKI = ZoneInfo("Europe/Helsinki")
SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis wants bounds without a zone


def at(text: str) -> datetime:
    """A moment by the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@given(moments)
@example(SPRING)
@example(AUTUMN)
def test_the_last_night_is_the_latest_that_has_begun(now: datetime) -> None:
    due = last_due(now)
    assert due <= now < next_due(now)
    assert timedelta(hours=23) <= next_due(now) - due <= timedelta(hours=25)
    local = due.astimezone(HELSINKI)
    assert (local.hour, local.minute) == (1, 15)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_time_never_brings_an_earlier_night(now: datetime, later: timedelta) -> None:
    assert last_due(now) <= last_due(now + later)
    assert day_to_be_done(now) <= day_to_be_done(now + later)


@given(moments)
def test_the_day_to_be_done_has_had_its_grace_and_the_next_one_has_not(now: datetime) -> None:
    day = day_to_be_done(now)
    grace = timedelta(hours=3)
    assert due_at(day) + grace <= now < due_at(day + timedelta(days=1)) + grace


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 23), st.integers(0, 59))
def test_every_day_has_one_night_whatever_the_time_chosen(day: date, hour: int, minute: int) -> None:
    from django.test import override_settings

    with override_settings(NIGHT_HOUR=hour, NIGHT_MINUTE=minute):
        first, second = due_at(day), due_at(day + timedelta(days=1))
        assert timedelta(hours=22) <= second - first <= timedelta(hours=26)
        assert last_due(first) == first
        assert last_due(second - timedelta(microseconds=1)) == first


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-21 01:14", date(2026, 11, 20)),
        ("2026-11-21 04:14", date(2026, 11, 20)),
        ("2026-11-21 04:15", date(2026, 11, 21)),
        # 29 March: 03:00 becomes 04:00, so three hours after 01:15 the clock shows 05:15.
        ("2026-03-29 05:14", date(2026, 3, 28)),
        ("2026-03-29 05:15", date(2026, 3, 29)),
        # 25 October: 04:00 becomes 03:00, so three hours after 01:15 the clock shows 03:15 for the second time.
        ("2026-10-25 02:59", date(2026, 10, 24)),
        ("2026-10-25 04:00", date(2026, 10, 25)),
    ],
)
def test_the_grace_is_counted_in_hours_that_pass(now: str, day: date) -> None:
    assert day_to_be_done(at(now)) == day


# --- Late ----------------------------------------------------------------------------------------------------------
def run(for_date: date, state: RunState = RunState.SUCCEEDED, job: str = "matching") -> JobRun:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return JobRun.objects.create(job=job, for_date=for_date, state=state, finished_at=now)


@pytest.mark.django_db
def test_a_job_that_never_succeeded_is_late() -> None:
    assert is_late("matching", at("2026-11-21 10:00"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({"for_date": date(2026, 11, 21)}, False),
        ({"for_date": date(2026, 11, 20)}, True),
        ({"for_date": date(2026, 11, 22)}, True),  # somebody looked ahead
        ({"for_date": date(2026, 11, 21), "state": RunState.FAILED}, True),
        ({"for_date": date(2026, 11, 21), "state": RunState.RUNNING}, True),
        ({"for_date": date(2026, 11, 21), "job": "another"}, True),
    ],
)
def test_only_a_success_of_the_day_counts(fields: dict[str, Any], late: bool) -> None:
    run(**fields)
    assert is_late("matching", at("2026-11-21 10:00")) is late


@pytest.mark.django_db
def test_yesterdays_result_is_good_until_the_grace_has_passed() -> None:
    run(date(2026, 11, 20))
    assert not is_late("matching", at("2026-11-21 04:14"))
    assert is_late("matching", at("2026-11-21 04:15"))
