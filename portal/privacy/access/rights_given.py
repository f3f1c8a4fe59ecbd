"""What administrators do that could open people's data, pointed out to auditors (`portal.accounts.people.watching`)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.privacy.access.enums import AnomalyKind, AnomalyState
from portal.privacy.access.models import AccessAnomaly


@transaction.atomic
def note(administrator_id: int) -> None:
    """Effect of `accounts.way_opened`: one anomaly for each administrator and day, with how often.

    What comes after it was handled is new again: nobody hides behind what was explained in the morning.
    """
    now: datetime = timezone.now()
    anomaly, created = AccessAnomaly.objects.select_for_update().get_or_create(
        kind=AnomalyKind.RIGHTS,
        user_id=administrator_id,
        day=timezone.localdate(),
        defaults={"count": 1, "subjects": [], "first_at": now, "last_at": now},
    )
    if not created:
        AccessAnomaly.objects.filter(pk=anomaly.pk).update(count=F("count") + 1, last_at=now, state=AnomalyState.NEW)
