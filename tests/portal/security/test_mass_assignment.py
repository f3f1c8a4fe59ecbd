"""A form takes the fields that it shows, and no others: what is sent beside them changes nothing."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.portal.security.sendings import sendings
from tests.world import World

pytestmark = pytest.mark.slow

LOOKED_AT = (
    "accounts_user",
    "accounts_rolemembership",
    "employers_employer",
    "employers_membership",
    "employers_vacancy",
    "jobmatching_jobseeker",
    "mfa_authenticator",
    "account_emailaddress",
)
"""Tables in which a field too many would give rights or change whom somebody is."""
CHANGING = ("updated_at", "created_at", "last_login", "last_used_at", "password", "matching_paused_at")
"""Columns that differ from one sending to the next: times, salted hashes."""


def extras(world: World) -> dict[str, Any]:
    """Names of fields that no form shows to these people, with values that would do harm."""
    administrator = world.own.users[Role.ADMINISTRATOR]
    return {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "email": "evil@evil.example",
        "first_name": "Evil",
        "password": "evil",
        "role": Role.ADMINISTRATOR.value,
        "user": administrator.pk,
        "user_id": administrator.pk,
        "id": 1,
        "pk": 1,
        "area": world.other.area.pk,
        "area_id": world.other.area.pk,
        "coach": administrator.pk,
        "coach_id": administrator.pk,
        "employer": world.other.employer.pk,
        "last_name": "Evil",
        "birth_date": "1900-01-01",
        "identity_code": "010190-998V",
        "identity_index": "x",
        "non_disclosure": "on",
        "source_id": "evil",
        "state": "published",
        "valid_from": "2000-01-01",
        "memberships-0-role": Role.ADMINISTRATOR.value,
        "memberships-TOTAL_FORMS": "1",
    }


def rows() -> dict[str, list[str]]:
    """The rows of the tables as text, without what differs each time."""
    found = {}
    with connection.cursor() as cursor:
        for table in LOOKED_AT:
            kept = " - ".join(["to_jsonb(t)", *(f"'{column}'" for column in CHANGING)])
            cursor.execute(f"SELECT ({kept})::text FROM {table} t ORDER BY id")  # noqa: S608  names of our own
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def after(client: Client, url: str, data: dict[str, Any]) -> tuple[int, dict[str, list[str]]]:
    """Status of a sending, and the rows that it leaves."""
    with transaction.atomic():
        status = client.post(url, data).status_code
        left = rows()
        transaction.set_rollback(True)
    return status, left


@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_what_is_sent_beside_the_fields_changes_nothing(world: World) -> None:
    wrong, changing = [], 0
    untouched = rows()
    for told, case in sendings(world):
        clients = [Client(), Client()]
        for client in clients:
            if case.user is not None:
                client.force_login(case.user)
        plain = after(clients[0], case.url, case.data)
        beside = {name: value for name, value in extras(world).items() if name not in case.data}
        forged = after(clients[1], case.url, {**case.data, **beside})
        changing += plain[1] != untouched
        for table in LOOKED_AT:
            taken = set(forged[1][table]) - set(plain[1][table])
            if any("vil" in row for row in taken) or _rights(forged[1][table]) != _rights(plain[1][table]):
                wrong.append(f"{told}: {table}: {taken}")
    assert not wrong, "\n".join(wrong)
    assert changing > 3, "the comparison would see nothing if nothing changed at all"


def _rights(table: list[str]) -> list[str]:
    """What of the rows gives rights, or tells whose a person is."""
    names = ("is_staff", "is_superuser", "role", "coach_id", "area_id", "non_disclosure", "identity_index", "user_id")
    return sorted(part for row in table for part in row.strip("{}").split(", ") if part.split('"')[1:2][0] in names)


@pytest.mark.django_db
def test_the_comparison_sees_a_field_too_many() -> None:
    user = User.objects.create(email="a@example.org")
    before = rows()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert _rights(rows()["accounts_user"]) != _rights(before["accounts_user"])
