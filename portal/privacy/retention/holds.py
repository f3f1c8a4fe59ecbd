"""Holds on deletion: somebody keeps an object beyond its time, with a reason, until somebody releases it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.privacy.retention.models import HoldKind, RetentionHold


class NotPossible(Exception):
    """The hold is not in the state for the step; the message says why and is written to be shown."""


def hold(rule: str, object_id: int, kind: HoldKind, reason: str, review_on: date, by: User) -> RetentionHold:
    """Keep an object beyond its time. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("Write why the data is kept."))
    if review_on <= timezone.localdate():
        raise NotPossible(_("Choose a day to come on which it is looked at again."))
    try:
        with transaction.atomic():
            return RetentionHold.objects.create(
                rule=rule, object_id=object_id, kind=kind, reason=reason.strip(), review_on=review_on, set_by=by
            )
    except IntegrityError:
        raise NotPossible(_("It is kept for such a reason already. Release that hold first.")) from None


@transaction.atomic
def release(hold_id: int, reason: str, by: User) -> RetentionHold:
    """Let the data go when its time comes. Raises NotPossible."""
    found = RetentionHold.objects.select_for_update().get(pk=hold_id)
    if found.released_at is not None:
        raise NotPossible(_("The hold has been released already."))
    if not reason.strip():
        raise NotPossible(_("Write why the hold is released."))
    found.released_at = timezone.now()
    found.released_by = by
    found.release_reason = reason.strip()
    found.save(update_fields=["released_at", "released_by", "release_reason"])
    return found
