"""Those whose work a stop of matching touches are told by mail: when it begins, and when matching may go on.

Written once a person and stop, whoever calls this and however often: the stop's page tells a worker at once, and the
sweeper tells what that missed, and stops whose time has ended.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobmatching.nightly.enums import MATCHING
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission
from portal.outbox.models import Message
from portal.outbox.services import Recipient, send
from portal.runs.models import JobStop

STOPPED: Final = "matching_stopped"
RESUMED: Final = "matching_resumed"
TOUCHED: Final = (Permission.MATCHES_VIEW, Permission.MATCHING_STOP)
"""Who works with matches, and who answers for matching."""
NEWS_FOR: Final = timedelta(days=1)
"""What ended or began longer ago is no news: nobody is told of it any more."""


def tell(now: datetime | None = None) -> int:
    """Write all notices that are due; how many stops were told of, as begun or as ended."""
    at = now or timezone.now()
    return sum(_tell(stop, kind) for stop, kind in _due(at))


def _due(now: datetime) -> list[tuple[JobStop, str]]:
    """Stops with the kind of notice that has not been written of them yet."""
    recent = now - NEWS_FOR
    stops = JobStop.objects.of(MATCHING).filter(
        Q(since__gt=recent) | Q(lifted_at__gt=recent) | Q(until__gt=recent), since__lte=now
    )
    found: list[tuple[JobStop, str]] = []
    for stop in stops.select_related("stopped_by", "lifted_by"):
        ended = ended_at(stop, now)
        if stop.since > recent and not ended:
            found.append((stop, STOPPED))
        if ended and ended > recent:
            found.append((stop, RESUMED))
    # Asked at once: the sweeper comes every minute.
    told = set(
        Message.objects.filter(kind__in=(STOPPED, RESUMED), object_id__in=[stop.pk for stop, _kind in found])
        .order_by()
        .values_list("object_id", "kind")
        .distinct()
    )
    return [(stop, kind) for stop, kind in found if (stop.pk, kind) not in told]


def ended_at(stop: JobStop, now: datetime) -> datetime | None:
    """When a stop ended: somebody lifted it, or its time was over; None while it holds."""
    if stop.lifted_at is not None:
        return stop.lifted_at
    return stop.until if stop.until is not None and stop.until <= now else None


@transaction.atomic
def _tell(stop: JobStop, kind: str) -> bool:
    """All notices of one stop, or none: half of them would look like all to the next call."""
    by = stop.stopped_by_id if kind == STOPPED else stop.lifted_by_id
    link = f"{settings.SITE_URL.rstrip('/')}{reverse('matching:switch')}"
    context: dict[str, object] = {"link": link}
    if kind == STOPPED:
        context |= {"at": stop.since, "until": stop.until, "reason": stop.reason, "hidden": stop.hides_results}
    else:
        context |= {"at": stop.lifted_at or stop.until, "reason": stop.lift_reason}
    for user in people_touched():
        if user.pk != by:
            send(kind, Recipient.account(user), context, "", f"{stop.pk} {user.pk}", object_id=stop.pk)
    return True


def people_touched() -> list[User]:
    """Everybody who holds a role today that works with matches or answers for matching."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permissions & set(TOUCHED)]
    holding = RoleMembership.objects.active(timezone.localdate()).filter(role__in=roles)
    found = User.objects.filter(pk__in=holding.order_by().values("user"), is_active=True)
    return list(found.order_by("pk"))
