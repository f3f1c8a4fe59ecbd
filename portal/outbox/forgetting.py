"""Deleting messages and links whose time is over, and all that was sent to somebody who is erased."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from portal.outbox.enums import MessageState, RecipientKind
from portal.outbox.models import ContactWish, DemoLetter, Link, Message, MessageQuerySet
from portal.outbox.purposes import CONTACT

_IN_HAND = (MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED)


def old_messages(before: datetime) -> MessageQuerySet:
    """Messages written before a time that nothing more happens to."""
    old: MessageQuerySet = Message.objects.filter(created_at__lt=before).exclude(state__in=_IN_HAND)
    return old


@transaction.atomic
def forget_old(before: datetime) -> list[int]:
    """Delete messages written, and links expired, before a time; keys of the messages that went."""
    old = old_messages(before)
    keys = list(old.order_by("pk").values_list("pk", flat=True))
    old.delete()
    Link.objects.filter(expires_at__lt=before).delete()
    DemoLetter.objects.filter(created_at__lt=before).delete()
    return keys


@transaction.atomic
def forget_recipients(kind: RecipientKind, pks: Collection[int]) -> None:
    """Delete every message to these recipients, and of jobseekers the wishes and the links."""
    mine = Message.objects.filter(recipient_kind=kind, recipient_id__in=pks)
    Link.objects.filter(message__in=mine).delete()
    mine.delete()
    if kind == RecipientKind.JOBSEEKER:
        ContactWish.objects.filter(subject_id__in=pks).delete()
        Link.objects.filter(purpose=CONTACT, object_id__in=pks).delete()
