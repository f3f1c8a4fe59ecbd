"""Whose pages somebody may open without being asked why. Who is visible at all, says `visible_to`."""

from jobmatching.seekers.models import JobSeeker, NamedWorker
from portal.accounts.permissions import AnyUser
from portal.accounts.teams import whose_clients


def serves(user: AnyUser, seeker: JobSeeker) -> bool:
    """Whether somebody serves a jobseeker today.

    That is: as personal coach; as the other half of the coach's work pair, stand-in or team lead (`whose_clients`); or
    as a named worker. Everybody else who may see the person gives a reason.
    """
    if not user.is_authenticated:
        return False
    if seeker.coach_id == user.pk:
        return bool(user.is_active)  # the commonest case needs no look at pairs, teams and stand-ins
    if seeker.coach_id is not None and seeker.coach_id in whose_clients(user):
        return True
    return bool(NamedWorker.objects.filter(seeker=seeker.pk, user=user.pk).exists())
