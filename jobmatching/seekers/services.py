"""Changes of a jobseeker that a person decides on."""

from django.db import transaction
from django.utils import timezone

from jobmatching.seekers.enums import PauseKind
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.rights.models import SubjectRequest
from portal.accounts.models import User
from portal.accounts.permissions import areas_where
from portal.accounts.roles import Permission
from portal.privacy.history import set_context


class ObjectionStands(NotPossible):
    """The person has objected to matching, and the objection was accepted."""


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


def may_resume(seeker: JobSeeker, by: User) -> bool:
    """Whether somebody may take a person into matching again.

    Against an accepted objection only those who decide on requests in the person's area.
    """
    objections = SubjectRequest.objects.filter(seeker=seeker.pk).accepted_objections()
    return not objections.exists() or seeker.area_id in areas_where(by, Permission.SUBJECT_DECIDE)


@transaction.atomic
def resume_matching(seeker_id: int, reason: str, by: User) -> JobSeeker:
    """Take a person into matching again from the next run on; the reason is kept in the history, beside the change.

    Raises ValueError without a reason, NotPossible where matching is not paused, ObjectionStands where `by` may not.
    """
    if not reason.strip():
        raise ValueError("Say why matching goes on.")
    seeker: JobSeeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    if seeker.matching_paused_at is None:
        raise NotPossible
    if not may_resume(seeker, by):
        raise ObjectionStands
    set_context(actor=by, reason=reason.strip())
    seeker.matching_paused_at = None
    seeker.matching_pause_kind = seeker.matching_pause_reason = ""
    seeker.save(update_fields=["matching_paused_at", "matching_pause_kind", "matching_pause_reason", "updated_at"])
    return seeker
