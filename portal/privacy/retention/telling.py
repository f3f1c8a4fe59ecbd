"""Tell those who answer for data that its time has passed: in the portal by the notices, and by one mail each.

The mail says how many and from which day on, never who. A night that is run again sends none twice.
"""

from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse

from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Role
from portal.outbox.services import Recipient, send
from portal.privacy.retention.models import RetentionNotice

KIND: Final = "retention_notice"
PAGES: Final = {"jobseekers": "seekers:departing"}
"""Rule -> the page on which those who are told of its objects see which they are."""
_FOR_KEEPERS: Final = "retention:classes"
"""The page for those who keep a class without seeing its objects."""


def tell_responsible(day: date) -> int:
    """Write a mail to each who is told of something new on a day; return how many.

    What nobody in particular answers for is told to the administrators.
    """
    fresh = RetentionNotice.objects.filter(noticed_on=day, row__notice_days__gt=0)
    told = fresh.order_by().values("rule", "responsible").annotate(count=Count("pk"), first=Min("delete_on"))
    users = User.objects.filter(is_active=True).in_bulk([one["responsible"] for one in told if one["responsible"]])
    keepers = list(_administrators(day))
    written = 0
    for one in told.order_by("rule", "responsible"):
        responsible = users.get(one["responsible"])
        page = PAGES.get(one["rule"], _FOR_KEEPERS) if responsible else _FOR_KEEPERS
        for user in [responsible] if responsible else keepers:
            send(
                KIND,
                Recipient.account(user),
                {
                    "link": settings.SITE_URL.rstrip("/") + reverse(page),
                    "count": one["count"],
                    "first_day": one["first"],
                },
                key=f"{day.isoformat()} {one['rule']} {one['responsible'] or 0} {user.pk}",
            )
            written += 1
    return written


def _administrators(day: date) -> list[User]:
    held = RoleMembership.objects.active(day).filter(role=Role.ADMINISTRATOR)
    return list(User.objects.filter(is_active=True, memberships__in=held).distinct().order_by("pk"))
