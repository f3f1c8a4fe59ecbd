"""Roles as rows: they say what the code says, since when, and what was in force before."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts import role_rows
from portal.accounts.models import RolePermission
from portal.accounts.role_rows import Change, differences, in_force, sync
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role

pytestmark = pytest.mark.django_db


def _said(*arguments: str) -> str:
    out = StringIO()
    call_command("sync_roles", *arguments, stdout=out)
    return out.getvalue()


def test_after_the_migrations_rows_and_code_say_the_same() -> None:
    assert differences() == []
    assert {(role, permission) for role, permission, _since in in_force()} == {
        (role.value, permission.value) for role, given in ROLE_PERMISSIONS.items() for permission in given
    }
    assert RolePermission.objects.exists()


def test_what_the_code_gives_and_takes_comes_into_rows_once_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {
        **ROLE_PERMISSIONS,
        Role.AUDITOR: frozenset({Permission.VACANCIES_VIEW, *ROLE_PERMISSIONS[Role.AUDITOR]} - {Permission.RUNS_VIEW}),
    }
    monkeypatch.setattr(role_rows, "ROLE_PERMISSIONS", changed)
    expected = [Change("auditor", "runs.view", given=False), Change("auditor", "vacancies.view", given=True)]
    assert differences() == expected
    with pytest.raises(CommandError, match="2 differences"):
        _said("--check")
    assert differences() == expected, "a check changes nothing"

    assert _said().splitlines() == ["- auditor: runs.view", "+ auditor: vacancies.view"]

    assert _said().strip() == "Rows and code say the same."
    gone = RolePermission.objects.get(role=Role.AUDITOR, permission="runs.view")
    assert gone.until is not None
    assert gone.since < gone.until
    assert not RolePermission.objects.filter(role=Role.AUDITOR, permission="vacancies.view", until=None).exclude(
        since=gone.until
    )


def test_a_permission_that_comes_back_begins_anew() -> None:
    RolePermission.objects.filter(role=Role.AUDITOR, permission="runs.view").update(until=timezone.now())
    later = timezone.now() + timedelta(days=1)

    sync(later)

    rows = RolePermission.objects.filter(role=Role.AUDITOR, permission="runs.view").order_by("since")
    assert [row.until is None for row in rows] == [False, True]
    assert rows[1].since == later
