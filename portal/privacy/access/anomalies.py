"""What looks strange in one day of the log, user by user. A finding is a question, never an answer: a person looks.

Days and hours are those of the clock where the portal is. Rows of jobs and commands are not looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from statistics import median
from typing import Final

import holidays
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.privacy.access.enums import ONE_PERSON, Action, AnomalyKind, AnomalyState, Purpose
from portal.privacy.access.models import AccessAnomaly, AccessLogEntry
from portal.privacy.access.querysets import EntryQuerySet
from portal.privacy.access.thresholds import Thresholds, thresholds_on
from portal.privacy.people import people

HOUR: Final = timedelta(hours=1)
USUAL_DAYS: Final = 60
"""Days before the one looked at, from which a user's usual hour is known."""
FEWEST_HOURS: Final = 5
"""Hours with openings from which on something can be called usual: one unusual hour does not excuse the next."""
VACANCIES_LEAST: Final = 10
"""Vacancies in a day whose candidates somebody opens without serving them: from so many on it is pointed out. Who finds
candidates for vacancies opens a few of each of a few vacancies in a day."""
_LISTED: Final = frozenset({Action.LIST, Action.SEARCH, Action.EXPORT})
"""Actions that show many people at once: page by page they add up to the register."""
_AT_NIGHT: Final = ONE_PERSON | {Action.EXPORT}
_WATCHED: Final = sorted({*ONE_PERSON, *_LISTED, Action.DENIED})


@dataclass(frozen=True)
class Row:
    """A row of the log, as far as it is looked at here."""

    at: datetime
    user_id: int
    action: str
    subjects: tuple[int, ...]
    purpose: str
    about: str = ""


@dataclass(frozen=True)
class Found:
    """Something strange in a user's day."""

    kind: AnomalyKind
    user_id: int
    rows: Sequence[Row]
    count: int
    threshold: int | None = None
    usual: float | None = None

    @property
    def subjects(self) -> list[int]:
        """Whose data it is about."""
        return sorted({number for row in self.rows for number in row.subjects})


def look_at(day: date) -> list[AccessAnomaly]:
    """Find what is strange in a day and keep it; return the anomalies that are new.

    May be done again: what has been found before is brought up to date, unless somebody has handled it already.
    """
    new = []
    for found in find(day):
        with transaction.atomic():
            anomaly, created = AccessAnomaly.objects.select_for_update().get_or_create(
                kind=found.kind, user_id=found.user_id, day=day, defaults=_told(found)
            )
            if created:
                new.append(anomaly)
            elif anomaly.state == AnomalyState.NEW:
                AccessAnomaly.objects.filter(pk=anomaly.pk).update(**_told(found))
    return new


def find(day: date) -> list[Found]:
    """What is strange in a day."""
    limits = thresholds_on(day)
    rows = _rows(*_bounds(day, day))
    by_user: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
    found: list[Found] = []
    for user_id, own in sorted(by_user.items()):
        found += _of_user(user_id, own, day, limits)
    return found


def _of_user(user_id: int, rows: list[Row], day: date, limits: Thresholds) -> Iterator[Found]:
    opened = [row for row in rows if row.action in ONE_PERSON]
    yield from _many_in_an_hour(user_id, opened, day, limits)
    listed = [row for row in rows if row.action in _LISTED]
    if limits.listed_least is not None and (seen := _people(listed)) >= limits.listed_least:
        yield Found(AnomalyKind.MANY_LISTED, user_id, listed, seen, limits.listed_least)
    yield from _same_name(user_id, opened)
    yield from _no_reason(user_id, opened, day)
    yield from _off_hours(user_id, [row for row in rows if row.action in _AT_NIGHT], limits)
    denied = [row for row in rows if row.action == Action.DENIED]
    if limits.denied_least is not None and len(denied) >= limits.denied_least:
        yield Found(AnomalyKind.DENIED_OFTEN, user_id, denied, len(denied), limits.denied_least)


def _many_in_an_hour(user_id: int, opened: list[Row], day: date, limits: Thresholds) -> Iterator[Found]:
    """The fullest sixty minutes of the day, against the least number and the user's own usual hour."""
    if limits.hour_least is None or not opened:
        return
    fullest = _fullest_hour(opened)
    if _people(fullest) < limits.hour_least:
        return
    usual = _usual_hour(user_id, day)
    threshold = max(limits.hour_least, round((limits.hour_times or 0) * (usual or 0)))
    if _people(fullest) >= threshold:
        yield Found(AnomalyKind.MANY_IN_AN_HOUR, user_id, fullest, _people(fullest), threshold, usual)


def _fullest_hour(opened: list[Row]) -> list[Row]:
    """The rows of the sixty minutes in which most people were opened; not cut at full hours."""
    best, most, first = (0, 0), 0, 0
    inside: Counter[int] = Counter()
    for last, row in enumerate(opened):
        inside.update(row.subjects)
        while row.at - opened[first].at >= HOUR:
            inside.subtract(opened[first].subjects)
            inside += Counter()  # leaves out who is no longer inside
            first += 1
        if len(inside) > most:
            best, most = (first, last + 1), len(inside)
    return opened[slice(*best)]


def _usual_hour(user_id: int, day: date) -> float | None:
    """The median of people in those hours of the last days in which the user opened somebody; None for few hours."""
    rows = _rows(*_bounds(day - timedelta(days=USUAL_DAYS), day - timedelta(days=1)), user_id=user_id)
    hours: dict[datetime, set[int]] = defaultdict(set)
    for row in rows:
        if row.action in ONE_PERSON:
            hours[row.at.replace(minute=0, second=0, microsecond=0)].update(row.subjects)
    if len(hours) < FEWEST_HOURS:
        return None
    return float(median(len(numbers) for numbers in hours.values()))


def _same_name(user_id: int, opened: list[Row]) -> Iterator[Found]:
    """People with the user's own surname or e-mail address: perhaps family, perhaps the user's own data."""
    user = User.objects.filter(pk=user_id).only("last_name", "email").first()
    if user is None or not opened:
        return
    numbers = {number for row in opened for number in row.subjects}
    alike = people().alike(numbers, user.last_name, user.email)
    if rows := [row for row in opened if alike & set(row.subjects)]:
        yield Found(AnomalyKind.SAME_NAME, user_id, rows, len(alike))


def _no_reason(user_id: int, opened: list[Row], day: date) -> Iterator[Found]:
    """People opened without any purpose; or as candidates of many vacancies, without being served.

    Candidates are opened without a question (docs/adr/0011-access-log.md): whoever goes from vacancy to vacancy could
    read people's data under that purpose.
    """
    unexplained = [row for row in opened if not row.purpose]
    as_candidates = [row for row in opened if row.purpose == Purpose.CANDIDATE]
    vacancies = None
    user = User.objects.filter(pk=user_id).first() if as_candidates else None
    if user is not None:
        numbers = {number for row in as_candidates for number in row.subjects}
        others = people().not_served_by(user, numbers, day)
        strangers = [row for row in as_candidates if others & set(row.subjects)]
        if len({row.about for row in strangers}) >= VACANCIES_LEAST:
            unexplained, vacancies = sorted([*unexplained, *strangers], key=lambda row: row.at), VACANCIES_LEAST
    if unexplained:
        yield Found(AnomalyKind.NO_REASON, user_id, unexplained, _people(unexplained), vacancies)


def _off_hours(user_id: int, rows: list[Row], limits: Thresholds) -> Iterator[Found]:
    """Reads at night, at the weekend and on public holidays."""
    if limits.off_hours_least is None:
        return
    late = [row for row in rows if is_off_hours(row.at, limits)]
    if late and _people(late) >= limits.off_hours_least:
        yield Found(AnomalyKind.OFF_HOURS, user_id, late, _people(late), limits.off_hours_least)


def is_off_hours(at: datetime, limits: Thresholds) -> bool:
    """Whether a moment is outside working hours: by the clock where the portal is, with Finland's public holidays."""
    local = timezone.localtime(at)
    if local.weekday() >= 5 or local.date() in _public_holidays(local.year):
        return True
    starts, ends = limits.day_starts, limits.day_ends
    return (starts is not None and local.hour < starts) or (ends is not None and local.hour >= ends)


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year))


def _people(rows: Iterable[Row]) -> int:
    """How many different people some rows are about."""
    return len({number for row in rows for number in row.subjects})


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which the first day starts and the last day ends, where the portal is."""
    start, end = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
    return timezone.make_aware(start), timezone.make_aware(end)


def _rows(start: datetime, end: datetime, user_id: int | None = None) -> list[Row]:
    entries = AccessLogEntry.objects.between(start, end).doing(_WATCHED).filter(user_id__isnull=False)
    if user_id is not None:
        entries = entries.by_user(user_id)
    columns = ("at", "user_id", "action", "subjects", "purpose", "about")
    return [
        Row(at, user, action, tuple(subjects), purpose, about)
        for at, user, action, subjects, purpose, about in entries.order_by("at", "id").values_list(*columns)
    ]


def rows_behind(anomaly: AccessAnomaly) -> EntryQuerySet:
    """The rows of the log that an anomaly was found in, in order of time."""
    if anomaly.kind == AnomalyKind.RIGHTS:
        return AccessLogEntry.objects.none()
    rows = AccessLogEntry.objects.between(anomaly.first_at, anomaly.last_at + timedelta(microseconds=1))
    rows = rows.by_user(anomaly.user_id)
    if anomaly.kind == AnomalyKind.DENIED_OFTEN:
        return rows.doing([Action.DENIED]).order_by("at", "id")
    actions = {AnomalyKind.OFF_HOURS: _AT_NIGHT, AnomalyKind.MANY_LISTED: _LISTED}.get(
        AnomalyKind(anomaly.kind), ONE_PERSON
    )
    return rows.doing(sorted(actions)).filter(subjects__overlap=anomaly.subjects).order_by("at", "id")


def _told(found: Found) -> dict[str, object]:
    return {
        "count": found.count,
        "usual": found.usual,
        "threshold": found.threshold,
        "subjects": found.subjects,
        "first_at": found.rows[0].at,
        "last_at": found.rows[-1].at,
    }
