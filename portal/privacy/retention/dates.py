"""Months of the calendar, counted without surprises at their ends."""

import calendar
from datetime import date


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of that month where it has no such day."""
    return _moved(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of that month where it has no such day."""
    return _moved(day, months)


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after a day's month."""
    return months_after(month_of(day), 1)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
