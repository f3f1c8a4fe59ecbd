"""Whose clients a person serves today."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.accounts.teams.models import StandIn, TeamMembership, WorkPair
from portal.accounts.users import User


def whose_clients(user: User | AnonymousUser, day: date | None = None) -> frozenset[int]:
    """Ids of the users whose clients somebody serves on `day` (None: today).

    The own id; the other half of one's work pairs; absent colleagues for whom one stands in; the members of teams that
    one leads. It goes one step only: whoever stands in for a team lead does not lead the team, and whoever stands in
    for one half of a pair does not serve the other half's clients. It opens nothing alone: `visible_to` of a register
    asks for role and area as well. Empty for those who have not signed in and for closed accounts.

    Today's answer is read once a request (kept on the user object).
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if day is not None:
        return _read(user, day)
    kept: frozenset[int] | None = getattr(user, "_whose_clients", None)
    if kept is None:
        kept = _read(user, timezone.localdate())
        user._whose_clients = kept  # type: ignore[attr-defined]
    return kept


def _read(user: User, day: date) -> frozenset[int]:
    pairs = WorkPair.objects.active(day).order_by()
    led = TeamMembership.objects.active(day).filter(user=user, lead=True).order_by().values("team_id")
    ids = (
        pairs.filter(first=user)
        .values_list("second_id")
        .union(
            pairs.filter(second=user).values_list("first_id"),
            StandIn.objects.active(day).filter(stand_in=user).order_by().values_list("absent_id"),
            TeamMembership.objects.active(day).filter(team__in=led).order_by().values_list("user_id"),
        )
    )
    return frozenset({user.pk, *(pk for (pk,) in ids)})
