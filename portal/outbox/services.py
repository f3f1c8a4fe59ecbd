"""Writing messages, and what people decide about them. Nothing else writes `Message`, but for `delivery`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.outbox import links, secret_links
from portal.outbox.adapters import is_on
from portal.outbox.addresses import normal_mail, normal_phone
from portal.outbox.answers import Answer
from portal.outbox.enums import TRANSITIONS, Channel, MessageState, RecipientKind
from portal.outbox.kinds import KINDS, Keep, Kind
from portal.outbox.models import Message, MessageTransition
from portal.outbox.preferences import language_of, silenced, wish_of
from portal.outbox.purposes import UNSUBSCRIBE
from portal.outbox.recipients import may_be_written_to
from portal.outbox.rendering import render
from portal.outbox.waking import wake_sender_on_commit

_BEGINS: Final[dict[str, MessageState]] = {
    Answer.NO_ADDRESS: MessageState.GIVEN_UP,
    Answer.NOT_WANTED: MessageState.WITHDRAWN,
}
"""In which state a message begins that is not sent; all others begin in the queue."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for, and where it may go."""

    kind: RecipientKind
    pk: int | None
    mail: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    @classmethod
    def account(cls, user: User, mail: str = "") -> "Recipient":
        """Somebody who signs in; at another of the own addresses than the usual one where it is given."""
        return cls(RecipientKind.ACCOUNT, user.pk, normal_mail(mail or user.email))

    @classmethod
    def jobseeker(cls, subject_id: int, mail: str, phone: str) -> "Recipient":
        """A jobseeker with the addresses of the profile."""
        return cls(RecipientKind.JOBSEEKER, subject_id, normal_mail(mail), normal_phone(phone))

    @classmethod
    def address(cls, mail: str) -> "Recipient":
        """Whoever reads this address."""
        return cls(RecipientKind.ADDRESS, None, normal_mail(mail))

    def at(self, channel: Channel | str) -> str:
        """Where the channel reaches the recipient; "" where it does not."""
        return self.mail if channel == Channel.MAIL else self.phone


class TransitionNotAllowed(Exception):
    """The table knows no way from the message's state to the one wanted."""

    def __init__(self, origin: str, target: str) -> None:
        super().__init__(f"A message cannot go from {origin} to {target}.")
        self.origin, self.target = origin, target


# --- Writing -------------------------------------------------------------------------------------------------------
@transaction.atomic
def send(
    kind: str,
    to: Recipient,
    context: Mapping[str, object],
    language: str = "",
    key: str = "",
    *,
    object_id: int | None = None,
) -> Message:
    """Write a message in the caller's transaction; it goes when that is committed, and never twice for one key.

    A second call with the kind and key of a message that is there already changes nothing and returns that one. In
    `context` an address that only the recipient may learn is a `SecretLink`. Without a language the recipient's own
    counts. What is not wanted, or has no address to go to, is kept as such and not sent. KeyError for an unknown kind,
    ValueError without a key.
    """
    chosen = KINDS[kind]
    if not key:
        raise ValueError("A message needs a key: what makes it the same message the second time.")
    written: Message | None = Message.objects.filter(kind=kind, key=key).first()
    if written is not None:
        return written
    message = _written(chosen, to, context, language or language_of(to.kind, to.pk), key, object_id)
    # Somebody else may be writing the same one at this moment: this waits for their commit, and then writes nothing.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    wake_sender_on_commit()
    there: Message = Message.objects.get(kind=kind, key=key)
    return there


def _written(
    kind: Kind, to: Recipient, context: Mapping[str, object], language: str, key: str, object_id: int | None
) -> Message:
    """The row to be, in the state that it begins with."""
    now = timezone.now()
    channel, reason = _way(kind, to)
    shown, secret = secret_links.take_out(context)
    unsubscribe = ""
    if kind.optional and to.kind == RecipientKind.ACCOUNT and to.pk is not None and not reason:
        secret[UNSUBSCRIBE] = links.make(UNSUBSCRIBE, to.pk, choices={"kind": kind.code}, language=language).url
        unsubscribe = secret_links.mark(UNSUBSCRIBE)
    rendered = render(kind, channel, shown, language, unsubscribe)
    state = _BEGINS.get(reason, MessageState.QUEUED)
    return Message(
        kind=kind.code,
        key=key,
        recipient_kind=to.kind,
        recipient_id=to.pk,
        object_id=object_id,
        channel=channel,
        address=to.at(channel),
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        secrets=secret_links.encrypt(secret) if state != MessageState.WITHDRAWN else b"",
        state=state,
        answer=reason,
        next_try_at=now if state == MessageState.QUEUED else None,
        created_at=now,
    )


def _way(kind: Kind, to: Recipient) -> tuple[Channel, str]:
    """The channel of a message, and why it is not sent ("" where it is)."""
    ways = [channel for channel in kind.channels if is_on(channel)] or list(kind.channels[:1])
    if to.kind == RecipientKind.JOBSEEKER and to.pk is not None and (wish := wish_of(to.pk)) is not None:
        if wish.channel is None:
            return ways[0], Answer.NOT_WANTED
        ways.sort(key=lambda channel: channel != wish.channel)
    elif kind.optional and to.kind == RecipientKind.ACCOUNT and to.pk is not None and silenced(to.pk, kind.code):
        return ways[0], Answer.NOT_WANTED
    reached = [channel for channel in ways if to.at(channel)]
    return (reached[0], "") if reached and is_on(reached[0]) else (ways[0], Answer.NO_ADDRESS)


# --- What people decide --------------------------------------------------------------------------------------------
def change_state(message: Message, target: MessageState, *, by: User | None = None, reason: str = "") -> None:
    """Take a message, whose row the caller has locked, to another state and keep who did it; saves the state alone.

    Raises TransitionNotAllowed.
    """
    origin = MessageState(message.state)
    if target not in TRANSITIONS[origin]:
        raise TransitionNotAllowed(origin.value, target.value)
    message.state = target
    MessageTransition.objects.create(
        message=message, origin=origin, target=target, by=by, reason=reason, happened_at=timezone.now()
    )


def _locked(message_id: int) -> Message:
    message: Message = Message.objects.select_for_update().get(pk=message_id)
    return message


@transaction.atomic
def withdraw(message_id: int, *, by: User | None = None, reason: str = "") -> Message:
    """Never send a message. Raises TransitionNotAllowed for one that is being sent or has been."""
    message = _locked(message_id)
    if message.state == MessageState.SENDING:
        raise TransitionNotAllowed(message.state, MessageState.WITHDRAWN.value)
    change_state(message, MessageState.WITHDRAWN, by=by, reason=reason)
    message.next_try_at, message.secrets = None, b""
    message.save(update_fields=["state", "next_try_at", "secrets"])
    return message


@transaction.atomic
def send_again(message_id: int, *, by: User) -> Message:
    """Try a message again now that failed, was given up, or of which nobody knows whether it arrived.

    Raises TransitionNotAllowed for one that has been sent: that is never done twice; and for one whose recipient may
    not be written to any more.
    """
    message = _locked(message_id)
    if message.state == MessageState.SENDING or not message.address or not may_be_written_to(message):
        raise TransitionNotAllowed(message.state, MessageState.QUEUED.value)
    change_state(message, MessageState.QUEUED, by=by, reason=Answer.SENT_AGAIN)
    message.next_try_at, message.claim, message.claimed_at = timezone.now(), None, None
    message.save(update_fields=["state", "next_try_at", "claim", "claimed_at"])
    wake_sender_on_commit()
    return message


@transaction.atomic
def send_given_up_again(*, by: User, most: int = 1000) -> int:
    """Try again what was given up though it has an address, the oldest first; how many messages.

    What is for somebody who may not be written to any more is withdrawn.
    """
    rows = Message.objects.can_be_sent_again().order_by("created_at", "pk").select_for_update(skip_locked=True)[:most]
    again = 0
    for message in rows:
        if may_be_written_to(message):
            send_again(message.pk, by=by)
            again += 1
        else:
            withdraw(message.pk, by=by, reason=Answer.NOT_TO_BE_SENT)
    return again


@transaction.atomic
def confirm_sent(message_id: int, *, by: User) -> Message:
    """A person has found out that an uncertain message arrived. Raises TransitionNotAllowed for any other."""
    message = _locked(message_id)
    if message.state != MessageState.UNCERTAIN:
        raise TransitionNotAllowed(message.state, MessageState.SENT.value)
    change_state(message, MessageState.SENT, by=by, reason=Answer.FOUND_TO_HAVE_ARRIVED)
    mark_sent(message)
    message.save()
    return message


def mark_sent(message: Message) -> None:
    """What a message no longer needs once the provider has it; the caller saves."""
    message.sent_at = timezone.now()
    message.next_try_at, message.claim, message.claimed_at, message.secrets = None, None, None, b""
    kind = KINDS.get(message.kind)
    if kind is None or kind.keep is Keep.UNTIL_SENT:
        message.text, message.html = "", ""
