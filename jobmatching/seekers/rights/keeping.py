"""How long one jobseeker's data is still kept, and what keeps it: as the page about the person says it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise

from jobmatching.seekers.models import JobSeeker, RegistrationSpell
from jobmatching.seekers.retention import CODE, JOBSEEKERS
from portal.privacy.retention.classes import in_force
from portal.privacy.retention.dates import month_after, months_after
from portal.privacy.retention.models import RetentionClass, RetentionHold, RetentionNotice
from portal.privacy.retention.rules import RELEASED_BY, Block
from portal.privacy.retention.work import blocks_of


@dataclass(frozen=True)
class Keeping:
    """What is kept until when, and why."""

    row: RetentionClass
    since: date | None
    """From when the time counts; None while the search is open or coming."""
    due_on: date | None
    """The first day on which the time has passed."""
    notice: RetentionNotice | None
    blocks: Sequence[tuple[Block, Promise]] = ()
    """What keeps the data, and who releases it; an open search is the first of them."""
    holds: Sequence[RetentionHold] = field(default_factory=tuple)

    @property
    def delete_on(self) -> date | None:
        """The first day on which the person is deleted, if nothing keeps the data."""
        return self.notice.delete_on if self.notice else self.due_on


def keeping_of(seeker: JobSeeker, day: date) -> Keeping:
    """How it stands with one person on a day. Raises NoTimeInForce."""
    row = in_force(JOBSEEKERS.kept, day)
    since = counted_from(seeker)
    found = blocks_of(JOBSEEKERS, [seeker.pk]).get(seeker.pk, set())
    return Keeping(
        row=row,
        since=since,
        due_on=months_after(month_after(since), row.months) if since else None,
        notice=RetentionNotice.objects.filter(rule=CODE, object_id=seeker.pk).first(),
        blocks=keeps(found),
        holds=list(
            RetentionHold.objects.filter(rule=CODE, object_id=seeker.pk).select_related("set_by", "released_by")
        ),
    )


def counted_from(seeker: JobSeeker) -> date | None:
    """The day from which the time counts; None while a search is open, or one is to come."""
    ends = RegistrationSpell.objects.filter(seeker=seeker.pk).order_by("pk").values_list("ended_on", flat=True)
    told = list(ends)
    if any(end is None or end > timezone.localdate() for end in told):
        return None
    return max(end for end in told if end) if told else timezone.localdate(seeker.created_at)


def keeps(found: Collection[Block]) -> list[tuple[Block, Promise]]:
    """Blocks with who releases them, in their order."""
    return [(block, RELEASED_BY[block]) for block in Block if block in found]
