"""Whether somebody may still be written to: higher floors know, and are asked right before a message goes."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from portal.outbox.models import Message


def may_be_written_to(message: Message) -> bool:
    """What `OUTBOX_RECIPIENTS` of the settings says of the message's recipient; whoever is in no register may."""
    path = settings.OUTBOX_RECIPIENTS.get(message.recipient_kind)
    if path is None or message.recipient_id is None:
        return True
    asked: Callable[[int], bool] = import_string(path)
    return asked(message.recipient_id)
