"""The one permissions API: views, templates, admin and API ask here.

`may(user, permission)` answers for a register; `areas_where(user, permission)` says in which employment areas, and
`visible_to(user)` on the register's queryset applies that to rows. Each permission is also registered with `rules`, so
that `user.has_perm("seekers.view")` and `{% has_perm %}` in templates give the same answer.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from rules.permissions import add_perm, perm_exists
from rules.predicates import Predicate, predicate

from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import AREA_ROLES, ROLE_PERMISSIONS, Permission, Role

AnyUser = User | AnonymousUser
View = Callable[..., HttpResponseBase]


def active_memberships(user: AnyUser) -> tuple[RoleMembership, ...]:
    """Memberships in force today, read once a request (kept on the user object).

    Each carries `has_second_factor`, whether the person has enrolled an authenticator app or a passkey: the question is
    asked at every request, and costs no query of its own this way.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    kept: tuple[RoleMembership, ...] | None = getattr(user, "_active_memberships", None)
    if kept is None:
        enrolled = Authenticator.objects.filter(user=OuterRef("user"), type__in=("totp", "webauthn"))
        kept = tuple(
            user.memberships.active(timezone.localdate())
            .select_related("area")
            .annotate(has_second_factor=Exists(enrolled))
            .order_by("role", "pk")
        )
        user._active_memberships = kept  # type: ignore[attr-defined]
    return kept


def roles_of(user: AnyUser) -> frozenset[Role]:
    """Roles that the person holds today."""
    return frozenset(Role(m.role) for m in active_memberships(user))


def may(user: AnyUser, permission: Permission | str) -> bool:
    """Whether any role held today gives the permission."""
    return any(permission in ROLE_PERMISSIONS[role] for role in roles_of(user))


def areas_where(user: AnyUser, permission: Permission | str) -> frozenset[int]:
    """Ids of the employment areas in which a role held today gives the permission.

    Only roles of an area's own staff open the area: an employer's person, say, whose membership names an area all the
    same, still sees nothing but the employer's own.
    """
    return frozenset(
        m.area_id
        for m in active_memberships(user)
        if m.area_id and m.role in AREA_ROLES and permission in ROLE_PERMISSIONS[Role(m.role)]
    )


def permission_required(permission: Permission) -> Callable[[View], View]:
    """Guard a view: 403 for a signed-in person without the permission. The view carries it as `.permission`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _granted(permission: Permission) -> Predicate:
    def granted(user: AnyUser) -> bool:
        return may(user, permission)

    told: Predicate = predicate(granted, name=f"granted:{permission}")
    return told


for _permission in Permission:
    if not perm_exists(_permission):
        add_perm(_permission, _granted(_permission))
