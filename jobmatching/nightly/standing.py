"""Whether a jobseeker's matches are shown now, and if not, why.

Lists ask anew who is in matching today: a pause, the end of a search or a restriction of processing takes effect at
once, not with the next night. Whoever comes back into matching has matches after the next run.
"""

from enum import StrEnum
from typing import Final

from django.utils import timezone

from jobmatching.models import JobSeeker, RegistrationSpell
from jobmatching.nightly.enums import Side
from jobmatching.nightly.models import MatchResult, RunInput
from jobmatching.seekers.rights.models import Restriction

_NOT_READ: Final = object()


class Standing(StrEnum):
    """How somebody stands in matching today; the values are those that templates ask for."""

    SHOWN = "shown"
    RESTRICTED = "restricted"
    PAUSED = "paused"
    NOT_SEARCHING = "not_searching"
    IN_SERVICE = "in_service"
    NEXT_RUN = "next_run"
    """In matching today, and not in the run whose result is shown."""


def standing_of(seeker: JobSeeker, result: MatchResult | None) -> Standing:
    """How a jobseeker stands; the first reason that holds. Not to be asked of people under non-disclosure.

    Without a result, whether the person was in its run is not asked. Rows that the head of the person's page has read
    (`with_restriction`, `with_situation`) are not asked again.
    """
    if _is_restricted(seeker):
        return Standing.RESTRICTED
    if seeker.matching_paused_at is not None:
        return Standing.PAUSED
    if getattr(seeker, "situation", _NOT_READ) is None:
        return Standing.NOT_SEARCHING
    spells = RegistrationSpell.objects.filter(seeker=seeker.pk).open_on(timezone.localdate())
    services = list(spells.values_list("full_time_service", flat=True))
    if not services:
        return Standing.NOT_SEARCHING
    if any(services):
        return Standing.IN_SERVICE
    if result is not None and not _in_run(seeker, result):
        return Standing.NEXT_RUN
    return Standing.SHOWN


def _is_restricted(seeker: JobSeeker) -> bool:
    since = getattr(seeker, "restricted_since", _NOT_READ)
    if since is _NOT_READ:
        return bool(Restriction.objects.in_force().filter(seeker=seeker.pk).exists())
    return since is not None


def _in_run(seeker: JobSeeker, result: MatchResult) -> bool:
    frozen = RunInput.objects.filter(run_id=result.run_id, side=Side.SEEKERS)
    return bool(frozen.filter(ids__contains=[seeker.pk]).exists())
