"""Reminders: a last day that comes near, and people whom no worker sees any more. Each is sent once."""

from datetime import date, timedelta
from typing import Final

from jobmatching.seekers.non_disclosure.models import NonDisclosure
from jobmatching.seekers.non_disclosure.querysets import named_who_see, roles_with
from jobmatching.seekers.non_disclosure.services import tell
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Permission

DAYS_BEFORE: Final = (60, 14, 0)
"""So many days before the last day the named workers are told; renewing takes weeks. After it they are told weekly."""


def remind(day: date) -> int:
    """Write what is to be told on `day`; return how many people were told. A second call writes nothing new."""
    told = 0
    for one in NonDisclosure.objects.ending_by(day + timedelta(days=max(DAYS_BEFORE))).order_by("pk"):
        for user in _named(one, day):
            tell(user, one, f"ends {_step(one.valid_to, day)}")
            told += 1
    for one in NonDisclosure.objects.without_worker(day).select_related("seeker").order_by("pk"):
        for user in _leads(one.seeker.area_id, day):
            tell(user, one, f"unseen {_week(day)}")
            told += 1
    return told


def _step(last: date, day: date) -> str:
    """What makes it the same reminder: the step before the last day, or the week after it."""
    left = (last - day).days
    return f"{last} {min(step for step in DAYS_BEFORE if step >= left)}" if left >= 0 else f"{last} {_week(day)}"


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-{week}"


def _named(one: NonDisclosure, day: date) -> list[User]:
    """The named workers who can see the person."""
    named = named_who_see(day).filter(seeker=one.seeker_id)
    return list(User.objects.filter(pk__in=named.order_by().values("user")).order_by("pk"))


def _leads(area_id: int, day: date) -> list[User]:
    """Those who may name a worker in the area."""
    roles = roles_with(Permission.NON_DISCLOSURE_NAME)
    leading = RoleMembership.objects.active(day).filter(role__in=roles, area=area_id)
    return list(User.objects.filter(is_active=True, pk__in=leading.order_by().values("user")).order_by("pk"))
