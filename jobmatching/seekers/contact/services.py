"""Asking a jobseeker how to write, and noting what the person has said."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from jobmatching.seekers.models import JobSeeker
from portal.accounts.models import User
from portal.outbox import links
from portal.outbox.adapters import is_on
from portal.outbox.answers import Answer
from portal.outbox.enums import Channel, RecipientKind, Wish
from portal.outbox.models import ContactWish, Link, Message
from portal.outbox.preferences import keep_wish
from portal.outbox.purposes import CONTACT
from portal.outbox.services import Recipient, TransitionNotAllowed, send, withdraw

KIND: Final = "contact_question"
GOOD_FOR: Final = timedelta(days=14)
ASK_AGAIN_AFTER: Final = timedelta(days=1)


class NotPossible(Exception):
    """The person cannot be asked now."""


class NoAddress(NotPossible):
    """The profile has no address that a message could go to."""


class NotElectronically(NotPossible):
    """The person has said not to want messages, or is under non-disclosure."""


class AskedAlready(NotPossible):
    """The person was asked a moment ago."""


def recipient_of(seeker: JobSeeker) -> Recipient:
    """The jobseeker as one to whom messages go."""
    return Recipient.jobseeker(seeker.pk, seeker.email, seeker.phone)


def channels_to(seeker: JobSeeker) -> list[Channel]:
    """The ways that are on here and for which the profile has an address."""
    recipient = recipient_of(seeker)
    return [channel for channel in Channel if is_on(channel) and recipient.at(channel)]


@transaction.atomic
def ask(seeker_id: int, by: User) -> Message:
    """Send the person a link by which to say how to be written to; an earlier link is closed.

    Raises NoAddress, NotElectronically, AskedAlready.
    """
    seeker: JobSeeker = JobSeeker.objects.select_for_update(of=("self",)).select_related("area").get(pk=seeker_id)
    known = ContactWish.objects.filter(subject_id=seeker.pk).first()
    if seeker.non_disclosure or (known is not None and known.wish == Wish.NONE):
        raise NotElectronically
    channels = channels_to(seeker)
    if not channels:
        raise NoAddress
    now = timezone.now()
    if Link.objects.filter(purpose=CONTACT, object_id=seeker.pk, created_at__gt=now - ASK_AGAIN_AFTER).exists():
        raise AskedAlready
    links.revoke(CONTACT, seeker.pk)
    language = known.language if known else _language_of(seeker)
    made = links.make(
        CONTACT, seeker.pk, GOOD_FOR, choices={"channels": [channel.value for channel in channels]}, language=language
    )
    context = {"link": made.url, "expires": made.link.expires_at, "area": str(seeker.area)}
    message = send(KIND, recipient_of(seeker), context, language, key=f"link {made.link.pk}", object_id=made.link.pk)
    made.link.message = message
    made.link.save(update_fields=["message"])
    return message


def note(seeker_id: int, wish: Wish, language: str, by: User) -> ContactWish:
    """Keep what the person has said; a question that is still open is closed by it."""
    with transaction.atomic():
        links.revoke(CONTACT, seeker_id)
        return keep_wish(seeker_id, wish, language, by)


def may_be_written_to(seeker_id: int) -> bool:
    """Asked by the outbox before each message: nothing goes to people under non-disclosure."""
    return not JobSeeker.objects.filter(pk=seeker_id, non_disclosure=True).exists()


def stop_messages_to_hidden() -> None:
    """Effect of `jobseekers.hidden`, done again by a sweep: open links to people under non-disclosure close, and what
    may still be sent to them is withdrawn.

    What is just being sent is not: should it fail, the outbox asks before it tries again.
    """
    hidden = JobSeeker.objects.filter(non_disclosure=True).values("pk")
    asked = Link.objects.filter(
        purpose=CONTACT, object_id__in=hidden, revoked_at=None, expires_at__gt=timezone.now()
    ).exclude(single_use=True, uses__gt=0)
    for subject in asked.order_by("object_id").values_list("object_id", flat=True).distinct():
        links.revoke(CONTACT, subject)
    open_ones = Message.objects.not_over().filter(recipient_kind=RecipientKind.JOBSEEKER, recipient_id__in=hidden)
    for pk in list(open_ones.order_by("pk").values_list("pk", flat=True)):
        with suppress(TransitionNotAllowed, Message.DoesNotExist):  # its sender was quicker
            withdraw(pk, reason=Answer.NOT_TO_BE_SENT)


def _language_of(seeker: JobSeeker) -> str:
    """The language of service where the portal writes it, Finnish otherwise."""
    code = seeker.service_language.code if seeker.service_language else ""
    return code if code in ("fi", "sv", "en") else "fi"
