"""Months of the calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy.retention.dates import month_after, month_of, months_after, months_before

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 11, 22), 24, date(2024, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_before(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


@given(DAYS, st.integers(0, 600))
def test_a_time_never_ends_early(day: date, months: int) -> None:
    """What began on a day has not had its months before the same day so many months later."""
    later = months_after(day, months)
    assert months_before(later, months) <= day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and months_after(later, 0).day == later.day)


@given(DAYS)
def test_the_month_after_a_day_begins_after_the_day(day: date) -> None:
    assert month_of(day) <= day < month_after(day)
    assert month_after(day).day == 1


@given(DAYS, st.integers(1, 120))
def test_the_first_day_on_which_a_month_has_had_its_time(day: date, months: int) -> None:
    """The page about a person says the day that the rule itself finds."""
    due = months_after(month_after(day), months)
    assert month_of(months_before(due, months)) > day
    assert month_of(months_before(date.fromordinal(due.toordinal() - 1), months)) <= day
