"""Checks of the settings: a wrong adapter is told at the start, not by the first message."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from portal.outbox.adapters import adapter_path
from portal.outbox.enums import Channel

_DEMO = "portal.outbox.adapters.demo."
_SMS = "portal.outbox.adapters.sms.HttpSmsAdapter"


@register()
def adapters_can_carry(**_: Any) -> list[CheckMessage]:
    """Each adapter can be loaded, and has what it needs."""
    problems: list[CheckMessage] = []
    for channel in Channel:
        path = adapter_path(channel)
        if not path:
            continue
        try:
            import_string(path)
        except ImportError:
            problems.append(Error(f"There is no adapter {path} for {channel.value}.", id="outbox.E001"))
        if path.startswith(_DEMO) and not settings.DEMO_ACCOUNTS:
            problems.append(Error("The demo's mailbox is open to everybody: choose another adapter.", id="outbox.E002"))
    if adapter_path(Channel.SMS) == _SMS:
        if not settings.SMS_URL.startswith("https://"):
            problems.append(Error("Set SMS_URL to an address with https.", id="outbox.E003"))
        if not settings.SMS_TOKEN or not settings.SMS_SENDER:
            problems.append(Error("Set SMS_TOKEN and SMS_SENDER: text messages need both.", id="outbox.E004"))
    if not adapter_path(Channel.MAIL):
        problems.append(Error("Set OUTBOX_MAIL_ADAPTER: without mail nobody can sign in.", id="outbox.E005"))
    return problems
