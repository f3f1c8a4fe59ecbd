"""What became of a message, where it is not a provider's answer but ours: kept as a code, told in words."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Answer(StrEnum):
    """Our own reasons why a message stands where it does."""

    NO_ADDRESS = "no address"
    NOT_WANTED = "not wanted"
    TOO_LATE = "too late to be of use"
    CHANNEL_OFF = "the channel is off"
    KEY_GONE = "its links were encrypted with another key"
    LOST_BEFORE_ASKING = "the sender was lost before it asked"
    LOST_AFTER_ASKING = "the sender was lost after it asked"
    SENT_AGAIN = "sent again by hand"
    FOUND_TO_HAVE_ARRIVED = "found to have arrived"
    NOT_TO_BE_SENT = "not to be sent any more"


WORDS: Final[dict[str, Promise]] = {
    Answer.NO_ADDRESS: _("There is no address that the message could go to."),
    Answer.NOT_WANTED: _("The recipient does not want such messages."),
    Answer.TOO_LATE: _("It was too late for the message to be of use."),
    Answer.CHANNEL_OFF: _("The channel is not in use here."),
    Answer.KEY_GONE: _("The links of the message cannot be read any more: the key has changed."),
    Answer.LOST_BEFORE_ASKING: _("The connection to the sender was lost before it was sent."),
    Answer.LOST_AFTER_ASKING: _("The connection to the sender was lost in the middle: it may have been sent."),
    Answer.SENT_AGAIN: _("Sent again by hand."),
    Answer.FOUND_TO_HAVE_ARRIVED: _("Found to have arrived."),
    Answer.NOT_TO_BE_SENT: _("Messages to the recipient were stopped."),
}


def in_words(answer: str) -> str:
    """Our own reason in the reader's language; a provider's answer, or a person's words, as they are."""
    return str(WORDS.get(answer, answer))
