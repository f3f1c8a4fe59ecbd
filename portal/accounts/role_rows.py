"""The table of roles as rows: what is in force and since when, for auditors and for the page "Roles and permissions".

The code decides (`portal.accounts.roles.ROLE_PERMISSIONS`); rows are written from it by `sync`, after each migration
and by `manage.py sync_roles`. A permission taken from a role keeps its row with the time when it ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ROLE_PERMISSIONS, Role


class RolePermission(models.Model):
    """A role gave a permission from a moment on, until it no longer did."""

    role = models.CharField(_("role"), max_length=30, choices=Role)
    permission = models.CharField(_("permission"), max_length=60)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("permission of a role")
        verbose_name_plural = _("permissions of roles")
        ordering = ("role", "permission", "since", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("role", "permission"),
                condition=Q(until__isnull=True),
                name="accounts_rolepermission_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="accounts_rolepermission_ends_after_start",
            ),
        )


@dataclass(frozen=True, order=True)
class Change:
    """A permission that a role gains or loses."""

    role: str
    permission: str
    given: bool

    def __str__(self) -> str:
        return f"{'+' if self.given else '-'} {self.role}: {self.permission}"


def differences() -> list[Change]:
    """Where rows and code differ: what a synchronisation would change."""
    in_code = {(role.value, permission.value) for role, given in ROLE_PERMISSIONS.items() for permission in given}
    in_rows = set(RolePermission.objects.filter(until__isnull=True).values_list("role", "permission"))
    return sorted(
        [
            *(Change(*pair, given=True) for pair in in_code - in_rows),
            *(Change(*pair, given=False) for pair in in_rows - in_code),
        ]
    )


@transaction.atomic
def sync(now: datetime | None = None) -> list[Change]:
    """Write into rows what the code says; return what was changed. Doing it again changes nothing."""
    at = now or timezone.now()
    with connection.cursor() as cursor:
        # Two at once (two servers that start) would both add: the second waits, and finds nothing left to do.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.role_rows'))")
    changes = differences()
    RolePermission.objects.bulk_create(
        RolePermission(role=one.role, permission=one.permission, since=at) for one in changes if one.given
    )
    for one in changes:
        if not one.given:
            RolePermission.objects.filter(role=one.role, permission=one.permission, until__isnull=True).update(until=at)
    return changes


def in_force() -> Iterator[tuple[str, str, datetime]]:
    """(role, permission, since) of every permission in force, by role and permission."""
    rows = RolePermission.objects.filter(until__isnull=True).order_by("role", "permission", "pk")
    yield from rows.values_list("role", "permission", "since")
