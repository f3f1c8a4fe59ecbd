"""Handling an anomaly: who found out what, and what they decided."""

from typing import TYPE_CHECKING

from django.db import transaction

from portal.privacy.access.enums import ANOMALY_TRANSITIONS, AnomalyState
from portal.privacy.access.models import AccessAnomaly, AnomalyHandling

if TYPE_CHECKING:
    from portal.accounts.models import User


class NotPossible(Exception):
    """The anomaly cannot go to that state: somebody else has handled it meanwhile, or it is there already."""


class OwnDoing(Exception):
    """Nobody handles an anomaly about themselves."""


@transaction.atomic
def handle(anomaly_id: int, to_state: AnomalyState, note: str, by: "User") -> AnomalyHandling:
    """Set the state of an anomaly, with what was found out.

    Raises ValueError without a note, OwnDoing where it is about the one who handles it, NotPossible where its state
    does not lead there.
    """
    note = note.strip()
    if not note:
        raise ValueError("Write what you found out.")
    anomaly: AccessAnomaly = AccessAnomaly.objects.select_for_update().get(pk=anomaly_id)
    if anomaly.user_id == by.pk:
        raise OwnDoing
    before = AnomalyState(anomaly.state)
    if to_state not in ANOMALY_TRANSITIONS[before]:
        raise NotPossible
    AccessAnomaly.objects.filter(pk=anomaly.pk).update(state=to_state)
    handling: AnomalyHandling = AnomalyHandling.objects.create(
        anomaly=anomaly, from_state=before, to_state=to_state, note=note, by_id=by.pk
    )
    return handling
