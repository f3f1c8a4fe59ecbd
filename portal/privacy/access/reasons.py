"""Reasons for opening the page of a person whom one does not serve: given once a day, noted in the log."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.permissions import AnyUser
from portal.privacy.access.enums import Action, ReasonCode
from portal.privacy.access.models import AccessReason
from portal.privacy.access.recording import digest_of_text, record


def reason_in_force(user: AnyUser, subject: int) -> AccessReason | None:
    """The latest reason that a user has given today for opening a person's page; None where there is none."""
    if user.pk is None:
        return None
    found: AccessReason | None = AccessReason.objects.in_force(user.pk, subject, timezone.now()).first()
    return found


def give_reason(
    request: HttpRequest, subject: int, code: ReasonCode, words: str, *, view: str, opens: bool = True
) -> AccessReason:
    """Keep a reason of the request's user, and note it in the log. It opens the person's page until the end of the day;
    with `opens=False` it is only kept.

    Raises ValueError for another reason without words, AccessNotRecorded where it cannot be noted.
    """
    words = " ".join(words.split())
    if code is ReasonCode.OTHER and not words:
        raise ValueError("Another reason needs words.")
    if request.user.pk is None:
        raise ValueError("Nobody has signed in.")
    now = timezone.now()
    reason: AccessReason = AccessReason.objects.create(
        user_id=request.user.pk, subject=subject, code=code, words=words, valid_until=end_of_day(now) if opens else now
    )
    # The words may name people, and the log cannot be corrected: there stands only a keyed digest of them.
    about = f"reason {reason.pk}" + (f", words {digest_of_text(words)}" if words else "")
    record(request, Action.REASON, view=view, seekers=[subject], purpose=code, about=about)
    return reason


def end_of_day(now: datetime) -> datetime:
    """The midnight that follows `now` where the portal is."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))
