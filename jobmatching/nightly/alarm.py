"""A mail to those who may start the night again, when its matching has failed."""

import logging
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobmatching.nightly.night import JOB
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission
from portal.outbox.services import Recipient, send
from portal.runs.models import JobRun

logger = logging.getLogger(__name__)

KIND: Final = "night_failed"


def tell_of_failure(run_id: int) -> None:
    """Effect of `run.failed`: one mail a person and day, however often the matching of that day fails.

    Whatever goes wrong here hides nothing: that the run failed is kept already.
    """
    try:
        with transaction.atomic():
            _tell(JobRun.objects.get(pk=run_id))
    except Exception as error:
        logger.warning("Nobody was told of the failure of run %s: %s.", run_id, type(error).__name__)


def _tell(run: JobRun) -> None:
    if run.job != JOB:
        return
    link = f"{settings.SITE_URL.rstrip('/')}{reverse('runs:page', args=[run.pk])}"
    for user in _who_may_start():
        context = {"link": link, "day": run.for_date}
        send(KIND, Recipient.account(user), context, "", f"{run.for_date.isoformat()} {user.pk}", object_id=run.pk)


def _who_may_start() -> list[User]:
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.RUNS_START in permissions]
    holding = RoleMembership.objects.active(timezone.localdate()).filter(role__in=roles)
    found = User.objects.filter(pk__in=holding.order_by().values("user"), is_active=True)
    return list(found.order_by("pk"))
