"""Changes of a jobseeker that a person decides on."""

from django.db import transaction
from django.utils import timezone

from jobmatching.seekers.enums import PauseKind
from jobmatching.seekers.models import JobSeeker


class NotPossible(Exception):
    """The jobseeker is no longer in the state from which the change was asked for."""


@transaction.atomic
def pause_matching(seeker_id: int, reason: str, kind: PauseKind = PauseKind.OTHER) -> JobSeeker:
    """Leave a person out of matching from the next run on; the kind of the reason and its words are kept.

    Raises ValueError without a reason, NotPossible where matching is paused already.
    """
    if not reason.strip():
        raise ValueError("Say why matching is paused.")
    seeker: JobSeeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    if seeker.matching_paused_at is not None:
        raise NotPossible
    seeker.matching_paused_at = timezone.now()
    seeker.matching_pause_kind, seeker.matching_pause_reason = kind, reason.strip()
    seeker.save(update_fields=["matching_paused_at", "matching_pause_kind", "matching_pause_reason", "updated_at"])
    return seeker


@transaction.atomic
def resume_matching(seeker_id: int) -> JobSeeker:
    """Take a person into matching again from the next run on. Raises NotPossible where matching is not paused."""
    seeker: JobSeeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    if seeker.matching_paused_at is None:
        raise NotPossible
    seeker.matching_paused_at = None
    seeker.matching_pause_kind = seeker.matching_pause_reason = ""
    seeker.save(update_fields=["matching_paused_at", "matching_pause_kind", "matching_pause_reason", "updated_at"])
    return seeker
