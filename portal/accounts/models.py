"""The app's models, gathered from its rooms for Django."""

from portal.accounts.teams.models import StandIn, Team, TeamMembership, WorkPair
from portal.accounts.users import MembershipQuerySet, RoleMembership, User, UserManager

__all__ = [
    "MembershipQuerySet",
    "RoleMembership",
    "StandIn",
    "Team",
    "TeamMembership",
    "User",
    "UserManager",
    "WorkPair",
]
