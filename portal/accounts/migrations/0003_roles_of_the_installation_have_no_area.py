"""Memberships of auditors and administrators name no area: the roles are held in the whole installation."""

from typing import Any

from django.db import migrations, models

ROLES = ("administrator", "auditor")


def take_areas_away(apps: Any, _editor: Any) -> None:
    """Leave the area out; where a person then holds the same role twice in some days, the two are joined to one."""
    memberships = apps.get_model("accounts", "RoleMembership").objects
    kept: list[Any] = []
    joined: list[int] = []
    for row in memberships.filter(role__in=ROLES).order_by("user", "role", "valid_from", "pk"):
        last = kept[-1] if kept and (kept[-1].user_id, kept[-1].role) == (row.user_id, row.role) else None
        if last is None or (last.valid_to is not None and last.valid_to < row.valid_from):
            kept.append(row)
        else:
            last.valid_to = None if None in (last.valid_to, row.valid_to) else max(last.valid_to, row.valid_to)
            joined.append(row.pk)
    memberships.filter(pk__in=joined).delete()
    for row in kept:
        memberships.filter(pk=row.pk).update(area=None, valid_to=row.valid_to)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_teams_pairs_and_stand_ins"),
    ]

    operations = [
        migrations.RunPython(take_areas_away, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="rolemembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["administrator", "auditor"]), _negated=True)
                | models.Q(("area__isnull", True)),
                name="accounts_membership_installation_role_has_no_area",
                violation_error_message="This role is held in the whole installation: leave the area out.",
            ),
        ),
    ]
