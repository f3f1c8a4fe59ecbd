"""How months of the access log go, and what goes of reasons and messages with a person who is deleted.

The log itself is only added to, and its months are sealed: rows about somebody who is deleted stay until their month
goes. They hold a number that leads nowhere once the person is gone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.outbox.enums import RecipientKind
from portal.outbox.forgetting import forget_recipients
from portal.privacy.access.models import AccessLogEntry, AccessReason
from portal.privacy.access.partitions import drop_sealed, months, start_of
from portal.privacy.fields import Kept
from portal.privacy.retention.rules import BulkRule, Removed, Trace


class AccessLog(BulkRule):
    """Whole months of the access log, with the reasons and anomalies of that time; the seals stay.

    A month that is not sealed, or not as it was sealed, is kept, and the run fails: somebody has to look.
    """

    code = "access_log"
    kept = Kept.WITH_ACCESS_LOG
    label = _("Rows of the access log")
    covers = frozenset(
        f"privacy.{name}" for name in ("AccessLogEntry", "AccessReason", "AccessAnomaly", "AnomalyHandling")
    )

    def find(self, before: date) -> Removed:
        old = [month for month in months() if month.after <= before]
        if not old:
            return Removed(0)
        rows = AccessLogEntry.objects.between(start_of(old[0].first), start_of(old[-1].after)).count()
        return Removed(rows, tuple(month.first.isoformat() for month in old))

    def remove(self, before: date) -> Removed:
        dropped = drop_sealed(before)
        return Removed(sum(one.rows for one in dropped), tuple(one.month.isoformat() for one in dropped))


def _forget_reasons(ids: Sequence[int]) -> None:
    AccessReason.objects.filter(subject__in=ids).delete()


def _forget_messages_to_seekers(ids: Sequence[int]) -> None:
    forget_recipients(RecipientKind.JOBSEEKER, ids)


def _forget_messages_to_accounts(ids: Sequence[int]) -> None:
    forget_recipients(RecipientKind.ACCOUNT, ids)


ACCESS_LOG: Final = AccessLog()
REASONS: Final = Trace("jobseekers", _forget_reasons, frozenset({"privacy.AccessReason"}))
MESSAGES_TO_SEEKERS: Final = Trace(
    "jobseekers",
    _forget_messages_to_seekers,
    frozenset({"outbox.Message", "outbox.MessageTransition", "outbox.Link", "outbox.ContactWish"}),
)
MESSAGES_TO_ACCOUNTS: Final = Trace("accounts", _forget_messages_to_accounts, frozenset({"outbox.Message"}))
