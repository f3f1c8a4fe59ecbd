"""Whose teams somebody keeps, and who can be in them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.accounts.permissions import AnyUser, active_memberships, areas_where
from portal.accounts.roles import INSTALLATION_ROLES, ROLE_PERMISSIONS, Permission, Role
from portal.accounts.teams.models import StandIn, Team, WorkPair
from portal.accounts.users import RoleMembership, User
from portal.classifications.models import EmploymentArea

SERVING_ROLES = frozenset(role for role, given in ROLE_PERMISSIONS.items() if Permission.SEEKERS_VIEW in given)
"""Roles that serve jobseekers: theirs are the clients that a pair or a stand-in shares."""


def areas_kept_by(user: AnyUser) -> QuerySet[EmploymentArea]:
    """Areas whose teams, pairs and stand-ins the person keeps: a team lead the own one's, an administrator all."""
    everywhere = any(
        m.role in INSTALLATION_ROLES and Permission.TEAMS_MANAGE in ROLE_PERMISSIONS[Role(m.role)]
        for m in active_memberships(user)
    )
    areas = EmploymentArea.objects.order_by("name_fi", "pk")
    return areas if everywhere else areas.filter(pk__in=areas_where(user, Permission.TEAMS_MANAGE))


def colleagues(areas: Iterable[EmploymentArea]) -> QuerySet[User]:
    """People who serve jobseekers in one of the areas today, by name."""
    today = timezone.localdate()
    serving = RoleMembership.objects.active(today).filter(area__in=list(areas), role__in=sorted(SERVING_ROLES))
    return User.objects.filter(is_active=True, pk__in=serving.values("user")).order_by("last_name", "first_name", "pk")


def teams_kept_by(user: AnyUser) -> QuerySet[Team]:
    """Teams that the person keeps."""
    return Team.objects.filter(area__in=areas_kept_by(user)).select_related("area").order_by("area", "name", "pk")


def pairs_kept_by(user: AnyUser) -> QuerySet[WorkPair]:
    """Work pairs that the person keeps."""
    kept = WorkPair.objects.filter(area__in=areas_kept_by(user)).select_related("area", "first", "second")
    return kept.order_by("area", "sector", "valid_from", "pk")


def stand_ins_kept_by(user: AnyUser) -> QuerySet[StandIn]:
    """Stand-ins for somebody of an area that the person keeps; also of people whose role there is over."""
    held = RoleMembership.objects.filter(area__in=areas_kept_by(user), role__in=sorted(SERVING_ROLES))
    kept = StandIn.objects.filter(Q(absent__in=held.values("user"))).select_related("absent", "stand_in")
    return kept.order_by("-valid_from", "-pk")
