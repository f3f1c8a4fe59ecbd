"""The permission matrix, asked of the running portal: every address x method x role x object."""

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client, override_settings

from tests.permission_matrix import (
    ROWS,
    RULES,
    Case,
    Row,
    Rule,
    addresses,
    cases,
    rows_for,
    rule_cases,
    rule_for,
    unnamed_addresses,
)
from tests.world import World


class Visitors:
    """A signed-in client per person, so that each signs in once a test."""

    def __init__(self) -> None:
        self._clients: dict[int | None, Client] = {}

    def ask(self, case: Case) -> HttpResponseBase:
        """Send the request of a case; what it changes is taken back, so that the next one finds the same world."""
        key = case.user.pk if case.user else None
        if key not in self._clients:
            self._clients[key] = Client()
            if case.user:
                self._clients[key].force_login(case.user)
        client = self._clients[key]
        with transaction.atomic():
            answer = client.post(case.url, case.data) if case.data else client.generic(case.method, case.url)
            transaction.set_rollback(True)
        return answer


def sends_to_sign_in(response: HttpResponseBase) -> bool:
    """Whether the answer is: sign in first."""
    return response.status_code == 302 and response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL))


def keeps_out(response: HttpResponseBase) -> bool:
    """Whether the answer lets nobody in: refused, no such method, or one of the pages to sign in."""
    status = response.status_code
    return status in (403, 405) or (status == 302 and "/login/" in response.headers["Location"])


def test_every_address_has_a_row_or_a_rule() -> None:
    missing = [name for name in addresses() if not rows_for(name) and not rule_for(name)]
    assert not missing, f"Say in tests/permission_matrix.py who may use: {', '.join(missing)}"
    assert not unnamed_addresses()


def test_no_row_and_no_rule_is_left_over() -> None:
    names = addresses()
    assert not [row.name for row in ROWS if row.name not in names]
    assert not [row.name for row in ROWS if rule_for(row.name)]
    assert not [rule.prefix for rule in RULES if not any(name.startswith(rule.prefix) for name in names)]
    assert not [name for rule in RULES for name in rule.public if name not in names]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row.name, *row.objects]))
def test_each_role_gets_what_the_row_says(row: Row, world: World) -> None:
    visitors = Visitors()
    wrong = []
    for case in cases(row, world):
        response = visitors.ask(case)
        if response.status_code not in case.expected:
            wrong.append(f"{case}: {response.status_code}, not {' or '.join(map(str, sorted(case.expected)))}")
        elif case.user is None and not row.public and response.status_code == 302 and not sends_to_sign_in(response):
            wrong.append(f"{case}: sent to {response.headers['Location']}")
    assert not wrong, "\n".join(wrong)


# Django's administration asks the database row by row here and there.
@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.prefix)
def test_parts_made_by_others_let_in_whom_their_rule_says(rule: Rule, world: World) -> None:
    wrong = []
    visitors = Visitors()
    for address in addresses().values():
        if rule_for(address.name) is not rule:
            continue
        for case, may in rule_cases(rule, address, world):
            response = visitors.ask(case)
            if "log" in address.name:  # the session may have ended or changed hands
                visitors = Visitors()
            if not may and not keeps_out(response):
                wrong.append(f"{case} comes in: {response.status_code}")
            elif may and response.status_code >= 500:
                wrong.append(f"{case} breaks: {response.status_code}")
            elif may and case.method == "GET" and case.user and sends_to_sign_in(response):
                wrong.append(f"{case} is sent to sign in")
    assert not wrong, "\n".join(wrong)
