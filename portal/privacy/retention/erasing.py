"""Delete one object now, because somebody with the right to decide has decided so: the same way as the night does."""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.privacy.retention.classes import in_force
from portal.privacy.retention.models import Origin, RetentionReport
from portal.privacy.retention.night import matching_goes_on, write_line
from portal.privacy.retention.proofs import digest_of
from portal.privacy.retention.rules import Block, ObjectRule, Standing, traces
from portal.privacy.retention.work import Done, blocks_of, delete_now

_HOW_IT_STANDS: Final = {
    Standing.BUSY: gettext_lazy("Somebody is changing the data at this moment. Try again."),
    Standing.GONE: gettext_lazy("The data is no longer there."),
}


class NotErased(Exception):
    """The object was not erased; the message says why and is written to be shown."""


def why_not_erased(rule: ObjectRule, pk: int, past: frozenset[Block] = frozenset()) -> set[Block]:
    """What keeps an object from being erased now; `past` are blocks that the decision itself settles."""
    return blocks_of(rule, [pk]).get(pk, set()) - past


def erase(rule: ObjectRule, pk: int, by: User, *, past: frozenset[Block] = frozenset()) -> RetentionReport:
    """Delete an object with all its traces before its time, and keep a proof. Raises NotErased.

    The person is counted among those who departed without any feature: alone, nobody could be counted otherwise.
    Everything goes in one transaction: somebody who reads meanwhile sees all or nothing.
    """
    if matching_goes_on():
        raise NotErased(_("A matching run is going on. Try again in a few minutes."))
    day = timezone.localdate()
    with transaction.atomic():
        # Of what is found now nothing changes any more: whoever is just changing the object comes first.
        if (standing := rule.lock(pk, day)) in (Standing.BUSY, Standing.GONE):
            raise NotErased(str(_HOW_IT_STANDS[standing]))
        if reasons := why_not_erased(rule, pk, past):
            raise NotErased(", ".join(str(reason.label) for reason in sorted(reasons)))
        for trace in traces(rule.code):
            if trace.ahead:
                trace.remove([pk])
        rule.count_alone()
        delete_now(rule, pk, day)
        report = RetentionReport.objects.create(for_date=day, origin=Origin.ERASURE, started_by=by)
        done = Done(rule, in_force(rule.kept, day), found=1, counted=1, deleted=1, digest=digest_of(rule.code, [pk]))
        write_line(report, 0, done)
        report.finished_at = timezone.now()
        report.save(update_fields=["finished_at"])
    return report
