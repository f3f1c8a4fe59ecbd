"""How the demo's people work together: a team, a work pair, and somebody on holiday."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.teams import AbsenceReason, StandIn, Team, TeamMembership, WorkPair
from portal.classifications.models import EmploymentArea

TEAM: Final = "Kemin tiimi"
LEAD: Final = "tiiminvetaja"
MEMBERS: Final = (LEAD, "omavalmentaja", "omavalmentaja2", "tyopari")
PAIR: Final = ("tyopari", "yrityspalvelut")
SECTOR: Final = "teollisuus"
ABSENT: Final = "omavalmentaja2"
STANDS_IN: Final = "omavalmentaja"
_SINCE: Final = date(2025, 1, 1)
_HOLIDAY: Final = timedelta(days=13)


def work_together(area: EmploymentArea, people: Mapping[str, User]) -> None:
    """Write what is missing; the holiday begins today, anew once the last one is over."""
    team, _new = Team.objects.get_or_create(area=area, name=TEAM)
    for name in MEMBERS:
        TeamMembership.objects.get_or_create(
            team=team, user=people[name], defaults={"lead": name == LEAD, "valid_from": _SINCE}
        )
    first, second = (people[name] for name in PAIR)
    WorkPair.objects.get_or_create(
        area=area, first=first, second=second, sector=SECTOR, defaults={"valid_from": _SINCE}
    )
    today = timezone.localdate()
    pair = {"absent": people[ABSENT], "stand_in": people[STANDS_IN]}
    if not StandIn.objects.not_over(today).filter(**pair).exists():
        StandIn.objects.create(**pair, valid_from=today, valid_to=today + _HOLIDAY, reason=AbsenceReason.HOLIDAY)
