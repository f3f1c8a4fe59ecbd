"""Erasing a person on their own request, where nothing else asks to keep the data."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.retention import JOBSEEKERS
from jobmatching.seekers.rights.enums import RequestKind
from jobmatching.seekers.rights.models import SubjectRequest
from portal.accounts.models import User
from portal.privacy.retention.erasing import NotErased, erase, why_not_erased
from portal.privacy.retention.models import RetentionReport
from portal.privacy.retention.rules import Block

_SETTLED: Final = frozenset({Block.OPEN_REQUEST})


def keeps_in_spite_of(wanted: SubjectRequest) -> set[Block]:
    """What keeps the person's data although they ask for erasure: another open request too, but not this one."""
    found = why_not_erased(JOBSEEKERS, wanted.seeker_id, _SETTLED)
    return found | ({Block.OPEN_REQUEST} if _others_open(wanted) else set())


@transaction.atomic
def erase_on_request(request_id: int, by: User) -> RetentionReport:
    """Erase the person who asked for it, the request included. Raises NotErased.

    All is asked under the person's lock, which also those take who note requests and open searches.
    """
    seeker_id = SubjectRequest.objects.values_list("seeker_id", flat=True).filter(pk=request_id).first()
    if seeker_id is not None:
        JobSeeker.objects.select_for_update().filter(pk=seeker_id).first()
    wanted = SubjectRequest.objects.open().filter(pk=request_id, kind=RequestKind.ERASURE).first()
    if wanted is None:
        raise NotErased(_("The request has been decided already."))
    if _others_open(wanted):
        raise NotErased(_("another request of the person is open: decide it first"))
    return erase(JOBSEEKERS, wanted.seeker_id, by, past=_SETTLED)


def _others_open(wanted: SubjectRequest) -> bool:
    return SubjectRequest.objects.open().filter(seeker=wanted.seeker_id).exclude(pk=wanted.pk).exists()
