"""Numbers, days and times as the reader's language writes them.

Finnish: 1 184; 34,2 %; −41; pe 20.11.; klo 1.15; 88–95. Swedish of Finland: 20.11, kl. 1.15. English: 1,184; 34.2%;
Fri 20 Nov; 01:15. A value that is not there is an en dash. Spaces inside a figure do not break over lines.
"""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
EN_DASH: Final = "\u2013"
NOTHING: Final = EN_DASH

Number = int | float | Decimal
Moment = date | datetime

_GROUP = {"fi": NBSP, "sv": NBSP, "en": ","}
_DECIMAL = {"fi": ",", "sv": ",", "en": "."}
_WEEKDAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Wide enough for every finite float.
_WIDE = Context(prec=400)
_DAYS_WEEKS = {"fi": ("pv", "vk"), "sv": ("dgr", "v."), "en": ("d", "wk")}
_YEARS_MONTHS = {"fi": ("v", "kk"), "sv": ("år", "mån"), "en": ("y", "mo")}


def _language() -> str:
    language = (get_language() or "fi")[:2]
    return language if language in _GROUP else "fi"


def _as_decimal(value: Number | str | None) -> Decimal | None:
    """The value as a finite decimal, None for nothing, not a number and infinity."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def number(value: Number | str | None, decimals: int | None = None) -> str:
    """`1 184`, `−3,5`. Without `decimals`: none for whole numbers, one for others; halves go away from zero."""
    exact = _as_decimal(value)
    if exact is None:
        return NOTHING
    if decimals is None:
        decimals = 0 if exact == exact.to_integral_value() else 1
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)
    language = _language()
    whole, _point, fraction = f"{abs(rounded):,.{decimals}f}".partition(".")
    text = whole.replace(",", _GROUP[language]) + (_DECIMAL[language] + fraction if fraction else "")
    return MINUS + text if rounded < 0 else text


def signed(value: Number | str | None, decimals: int | None = None) -> str:
    """A change: `+88`, `−41`, `0`."""
    text = number(value, decimals)
    exact = _as_decimal(value)
    changed = exact is not None and exact > 0 and any(sign in "123456789" for sign in text)
    return f"+{text}" if changed else text


def percent(value: Number | str | None, decimals: int | None = None) -> str:
    """Hundredths with the sign: 34.2 -> `34,2 %` (English `34.2%`)."""
    if _as_decimal(value) is None:
        return NOTHING
    return number(value, decimals) + ("%" if _language() == "en" else f"{NBSP}%")


def number_range(first: Number | None, last: Number | None, decimals: int | None = None) -> str:
    """`88–95`; one number where both ends are the same."""
    low, high = number(first, decimals), number(last, decimals)
    return low if low == high else f"{low}{EN_DASH}{high}"


def day(value: Moment | None) -> str:
    """`20.11.`"""
    local = _local_day(value)
    if local is None:
        return NOTHING
    return _day_of_month(local) + _month_after(local)


def day_year(value: Moment | None) -> str:
    """`20.11.2026`"""
    local = _local_day(value)
    if local is None:
        return NOTHING
    if _language() == "en":
        return f"{day(local)}{NBSP}{local.year}"
    return f"{local.day}.{local.month}.{local.year}"


def weekday(value: Moment | None) -> str:
    """`pe 20.11.`"""
    local = _local_day(value)
    return NOTHING if local is None else f"{_WEEKDAYS[_language()][local.weekday()]}{NBSP}{day(local)}"


def weekday_year(value: Moment | None) -> str:
    """`pe 20.11.2026`"""
    local = _local_day(value)
    return NOTHING if local is None else f"{_WEEKDAYS[_language()][local.weekday()]}{NBSP}{day_year(local)}"


def clock(value: time | datetime | None) -> str:
    """`klo 1.15`"""
    text = _clock_digits(value)
    prefix = {"fi": f"klo{NBSP}", "sv": f"kl.{NBSP}", "en": ""}[_language()]
    return text if text == NOTHING else prefix + text


def clock_range(first: time | datetime | None, last: time | datetime | None) -> str:
    """`klo 1.15–1.17`; only the start where the end is not known."""
    start, end = clock(first), _clock_digits(last)
    return start if NOTHING in (start, end) else f"{start}{EN_DASH}{end}"


def moment(value: datetime | None) -> str:
    """`ma 23.11.2026 klo 1.16`"""
    if value is None:
        return NOTHING
    return f"{weekday_year(value)}{', ' if _language() == 'en' else ' '}{clock(value)}"


def day_range(first: Moment | None, last: Moment | None) -> str:
    """`20.–24.11.`, `20.11.–2.12.`; the years are written where they differ."""
    start, end = _local_day(first), _local_day(last)
    if start is None or end is None or start == end:
        return day(start or end)
    if start.year != end.year:
        return f"{day_year(start)}{EN_DASH}{day_year(end)}"
    if start.month != end.month:
        return f"{day(start)}{EN_DASH}{day(end)}"
    return f"{_day_of_month(start)}{EN_DASH}{_day_of_month(end)}{_month_after(end)}"


def months_span(months: int | None) -> str:
    """A length of time given in months: 28 -> `2 v 4 kk`, 11 -> `11 kk`, 24 -> `2 v`."""
    if months is None:
        return NOTHING
    years, rest = divmod(abs(months), 12)
    year_word, month_word = _YEARS_MONTHS[_language()]
    parts = [f"{years}{NBSP}{year_word}"] if years else []
    if rest or not years:
        parts.append(f"{rest}{NBSP}{month_word}")
    return (MINUS if months < 0 else "") + NBSP.join(parts)


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another: 17.5. to 16.6. is none, to 17.6. one."""
    return 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)


def time_span(first: date | None, last: date) -> str:
    """How long it is from one day to another, roughly: `5 pv`, `3 vk`, `4 kk`, `1 v 2 kk`."""
    if first is None:
        return NOTHING
    days = (last - first).days
    day_word, week_word = _DAYS_WEEKS[_language()]
    if days < 14:
        return f"{max(0, days)}{NBSP}{day_word}"
    months = months_between(first, last)
    return f"{days // 7}{NBSP}{week_word}" if months < 2 else months_span(months)


def seconds_span(seconds: float | None) -> str:
    """How long something took: `0,4 s`, `38 s`, `2 min 5 s`, `1 h 3 min`."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    if seconds < 9.95:
        return f"{number(round(seconds, 1))}{NBSP}s"
    if whole < 60:
        return f"{whole}{NBSP}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{NBSP}min {rest}{NBSP}s".replace(" ", NBSP)
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60}{NBSP}min"


def _local_day(value: Moment | None) -> date | None:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _day_of_month(value: date) -> str:
    return f"{value.day}." if _language() == "fi" else str(value.day)


def _month_after(value: date) -> str:
    return {
        "fi": f"{value.month}.",
        "sv": f".{value.month}",
        "en": f"{NBSP}{_MONTHS_EN[value.month - 1]}",
    }[_language()]


def _clock_digits(value: time | datetime | None) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).time()
    return f"{value.hour:02d}:{value.minute:02d}" if _language() == "en" else f"{value.hour}.{value.minute:02d}"
