"""The demo's mailbox: letters become rows that people read on a page, so that they can follow the links."""

from typing import Final

from django.conf import settings
from django.utils import timezone

from portal.outbox.adapters import Answer, Letter, Refused
from portal.outbox.enums import Channel
from portal.outbox.models import DemoLetter

MOST_KEPT: Final = 500
"""Older letters than this many go when a new one comes."""


class DemoMailbox:
    """Mail, kept. Text messages are those without HTML."""

    name = "demo"
    channel = Channel.MAIL

    def send(self, letter: Letter) -> Answer:
        """Keep the letter. Refused where there is no demo: nobody else may read people's mail."""
        if not settings.DEMO_ACCOUNTS:
            raise Refused("There is no demo here.")
        kept = DemoLetter.objects.create(
            channel=self.channel,
            address=letter.address,
            language=letter.language,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            created_at=timezone.now(),
        )
        DemoLetter.objects.filter(pk__lte=kept.pk - MOST_KEPT).delete()
        return Answer("250 in the demo's mailbox", str(kept.pk))

    def close(self) -> None:
        """Nothing is open."""


class DemoTelephone(DemoMailbox):
    """Text messages, kept in the same mailbox."""

    channel = Channel.SMS
