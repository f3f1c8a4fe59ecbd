"""Asking the questions of the permission matrix of the running portal, and judging its answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client

from tests.addresses import Address, addresses, unnamed_addresses
from tests.permission_matrix import LOGIN, REFUSED, ROWS, RULES, Row, Rule, rows_for, rule_for
from tests.permission_questions import ANONYMOUS, NOT_OFFERED, Case, cases, rule_cases
from tests.world import World


@dataclass(frozen=True)
class Answer:
    """What a question got."""

    case: Case
    got: int
    wrong: str = ""
    """Why it is not the right answer; empty where it is."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        """The right status. Where several are right, the one that came; where others have made the page, a likely one.

        (A method that is not offered may be refused for that reason or for the role; a page of allauth may show itself
        or lead on.)
        """
        if not self.wrong:
            return self.got
        if self.case.expected:
            return min(self.case.expected)
        return 200 if self.case.may else LOGIN if self.case.user is None else REFUSED


class Visitors:
    """A signed-in client per person, so that each signs in once."""

    def __init__(self, *, raises: bool = True) -> None:
        self._clients: dict[int | None, Client] = {}
        self._raises = raises

    def ask(self, case: Case) -> HttpResponseBase:
        """Send the request of a case; what it changes is taken back, so that the next one finds the same world."""
        key = case.user.pk if case.user else None
        if key not in self._clients:
            self._clients[key] = Client(raise_request_exception=self._raises)
            if case.user:
                self._clients[key].force_login(case.user)
        client = self._clients[key]
        before = _session_of(client)
        with transaction.atomic():
            if case.data:
                answer = client.post(case.url, case.data, secure=True)
            else:
                answer = client.generic(case.method, case.url, secure=True)
            transaction.set_rollback(True)
        if _session_of(client) != before:  # the new one was taken back with all else
            del self._clients[key]
        return answer

    def forget(self) -> None:
        """Sign everybody in anew: a session may have ended or changed hands."""
        self._clients.clear()


def _session_of(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def sends_to_sign_in(response: HttpResponseBase) -> bool:
    """Whether the answer is: sign in first."""
    return response.status_code == LOGIN and response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL))


def keeps_out(response: HttpResponseBase) -> bool:
    """Whether the answer lets nobody in: refused, no such method, or one of the pages to sign in."""
    status = response.status_code
    return status in (REFUSED, NOT_OFFERED) or (status == LOGIN and "/login/" in response.headers["Location"])


def answers_of(row: Row, world: World, visitors: Visitors) -> Iterator[Answer]:
    """Ask every question of a row."""
    for case in cases(row, world):
        response = visitors.ask(case)
        yield Answer(case, response.status_code, _wrong(case, response), response.headers)


def _wrong(case: Case, response: HttpResponseBase) -> str:
    status = response.status_code
    if status not in case.expected:
        return f"{case}: {status}, not {' or '.join(map(str, sorted(case.expected)))}"
    if case.who == ANONYMOUS and not case.may and status == LOGIN and not sends_to_sign_in(response):
        return f"{case}: sent to {response.headers['Location']}"
    return ""


def rule_answers(rule: Rule, world: World, visitors: Visitors) -> Iterator[Answer]:
    """Ask every question about a part made by others."""
    for address in addresses().values():
        if rule_for(address.name) is rule:
            yield from _answers_at(rule, address, world, visitors)


def _answers_at(rule: Rule, address: Address, world: World, visitors: Visitors) -> Iterator[Answer]:
    for case in rule_cases(rule, address, world):
        response = visitors.ask(case)
        if "log" in address.name:
            visitors.forget()
        yield Answer(case, response.status_code, _wrong_of_others(case, response), response.headers)


def _wrong_of_others(case: Case, response: HttpResponseBase) -> str:
    if not case.may:
        return "" if keeps_out(response) else f"{case} comes in: {response.status_code}"
    if response.status_code >= 500:
        return f"{case} breaks: {response.status_code}"
    if case.method == "GET" and case.user and sends_to_sign_in(response):
        return f"{case} is sent to sign in"
    return ""


def gaps() -> list[str]:
    """Where table and portal do not fit: addresses that nobody has thought of, entries without an address."""
    names = addresses()
    found = [
        f"Say in tests/permission_rows who may use {name}."
        for name in names
        if not rows_for(name) and not rule_for(name)
    ]
    found += [f"The address {route} has no name." for route in unnamed_addresses()]
    found += [f"There is no address {row.name}." for row in ROWS if row.name not in names]
    found += [f"The address {row.name} has a row and a rule." for row in ROWS if rule_for(row.name)]
    for rule in RULES:
        if not any(name.startswith(rule.prefix) for name in names):
            found.append(f"No address begins with {rule.prefix}.")
        found += [f"There is no address {name}." for name in rule.public if name not in names]
    return found
