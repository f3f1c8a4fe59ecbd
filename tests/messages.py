"""Rows of the outbox as they may lie in the database, and those of the small world."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from portal.outbox import links
from portal.outbox.enums import AttemptOutcome, MessageState, RecipientKind
from portal.outbox.kinds import KINDS
from portal.outbox.models import Attempt, DemoLetter, Message, MessageTransition
from portal.outbox.rendering import render


def message(state: str = "queued", **fields: Any) -> Message:
    """A message in a state, with the columns that the state asks for."""
    now = timezone.now()
    usual: dict[str, Any] = {
        "kind": "password_reset",
        "key": uuid4().hex,
        "recipient_kind": RecipientKind.ADDRESS,
        "channel": "mail",
        "address": "x@example.org",
        "language": "fi",
        "state": state,
        "created_at": now,
        "next_try_at": now if state in ("queued", "failed") else None,
        "sent_at": now if state == "sent" else None,
    }
    if state == "sending":
        usual |= {"claim": uuid4(), "claimed_at": now}
    made: Message = Message.objects.create(**usual | fields)
    return made


@dataclass(frozen=True)
class Token:
    """The token of a link, which stands in addresses where other objects have their key."""

    pk: str


@dataclass(frozen=True)
class Sent:
    """What the outbox of the small world holds."""

    message: Message
    """Uncertain: nobody knows whether the provider has it."""
    letter: DemoLetter
    question: Token
    """A link by which the own jobseeker may answer."""


def fill_outbox(subject_id: int) -> Sent:
    """One message in each state, one with attempts; a letter of the demo; an open link about a jobseeker."""
    now = timezone.now()
    for state in MessageState.values:
        answer = "550 5.1.1 <•••>: no such user" if state == "given_up" else ""
        message(state, address="aino.esimerkki@planted.example", attempts=1, answer=answer)
    uncertain = Message.objects.get(state=MessageState.UNCERTAIN)
    Attempt.objects.create(
        message=uncertain,
        number=1,
        claimed_at=now,
        asked_at=now,
        ended_at=now + timedelta(seconds=20),
        outcome=AttemptOutcome.UNKNOWN,
        provider="mail",
        answer="TimeoutError",
    )
    MessageTransition.objects.create(message=uncertain, origin="queued", target="sending")
    MessageTransition.objects.create(message=uncertain, origin="sending", target="uncertain", reason="TimeoutError")
    made = links.make("contact", subject_id, choices={"channels": ["mail", "sms"]}, language="fi")
    made.link.message = message(
        "sent", kind="contact_question", recipient_kind=RecipientKind.JOBSEEKER, recipient_id=subject_id
    )
    made.link.save()
    return Sent(uncertain, _letter(), Token(made.token))


def _letter() -> DemoLetter:
    context = {"link": "https://portal.example/vastaa/x/", "expires": timezone.now(), "area": "Kemin alue"}
    drawn = render(KINDS["contact_question"], "mail", context, "fi")
    made: DemoLetter = DemoLetter.objects.create(
        channel="mail",
        address="aino@planted.example",
        language="fi",
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
    )
    return made
