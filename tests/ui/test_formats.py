"""Numbers, days and times in the reader's language."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.ui import formats

LANGUAGES = ("fi", "sv", "en")
NBSP = "\u00a0"


def in_language(language: str, text: str) -> str:
    """Undo a number's format: what Python would read."""
    group, point = (",", ".") if language == "en" else (NBSP, ",")
    return text.replace(group, "").replace(point, ".").replace(formats.MINUS, "-")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "1 184"), ("sv", "1 184"), ("en", "1,184")],
)
def test_thousands_are_grouped_as_the_language_does(language: str, expected: str) -> None:
    with translation.override(language):
        assert formats.number(1184) == expected.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, None, "0"),
        (34.2, None, "34,2"),
        (34.0, None, "34"),
        (34.25, 1, "34,3"),
        (-41, None, "−41"),
        (-0.04, 1, "0,0"),
        (Decimal("1310160.5"), 0, "1 310 161"),
        (0.94, 2, "0,94"),
        (None, None, "–"),
        ("", None, "–"),
        (float("nan"), None, "–"),
        (float("inf"), 1, "–"),
        ("not a number", None, "–"),
    ],
)
def test_numbers_in_finnish(value: object, decimals: int | None, expected: str) -> None:
    assert formats.number(value, decimals) == expected.replace(" ", NBSP)


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.integers(min_value=-(10**15), max_value=10**15))
def test_a_whole_number_can_be_read_back(language: str, value: int) -> None:
    with translation.override(language):
        assert int(in_language(language, formats.number(value))) == value


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    value=st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False),
    decimals=st.integers(min_value=0, max_value=3),
)
def test_rounding_moves_by_half_a_unit_at_most(language: str, value: Decimal, decimals: int) -> None:
    with translation.override(language):
        shown = Decimal(in_language(language, formats.number(value, decimals)))
    assert abs(shown - value) <= Decimal(1).scaleb(-decimals) / 2


@given(value=st.floats(allow_nan=True, allow_infinity=True))
def test_no_float_breaks_a_page(value: float) -> None:
    for shown in (formats.number(value, 1), formats.percent(value), formats.signed(value)):
        assert shown


@given(value=st.integers(min_value=-(10**6), max_value=10**6))
def test_a_change_has_its_sign_and_none_has_none(value: int) -> None:
    sign = {True: "+", False: ""}[value > 0]
    assert formats.signed(value).startswith(sign)
    assert formats.signed(value).startswith(formats.MINUS) == (value < 0)


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert formats.signed(0.04, 1) == "0,0"


def test_percent() -> None:
    assert formats.percent(34.2) == f"34,2{NBSP}%"
    assert formats.percent(100) == f"100{NBSP}%"
    assert formats.percent(None) == "–"
    with translation.override("en"):
        assert formats.percent(34.2) == "34.2%"


def test_ranges_have_an_en_dash() -> None:
    assert formats.number_range(88, 95) == "88–95"
    assert formats.number_range(5, 5) == "5"


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("fi", "pe 20.11.", "pe 20.11.2026"),
        ("sv", "fre 20.11", "fre 20.11.2026"),
        ("en", "Fri 20 Nov", "Fri 20 Nov 2026"),
    ],
)
def test_days(language: str, short: str, long: str) -> None:
    with translation.override(language):
        assert formats.weekday(FRIDAY) == short.replace(" ", NBSP)
        assert formats.weekday_year(FRIDAY) == long.replace(" ", NBSP)


def test_a_moment_is_told_in_helsinki_time() -> None:
    at = datetime(2026, 11, 22, 23, 16, tzinfo=UTC)
    assert formats.moment(at) == f"ma{NBSP}23.11.2026 klo{NBSP}1.16"
    assert formats.day(at) == "23.11."
    with translation.override("sv"):
        assert formats.clock(at) == f"kl.{NBSP}1.16"
    with translation.override("en"):
        assert formats.moment(at) == f"Mon{NBSP}23{NBSP}Nov{NBSP}2026, 01:16"


def test_clock_ranges() -> None:
    assert formats.clock_range(time(1, 15), time(1, 17)) == f"klo{NBSP}1.15–1.17"
    assert formats.clock_range(time(9), None) == f"klo{NBSP}9.00"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (FRIDAY, FRIDAY, "20.11."),
        (FRIDAY, date(2026, 11, 24), "20.–24.11."),
        (FRIDAY, date(2026, 12, 2), "20.11.–2.12."),
        (FRIDAY, date(2027, 1, 2), "20.11.2026–2.1.2027"),
        (FRIDAY, None, "20.11."),
        (None, None, "–"),
    ],
)
def test_day_ranges(first: date | None, last: date | None, expected: str) -> None:
    assert formats.day_range(first, last) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(0, "0 kk"), (11, "11 kk"), (24, "2 v"), (28, "2 v 4 kk"), (None, "–")]
)
def test_lengths_of_time(months: int | None, expected: str) -> None:
    assert formats.months_span(months) == expected.replace(" ", NBSP)


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_every_day_is_told_with_its_day_and_year(language: str, value: date) -> None:
    with translation.override(language):
        shown = formats.weekday_year(value)
    assert str(value.day) in shown
    assert str(value.year) in shown


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2026, 11, 21), "0 pv"),
        (date(2026, 11, 8), "13 pv"),
        (date(2026, 11, 7), "2 vk"),
        (date(2026, 9, 22), "8 vk"),
        (date(2026, 9, 21), "2 kk"),
        (date(2025, 9, 21), "1 v 2 kk"),
        (date(2026, 12, 1), "0 pv"),
        (None, "–"),
    ],
)
def test_time_spans_are_told_roughly(first: date | None, expected: str) -> None:
    assert formats.time_span(first, date(2026, 11, 21)).replace(NBSP, " ") == expected


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 600))
def test_months_between_counts_whole_months_only(first: date, months: int) -> None:
    year, month = divmod(first.month - 1 + months, 12)
    if first.day <= 28:
        last = date(first.year + year, month + 1, first.day)
        assert formats.months_between(first, last) == months
        assert formats.months_between(first, date.fromordinal(last.toordinal() - 1)) == months - 1


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, "–"),
        (0.0, "0 s"),
        (0.04, "0 s"),
        (0.4, "0,4 s"),
        (9.94, "9,9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.7, "1 h 0 min"),
        (3780, "1 h 3 min"),
    ],
)
def test_seconds_are_told_as_people_do(seconds: float | None, expected: str) -> None:
    assert formats.seconds_span(seconds).replace(NBSP, " ") == expected
