"""How messages stand, in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q

from portal.outbox.enums import MessageState
from portal.outbox.models import Message

LATE: Final = timedelta(minutes=15)
"""A message that has been due for so long without anybody taking it tells that nobody sends."""


@dataclass(frozen=True)
class Standing:
    """How many messages are in each state that somebody may have to look at."""

    queued: int
    failed: int
    uncertain: int
    given_up: int
    sent_lately: int
    """Sent in the last 24 hours."""
    oldest_due_s: int
    """Seconds for which the message that waits longest could have been sent; 0 where none waits."""

    @property
    def to_decide(self) -> int:
        """Messages that nothing more happens to by itself."""
        return self.uncertain + self.given_up

    @property
    def stands_still(self) -> bool:
        """Whether messages wait that somebody should have taken long ago."""
        return self.oldest_due_s > LATE.total_seconds()


def standing(now: datetime) -> Standing:
    """The numbers at a time, in one query."""
    found = Message.objects.aggregate(
        queued=_of(MessageState.QUEUED) + _of(MessageState.SENDING),
        failed=_of(MessageState.FAILED),
        uncertain=_of(MessageState.UNCERTAIN),
        given_up=_of(MessageState.GIVEN_UP),
        sent_lately=Count("pk", filter=Q(sent_at__gte=now - timedelta(days=1))),
        oldest=Min("next_try_at", filter=Q(next_try_at__lte=now)),
    )
    oldest: datetime | None = found.pop("oldest")
    return Standing(**found, oldest_due_s=int((now - oldest).total_seconds()) if oldest else 0)


def _of(state: MessageState) -> Count:
    return Count("pk", filter=Q(state=state))
