"""What the demo's people have looked at in the last days: ordinary work, and two things that look strange."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from jobmatching.seekers.models import JobSeeker
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.access import Action, Purpose, ReasonCode
from portal.privacy.access.anomalies import look_at
from portal.privacy.access.demo import PastRead, write_past
from portal.privacy.access.models import AccessLogEntry

DAYS: Final = 6
_A_DAY: Final = 9
_AT_NIGHT: Final = 40


def fill_log(coach: User, colleague: User) -> int:
    """Reads of two coaches over the last working days, and the anomalies in them; nothing where the log has rows."""
    if AccessLogEntry.objects.exists():
        return 0
    today = timezone.localdate()
    days = [day for day in (today - timedelta(days=n) for n in range(1, DAYS + 4)) if day.weekday() < 5][:DAYS]
    own, others = _clients(coach), _clients(colleague)
    if not own or not others or not days:
        return 0
    reads = [*_work(coach, own, days), *_work(colleague, others, days), *_strange(colleague, own, days[0])]
    written = write_past(reads)
    for day in reversed(days):
        look_at(day)
    return written


def _clients(coach: User) -> list[int]:
    clients = JobSeeker.objects.filter(coach=coach, non_disclosure=False).order_by("pk")
    return list(clients.values_list("pk", flat=True)[:200])


def _work(user: User, clients: list[int], days: list[date]) -> Iterator[PastRead]:
    """Lists in the morning, then one client after the other."""
    for back, day in enumerate(days):
        first = back * _A_DAY
        page = tuple(clients[first : first + 25])
        yield _read(user, day, time(8, 2), Action.LIST, page, "seekers:list", about="own, page 1")
        for number, seeker in enumerate(clients[first : first + _A_DAY]):
            at = time(8 + number // 2, 10 + 25 * (number % 2))
            yield _read(user, day, at, Action.PROFILE, (seeker,), "seekers:page", Purpose.CLIENT)


def _strange(user: User, clients: list[int], day: date) -> Iterator[PastRead]:
    """One evening somebody goes through forty of a colleague's clients, always with the same reason."""
    for number, seeker in enumerate(clients[:_AT_NIGHT]):
        at = time(21, number, 30)
        yield _read(user, day, at, Action.PROFILE, (seeker,), "seekers:page", ReasonCode.COVER)
    for number in range(6):
        yield _read(user, day, time(22, number), Action.DENIED, (), "audit:log", about="GET 403")


def _read(
    user: User, day: date, at: time, action: Action, subjects: tuple[int, ...], view: str, purpose: str = "",
    about: str = "",
) -> PastRead:  # fmt: skip
    moment = timezone.make_aware(datetime.combine(day, at))
    return PastRead(moment, user.pk, Role.CASE_WORKER, action, subjects, view, purpose, about)
