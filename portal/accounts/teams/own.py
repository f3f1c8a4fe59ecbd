"""With whom a person works: the own teams, work pairs and stand-ins, now and to come."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from portal.accounts.teams.models import StandIn, TeamMembership, WorkPair
from portal.accounts.users import User


@dataclass(frozen=True)
class Pair:
    """A work pair as one of the two sees it."""

    other: User
    sector: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Together:
    """What is in force today or begins later; earliest first."""

    teams: tuple[TeamMembership, ...]
    pairs: tuple[Pair, ...]
    for_me: tuple[StandIn, ...]
    """Who serves the person's clients while the person is away."""
    by_me: tuple[StandIn, ...]
    """For whom the person stands in."""

    def __bool__(self) -> bool:
        return any((self.teams, self.pairs, self.for_me, self.by_me))


def together(user: User) -> Together:
    """Read for the person's own page."""
    today = timezone.localdate()
    pairs = WorkPair.objects.not_over(today).filter(Q(first=user) | Q(second=user)).select_related("first", "second")
    stand_ins = StandIn.objects.not_over(today).filter(Q(absent=user) | Q(stand_in=user))
    rows = tuple(stand_ins.select_related("absent", "stand_in").order_by("valid_from", "pk"))
    return Together(
        teams=tuple(
            TeamMembership.objects.not_over(today).filter(user=user).select_related("team").order_by("valid_from", "pk")
        ),
        pairs=tuple(
            Pair(one.second if one.first_id == user.pk else one.first, one.sector, one.valid_from, one.valid_to)
            for one in pairs.order_by("valid_from", "pk")
        ),
        for_me=tuple(one for one in rows if one.absent_id == user.pk),
        by_me=tuple(one for one in rows if one.stand_in_id == user.pk),
    )
