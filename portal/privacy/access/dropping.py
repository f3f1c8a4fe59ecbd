"""Which months of the log retention has dropped, as its own proofs say: the mark on a seal alone proves nothing."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone

from portal.privacy.access.models import AccessLogSeal
from portal.privacy.access.partitions import next_month
from portal.privacy.fields import Kept

RULE = "access_log"
"""The rule of retention by which months go (portal.privacy.retention.logs)."""


def months_dropped_by_retention() -> frozenset[date]:
    """Months marked as dropped whose time had passed on that day, and which a proof of retention names.

    A proof holds a keyed digest of the months that went in one run: they follow each other. Proofs have their time,
    too: of a month that went before the oldest proof that is kept, only the time is looked at.
    """
    # Rules of retention know this log, and name it.
    from portal.privacy.retention.models import RetentionLine
    from portal.privacy.retention.proofs import digests_of

    seals = AccessLogSeal.objects.exclude(dropped_at=None).order_by("month", "pk")
    marked = {month: timezone.localdate(at) for month, at in seals.values_list("month", "dropped_at")}
    due = {month: on for month, on in marked.items() if _was_due(month, on)}
    proven = {month for month, on in due.items() if _is_older_than_proofs(on)}
    if len(due) == len(proven):
        return frozenset(proven)
    lines = RetentionLine.objects.filter(rule=RULE).exclude(digest="").order_by("pk")
    proofs = set(lines.values_list("digest", flat=True))
    for together in _in_a_row(min(due), max(due)):
        if proofs & digests_of(RULE, [month.isoformat() for month in together]):
            proven.update(together)
    return frozenset(due.keys() & proven)


def _in_a_row(first: date, last: date) -> Iterator[Sequence[date]]:
    """Every row of months from `first` to `last`: a run also names months without a seal, in which nobody looked."""
    months = [first]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    for start in range(len(months)):
        for end in range(start + 1, len(months) + 1):
            yield months[start:end]


def _was_due(month: date, on: date) -> bool:
    from portal.privacy.retention.classes import NoTimeInForce, in_force

    try:
        return next_month(month) <= in_force(Kept.WITH_ACCESS_LOG, on).before(on)
    except NoTimeInForce:
        return False


def _is_older_than_proofs(on: date) -> bool:
    from portal.privacy.retention.classes import NoTimeInForce, in_force

    today = timezone.localdate()
    try:
        return on < in_force(Kept.FOR_ACCOUNTABILITY, today).before(today)
    except NoTimeInForce:
        return False
