"""Fixed choices of the outbox, and the table of ways that a message may go."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", _("e-mail")
    SMS = "sms", _("text message")


class RecipientKind(models.TextChoices):
    """Whom a message is for."""

    ACCOUNT = "account", _("user of the portal")
    JOBSEEKER = "jobseeker", _("jobseeker")
    ADDRESS = "address", _("an address alone")
    """Somebody of whom nothing but the address is known: who tried to sign up, say."""


class MessageState(models.TextChoices):
    """The life of a message."""

    QUEUED = "queued", pgettext_lazy("message", "waiting")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "will be tried again")
    UNCERTAIN = "uncertain", pgettext_lazy("message", "uncertain")
    """The provider was asked and we do not know its answer: the recipient may have the message or not."""
    GIVEN_UP = "given_up", pgettext_lazy("message", "given up")
    WITHDRAWN = "withdrawn", pgettext_lazy("message", "withdrawn")


TRANSITIONS: Final[dict[MessageState, frozenset[MessageState]]] = {
    MessageState.QUEUED: frozenset(
        {
            MessageState.SENDING,
            MessageState.GIVEN_UP,
            MessageState.WITHDRAWN,
            # An attempt that was thought lost brought its answer after all: it need not be sent again.
            MessageState.SENT,
        }
    ),
    MessageState.SENDING: frozenset(
        {
            MessageState.SENT,
            MessageState.FAILED,
            MessageState.UNCERTAIN,
            MessageState.GIVEN_UP,
            # Taken by a process that died before it asked the provider.
            MessageState.QUEUED,
            # Taken, and the recipient may not be written to any more: the provider is not asked.
            MessageState.WITHDRAWN,
        }
    ),
    MessageState.FAILED: frozenset(
        {MessageState.SENDING, MessageState.QUEUED, MessageState.GIVEN_UP, MessageState.WITHDRAWN}
    ),
    # The provider's answer may still come, late; otherwise a person decides.
    MessageState.UNCERTAIN: frozenset(
        {
            MessageState.SENT,
            MessageState.FAILED,
            MessageState.GIVEN_UP,
            MessageState.QUEUED,
            MessageState.WITHDRAWN,
        }
    ),
    MessageState.GIVEN_UP: frozenset({MessageState.QUEUED, MessageState.WITHDRAWN}),
    MessageState.SENT: frozenset(),
    MessageState.WITHDRAWN: frozenset(),
}
"""From which state to which others a message may go."""

WAITING: Final = frozenset({MessageState.QUEUED, MessageState.FAILED})
"""States from which the sender takes a message."""
ENDED: Final = frozenset({MessageState.SENT, MessageState.WITHDRAWN})
"""States that nothing leads out of."""


class AttemptOutcome(models.TextChoices):
    """How one attempt at sending ended."""

    OPEN = "", _("not known yet")
    ACCEPTED = "accepted", _("the provider took it")
    NOT_NOW = "not_now", _("the provider did not take it now")
    REFUSED = "refused", _("the provider refused it")
    UNKNOWN = "unknown", _("no answer")
    DROPPED = "dropped", _("the provider was not asked")


class Wish(models.TextChoices):
    """How a jobseeker wants to be written to."""

    MAIL = "mail", _("by e-mail")
    SMS = "sms", _("by text message")
    NONE = "none", _("not electronically")


class LinkState(StrEnum):
    """What a link that somebody follows is good for."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
