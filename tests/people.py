"""Teams, accounts and invitations of the small world."""

from dataclasses import dataclass

from django.utils import timezone

from portal.accounts.models import Invitation, RoleMembership, StandIn, Team, TeamMembership, User, WorkPair
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from tests.factories import (
    InvitationFactory,
    StandInFactory,
    TeamFactory,
    TeamMembershipFactory,
    WorkPairFactory,
    with_role,
)


@dataclass(frozen=True)
class Together:
    """How two further case workers of an area work together. Nobody else of the world serves others' clients by it."""

    team: Team
    team_membership: TeamMembership
    pair: WorkPair
    stand_in: StandIn


@dataclass(frozen=True)
class Accounts:
    """Somebody whose account an administrator keeps, a role of theirs, and somebody who is invited."""

    somebody: User
    somebodys_role: RoleMembership
    invitation: Invitation


def fill_teams(area: EmploymentArea, town: str) -> Together:
    """A team of two, who are a work pair too; one is on holiday, the other stands in."""
    one, another = (
        with_role(Role.CASE_WORKER, area, email=f"{name.lower()}@{town.lower()}.example.org", first_name=name)
        for name in ("Ensi", "Toini")
    )
    today = timezone.localdate()
    team = TeamFactory(area=area, name=f"{town}n tiimi")
    membership = TeamMembershipFactory(team=team, user=one, lead=True)
    TeamMembershipFactory(team=team, user=another)
    pair = WorkPairFactory(area=area, first=one, second=another)
    stand_in = StandInFactory(absent=one, stand_in=another, valid_from=today, valid_to=today)
    return Together(team, membership, pair, stand_in)


def fill_accounts(area: EmploymentArea, by: User) -> Accounts:
    """An account that others keep, and an open invitation."""
    somebody = with_role(Role.CASE_WORKER, area, email="joku@kemi.example.org", first_name="Joku", last_name="Muu")
    role = somebody.memberships.get()
    invited = InvitationFactory(area=area, invited_by=by, email="kutsuttu@kemi.example.org", first_name="Kutsuttu")
    return Accounts(somebody, role, invited)
