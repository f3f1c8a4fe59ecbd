"""The page "Roles and permissions": what each role may do, since when, and how many hold it today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.models import RoleMembership, RolePermission
from portal.accounts.permission_words import words_of
from portal.accounts.permissions import permission_required
from portal.accounts.role_rows import differences, in_force
from portal.accounts.roles import Permission, Role
from portal.accounts.sessions.limits import SESSION_LIMITS, in_words
from portal.ui.limits import Limit, limited
from portal.ui.spreadsheets.writing import as_csv

LATEST = 30


@dataclass(frozen=True)
class RoleShown:
    """A role with its permissions in words."""

    role: str
    label: str
    holders: int
    absolute: str
    idle: str
    permissions: list[tuple[str, datetime]]


def _roles() -> list[RoleShown]:
    given: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for role, permission, since in in_force():
        given[role].append((words_of(permission), since))
    today = RoleMembership.objects.active(timezone.localdate()).filter(user__is_active=True)
    held = dict(today.order_by().values_list("role").annotate(n=Count("user", distinct=True)))
    return [
        RoleShown(
            role.value,
            capfirst(str(role.label)),
            held.get(role.value, 0),
            in_words(SESSION_LIMITS[role].absolute),
            in_words(SESSION_LIMITS[role].idle),
            sorted(given[role.value], key=lambda one: one[0]),
        )
        for role in Role
    ]


@permission_required(Permission.ROLES_VIEW)
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Each role in force, and the latest changes of the table."""
    changes = [
        {"role": capfirst(str(Role(row.role).label)), "what": words_of(row.permission), "at": at, "given": given}
        for row in RolePermission.objects.order_by("-since", "-pk")[: LATEST * 2]
        for at, given in ((row.since, True), (row.until, False))
        if at is not None and row.role in Role.values
    ]
    changes.sort(key=lambda one: str(one["at"]), reverse=True)
    return render(
        request,
        "accounts/roles.html",
        {"roles": _roles(), "changes": changes[:LATEST], "differ": bool(differences())},
    )


@permission_required(Permission.ROLES_VIEW)
@limited(Limit.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The table as CSV, with what was in force before."""
    columns = [_("Role"), _("Permission"), _("Code"), _("Since"), _("Until")]
    response = HttpResponse(as_csv(columns, _rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("roles-file")}-{timezone.localdate().isoformat()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _rows() -> Any:
    names = {role.value: capfirst(str(role.label)) for role in Role}
    for row in RolePermission.objects.order_by("role", "permission", "since", "pk"):
        since = timezone.localtime(row.since).isoformat(timespec="minutes")
        until = timezone.localtime(row.until).isoformat(timespec="minutes") if row.until else ""
        yield names.get(row.role, row.role), words_of(row.permission), row.permission, since, until
