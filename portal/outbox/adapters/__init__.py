"""Those who carry messages: one interface, chosen by OUTBOX_MAIL_ADAPTER and OUTBOX_SMS_ADAPTER.

An adapter tells what it knows for certain: that the provider has the message (it returns an `Answer`), that it does
not have it (`NotNow`, `Refused`), or that it cannot be known (any other exception, a lost connection above all). Only
what is certain is acted on: a message whose fate is unknown is never sent again by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from portal.outbox.enums import Channel


@dataclass(frozen=True)
class Letter:
    """A message as it is handed to a provider."""

    reference: str
    """The same at every attempt: the Message-ID of a mail, the key by which an SMS provider sees a repetition."""
    address: str = field(repr=False)
    language: str
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """The provider took the message."""

    text: str
    provider_id: str = ""


class NotTaken(Exception):
    """The provider certainly does not have the message; the text says why, in the provider's words."""


class NotNow(NotTaken):
    """Trying again later makes sense."""


class Refused(NotTaken):
    """Trying again would bring the same answer."""


class Adapter(Protocol):
    """Carries letters of one channel."""

    name: str
    """Kept with each message that it carried."""

    def send(self, letter: Letter) -> Answer:
        """Hand over a letter. Raises NotNow, Refused; after anything else it is not known who has the letter."""
        ...

    def close(self) -> None:
        """End of a batch: connections that are open may go."""
        ...


def adapter_path(channel: Channel | str) -> str:
    """The dotted path of the adapter that the settings name for a channel; "" where the channel is off."""
    path: str = {Channel.MAIL: settings.OUTBOX_MAIL_ADAPTER, Channel.SMS: settings.OUTBOX_SMS_ADAPTER}[Channel(channel)]
    return path


def is_on(channel: Channel | str) -> bool:
    """Whether messages can go this way in this installation."""
    return bool(adapter_path(channel))


def adapter_for(channel: Channel | str) -> Adapter:
    """A fresh adapter of a channel. ValueError where the channel is off."""
    path = adapter_path(channel)
    if not path:
        raise ValueError(f"There is no adapter for {channel}.")
    made: Adapter = _factory(path)()
    return made


@cache
def _factory(path: str) -> type[Adapter]:
    found: type[Adapter] = import_string(path)
    return found


def _forget(setting: str, **_: object) -> None:
    if setting.startswith("OUTBOX_"):
        _factory.cache_clear()


setting_changed.connect(_forget, dispatch_uid="portal.outbox.adapters")
