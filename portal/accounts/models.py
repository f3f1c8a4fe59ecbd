"""The app's models, gathered from its rooms for Django."""

from portal.accounts.invitations.models import Invitation
from portal.accounts.role_rows import RolePermission
from portal.accounts.sessions.models import KnownDevice
from portal.accounts.teams.models import StandIn, Team, TeamMembership, WorkPair
from portal.accounts.users import MembershipQuerySet, RoleMembership, User, UserManager

__all__ = [
    "Invitation",
    "KnownDevice",
    "MembershipQuerySet",
    "RoleMembership",
    "RolePermission",
    "StandIn",
    "Team",
    "TeamMembership",
    "User",
    "UserManager",
    "WorkPair",
]
