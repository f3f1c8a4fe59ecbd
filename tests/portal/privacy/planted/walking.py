"""Asking the portal everything: every address of the permission matrix by every role of both areas, and every link.

Requests that send something are taken back afterwards; what they write is looked at before.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from unittest.mock import patch
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import Resolver404, resolve

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.addresses import addresses
from tests.permission_matrix import PEOPLE, ROWS, RULES, rule_for
from tests.permission_questions import ANONYMOUS, Case, cases, rule_cases
from tests.world import World

_LINK = re.compile(r"""(?:href|hx-get|action)=["']([^"'#]+)""")
_MOST_LINKS = 25
"""Links that one person follows at most."""
_FETCHING = frozenset(
    {Role.CASE_WORKER, Role.TEAM_LEAD, Role.EMPLOYER_SPECIALIST, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR}
)
"""Roles who also fetch the part of a page that htmx asks for: between them they may see every page."""
EVERYBODY = frozenset({*(role.value for role in Role), ANONYMOUS})
"""Who asks: every role of both areas, and somebody who has not signed in."""
_LEAVES = ("logout", "set_language", "readyz")
"""Addresses that end the walk of a person, or have nothing to do with it."""


@dataclass(frozen=True)
class Visit:
    """One answer."""

    name: str
    """Name of the address."""
    method: str
    url: str
    user: User | None
    who: str
    """Role and area of the person."""
    response: HttpResponseBase
    of_planted: bool
    """The address asks for the planted person."""


@contextmanager
def plain_requests() -> Iterator[None]:
    """Without what makes a request of tests slow and shows nothing here, where thousands are sent.

    That is the harness that notes the caller of every query, and the copies of all that templates are given.
    """
    kept = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]
    with override_settings(MIDDLEWARE=kept), patch.object(Template, "_render", _plain_render):
        yield


def _plain_render(template: Template, context: Context) -> str:
    """As Django does outside of tests."""
    return template.nodelist.render(context)


class Walker:
    """Sends requests as each person; `after_post` is called before what a request has written is taken back."""

    def __init__(self, after_post: Callable[[], None] = lambda: None, skip: frozenset[int] = frozenset()) -> None:
        self._clients: dict[int | None, Client] = {}
        self._after_post = after_post
        self._skip = skip
        """Ids of users who do not take part."""

    def ask(self, case: Case, who: str, name: str, *, planted: bool = False, fragment: bool = False) -> Visit | None:
        """Send a case; None where its person does not take part."""
        if case.user is not None and case.user.pk in self._skip:
            return None
        headers = {"HX-Request": "true"} if fragment else {}
        client = self._client(case.user)
        if case.method == "GET":
            response = client.get(case.url, headers=headers)
        else:
            with transaction.atomic():
                response = client.post(case.url, case.data, headers=headers)
                self._after_post()
                transaction.set_rollback(True)
        return Visit(name, case.method, case.url, case.user, who, response, planted)

    def follow(self, user: User | None, who: str, starts: list[tuple[str, str]]) -> Iterator[Visit]:
        """Follow links from answers (address, text), one of each kind: same view, same names in the query."""
        seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        waiting = list(starts)
        followed = 0
        while waiting and followed < _MOST_LINKS:
            base, text = waiting.pop(0)
            for link in _LINK.findall(text):
                url = urljoin(base, unescape(link))
                kind = _kind(url)
                if kind is None or kind in seen or followed >= _MOST_LINKS:
                    continue
                seen.add(kind)
                followed += 1
                response = self._client(user).get(url)
                visit = Visit(kind[0], "GET", url, user, who, response, False)
                yield visit
                if response.status_code == 200 and "text/html" in response.headers.get("Content-Type", ""):
                    waiting.append((url, response.content.decode()))

    def _client(self, user: User | None) -> Client:
        key = user.pk if user else None
        if key not in self._clients:
            # What breaks is counted, and does not end the walk.
            self._clients[key] = Client(raise_request_exception=False)
            if user:
                self._clients[key].force_login(user)
        return self._clients[key]


def _kind(url: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """What makes two links the same for the walk; None for what is not followed."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    name = match.view_name
    if any(word in name for word in _LEAVES) or name.startswith("admin:") or "static" in name:
        return None
    return name, tuple(sorted((key, value[:20]) for key, value in parse_qsl(parts.query)))


def walk(
    world: World, planted: World | None = None, *, walker: Walker, roles: frozenset[str] = EVERYBODY
) -> Iterator[Visit]:
    """Every question of the matrix about the world; those about people also about the planted one; then the links.

    `roles`: only these people ask.
    """
    starts: dict[int | None, list[tuple[str, str]]] = {}
    names: dict[int | None, tuple[User | None, str]] = {}
    for visit in _questions(world, planted, walker, roles):
        key = visit.user.pk if visit.user else None
        names[key] = (visit.user, visit.who)
        html = "text/html" in visit.response.headers.get("Content-Type", "")
        if visit.method == "GET" and visit.response.status_code == 200 and html and not visit.name.startswith("admin:"):
            starts.setdefault(key, []).append((visit.url, visit.response.content.decode()))
        yield visit
    for key, pages in starts.items():
        user, who = names[key]
        yield from walker.follow(user, who, pages)


def _questions(world: World, planted: World | None, walker: Walker, roles: frozenset[str]) -> Iterator[Visit]:
    neighbours = replace(world, own=world.other, other=world.own)
    for row in ROWS:
        worlds = [(world, False)]
        if not row.of_an_area:
            worlds.append((neighbours, False))
        if planted is not None and PEOPLE & set(row.objects) and row.name != "seekers:search":
            worlds.append((planted, True))
        for asked, of_planted in worlds:
            for case in cases(row, asked):
                # Things of the other area tell nothing of a person of the own one; its people do ask for the own.
                sends_in_vain = case.method == "POST" and not case.may and not of_planted
                if (
                    "other " not in case.about
                    and row.status(case.method) is not None
                    and _asks(case, roles)
                    and not sends_in_vain
                    and not (asked is neighbours and row.public)
                ):
                    who = case.who if asked is not neighbours else f"{case.who}, neighbour"
                    yield from _both(walker, case, row.name, who, of_planted)
    for address in addresses().values():
        rule = rule_for(address.name)
        if rule in RULES and not any(word in address.name for word in _LEAVES):
            for case in rule_cases(rule, address, world):
                if case.method == "GET" and case.may and case.user is not None and _asks(case, roles):
                    yield from _both(walker, case, address.name, case.who, False)


def _asks(case: Case, roles: frozenset[str]) -> bool:
    return case.who.partition(",")[0] in roles


def _both(walker: Walker, case: Case, name: str, who: str, of_planted: bool) -> Iterator[Visit]:
    """The whole page, and the part of it that htmx fetches, where a role of ours may see one."""
    parts = case.may and case.method == "GET" and who in _FETCHING
    for fragment in (False, True) if parts else (False,):
        visit = walker.ask(case, who, name, planted=of_planted, fragment=fragment)
        if visit is not None:
            yield visit
