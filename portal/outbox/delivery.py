"""Sending what waits: claimed in small batches, each message asked for at most once at a time, its fate always kept.

Three short transactions a message, none of them open while the provider is talked to:

1. `claim`: rows that are due are taken (`skip_locked`, so that workers do not wait for each other), each with an
   attempt of its own. Whoever dies now has asked nobody: the sweep puts the message back.
2. `ask`: the attempt is marked as asked, if the claim is still ours. Whoever dies from here on leaves a message of
   which nobody knows whether it went: the sweep calls it uncertain and people decide. It never goes again by itself.
3. `record`: the provider's answer, if the claim is still ours. An answer that comes after the sweep was there still
   counts: it is better knowledge.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from portal.outbox import secret_links
from portal.outbox.adapters import Adapter, Letter, NotNow, Refused, adapter_for, is_on
from portal.outbox.addresses import without_addresses
from portal.outbox.answers import Answer
from portal.outbox.enums import TRANSITIONS, AttemptOutcome, MessageState
from portal.outbox.kinds import KINDS
from portal.outbox.models import Attempt, Message
from portal.outbox.purposes import UNSUBSCRIBE
from portal.outbox.recipients import may_be_written_to
from portal.outbox.services import change_state, mark_sent

logger = logging.getLogger(__name__)

BATCH: Final = 20
CLAIM_FOR: Final = timedelta(minutes=5)
"""So long a claim holds: far longer than a provider's timeout, short enough to be mended soon."""
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""How long a message waits after its first, second ... failed attempt. After the last wait comes the last attempt."""


@dataclass(frozen=True)
class Claimed:
    """A message in our hands: the attempt that it was taken for."""

    attempt: uuid.UUID
    channel: str


def send_batch(now: datetime) -> int:
    """Send what is due at `now`, one batch at most; how many messages were taken."""
    claimed = claim(now)
    with _Carriers() as carriers:
        for one in claimed:
            deliver(one, carriers)
    return len(claimed)


# --- 1. Claim ------------------------------------------------------------------------------------------------------
@transaction.atomic
def claim(now: datetime, most: int = BATCH) -> list[Claimed]:
    """Take messages that are due, so that no other process does."""
    rows = list(Message.objects.due(now).select_for_update(skip_locked=True)[:most])
    return [_claim_one(message, now) for message in rows]


def _claim_one(message: Message, now: datetime) -> Claimed:
    attempt = Attempt.objects.create(message=message, number=message.attempts + 1, claimed_at=now)
    change_state(message, MessageState.SENDING)
    message.attempts += 1
    message.claim, message.claimed_at, message.next_try_at = attempt.pk, now, None
    message.save(update_fields=["state", "attempts", "claim", "claimed_at", "next_try_at"])
    return Claimed(attempt.pk, message.channel)


# --- 2. Ask --------------------------------------------------------------------------------------------------------
def deliver(claimed: Claimed, carriers: "_Carriers") -> None:
    """Hand one claimed message to its provider and keep the answer."""
    letter = ask(claimed.attempt, timezone.now())
    if letter is None:
        return
    provider = ""
    try:
        adapter = carriers.of(claimed.channel)
        provider = adapter.name
        answer = adapter.send(letter)
    except NotNow as error:
        record(claimed.attempt, AttemptOutcome.NOT_NOW, provider, str(error))
    except Refused as error:
        record(claimed.attempt, AttemptOutcome.REFUSED, provider, str(error))
    except Exception as error:
        # What the error says may quote the letter: its name alone is kept.
        record(claimed.attempt, AttemptOutcome.UNKNOWN, provider, type(error).__name__)
        logger.warning("It is not known whether attempt %s was sent: %s.", claimed.attempt, type(error).__name__)
    else:
        record(claimed.attempt, AttemptOutcome.ACCEPTED, provider, answer.text, answer.provider_id)


@transaction.atomic
def ask(attempt_id: uuid.UUID, now: datetime) -> Letter | None:
    """Mark the attempt as asked and give the letter; None where there is nothing to send any more.

    Once this is committed the message counts as possibly sent.
    """
    held = _held(attempt_id)
    if held is None:
        return None
    message, attempt = held
    ours = message.claim == attempt_id and message.state == MessageState.SENDING
    if not ours or attempt.asked_at is not None or attempt.claimed_at <= now - CLAIM_FOR:
        return None
    obstacle = _obstacle(message, now)
    if obstacle:
        _end_attempt(attempt, AttemptOutcome.DROPPED, "", obstacle, now)
        never = obstacle == Answer.NOT_TO_BE_SENT
        _end_claim(message, MessageState.WITHDRAWN if never else MessageState.GIVEN_UP, obstacle)
        return None
    letter = _letter(message)
    attempt.asked_at = now
    attempt.save(update_fields=["asked_at"])
    return letter


def _obstacle(message: Message, now: datetime) -> str:
    """Why a message is not sent at all; "" where nothing stands against it."""
    if not may_be_written_to(message):
        return Answer.NOT_TO_BE_SENT
    kind = KINDS.get(message.kind)
    if kind is not None and kind.useful_for is not None and message.created_at + kind.useful_for <= now:
        return Answer.TOO_LATE
    if not is_on(message.channel):
        return Answer.CHANNEL_OFF
    try:
        secret_links.decrypt(message.secrets)
    except secret_links.LinksUnreadable:
        return Answer.KEY_GONE
    return ""


def _letter(message: Message) -> Letter:
    """The message with its links in their places."""
    links = secret_links.decrypt(message.secrets)
    headers = {}
    if UNSUBSCRIBE in links:
        headers = {"List-Unsubscribe": f"<{links[UNSUBSCRIBE]}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Letter(
        reference=f"{message.kind}.{message.pk}",
        address=message.address,
        language=message.language,
        subject=message.subject,
        text=secret_links.put_in(message.text, links),
        html=secret_links.put_in(message.html, links, html=True),
        headers=headers,
    )


# --- 3. Record -----------------------------------------------------------------------------------------------------
@transaction.atomic
def record(attempt_id: uuid.UUID, outcome: AttemptOutcome, provider: str, answer: str, provider_id: str = "") -> None:
    """Keep what the provider said. Where the message has gone other ways meanwhile, only the attempt remembers it."""
    now = timezone.now()
    held = _held(attempt_id)
    if held is None:
        return
    message, attempt = held
    told = without_addresses(answer)
    _end_attempt(attempt, outcome, provider, told, now)
    target = _target(outcome, message.attempts)
    # A message that was put back into the queue meanwhile need not be sent again when the provider has it after all.
    ours = message.claim == attempt_id or (message.claim is None and target == MessageState.SENT)
    if not ours or target not in TRANSITIONS[MessageState(message.state)]:
        return
    message.provider, message.provider_id = provider, provider_id
    if target == MessageState.SENT:
        change_state(message, target)
        mark_sent(message)
        message.answer = told
        message.save()
        return
    if target == MessageState.FAILED:
        message.next_try_at = now + WAITS[message.attempts - 1]
    _end_claim(message, target, told, keep_claim=target == MessageState.UNCERTAIN)


def _target(outcome: AttemptOutcome, attempts: int) -> MessageState:
    """Where an outcome leads a message that has been tried so often."""
    if outcome == AttemptOutcome.ACCEPTED:
        return MessageState.SENT
    if outcome == AttemptOutcome.UNKNOWN:
        return MessageState.UNCERTAIN
    if outcome == AttemptOutcome.REFUSED or attempts > len(WAITS):
        return MessageState.GIVEN_UP
    return MessageState.FAILED


# --- Mending -------------------------------------------------------------------------------------------------------
@transaction.atomic
def mend_lost_claims(now: datetime, most: int = 200) -> int:
    """Messages whose sender has not been heard of since its claim ran out; how many were mended.

    Not asked yet: back into the queue. Asked: uncertain.
    """
    lost = Message.objects.filter(state=MessageState.SENDING, claimed_at__lte=now - CLAIM_FOR)
    rows = list(lost.order_by("claimed_at", "pk").select_for_update(skip_locked=True)[:most])
    for message in rows:
        attempt = message.tries.get(pk=str(message.claim))
        if attempt.asked_at is None:
            _end_attempt(attempt, AttemptOutcome.DROPPED, "", Answer.LOST_BEFORE_ASKING, now)
            message.attempts -= 1
            message.next_try_at = now
            _end_claim(message, MessageState.QUEUED, message.answer)
        else:
            _end_attempt(attempt, AttemptOutcome.UNKNOWN, "", Answer.LOST_AFTER_ASKING, now)
            _end_claim(message, MessageState.UNCERTAIN, Answer.LOST_AFTER_ASKING, keep_claim=True)
            logger.warning("Message %s may have been sent or not: its sender was lost.", message.pk)
    return len(rows)


# --- Rows ----------------------------------------------------------------------------------------------------------
def _held(attempt_id: uuid.UUID) -> tuple[Message, Attempt] | None:
    """The message of an attempt, locked, and the attempt as it stands now that nobody else can change it.

    None where the message was deleted meanwhile: its recipient was erased.
    """
    message = Message.objects.select_for_update(of=("self",)).filter(tries=attempt_id).first()
    return (message, Attempt.objects.get(pk=attempt_id)) if message else None


def _end_attempt(attempt: Attempt, outcome: AttemptOutcome, provider: str, answer: str, now: datetime) -> None:
    attempt.outcome, attempt.provider, attempt.answer, attempt.ended_at = outcome, provider, answer, now
    attempt.save(update_fields=["outcome", "provider", "answer", "ended_at"])


def _end_claim(message: Message, target: MessageState, answer: str, *, keep_claim: bool = False) -> None:
    """Let a message go that was not sent; the claim stays where its sender may still come back with an answer."""
    change_state(message, target, reason=answer[:200])
    message.answer = answer
    if target == MessageState.WITHDRAWN:
        message.secrets = b""
    if not keep_claim:
        message.claim, message.claimed_at = None, None
    message.save()


class _Carriers:
    """The adapters of one batch, made when first needed, closed at its end."""

    def __init__(self) -> None:
        self._open: dict[str, Adapter] = {}

    def __enter__(self) -> "_Carriers":
        return self

    def __exit__(self, *_: object) -> None:
        for adapter in self._open.values():
            adapter.close()

    def of(self, channel: str) -> Adapter:
        """The adapter of a channel. Raises NotNow where it cannot be made: nobody has been asked then."""
        if channel not in self._open:
            try:
                self._open[channel] = adapter_for(channel)
            except (ImportError, ValueError) as error:
                raise NotNow(type(error).__name__) from error
        return self._open[channel]
