"""Whom the portal calls: only two places speak to servers of others by HTTP, and neither is led on to a third."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest
import requests
from django.test import RequestFactory

from portal.accounts.by_provider.adapter import ProviderAdapter
from portal.outbox.adapters import sms
from tests.own_code import ROOT, committed_files

CLIENTS: Final = frozenset(
    {"requests", "httpx", "aiohttp", "urllib3", "http.client", "urllib.request", "socket", "ftplib"}
)
CALLERS: Final = {
    "portal/outbox/adapters/sms.py": "the text message service of the settings",
    "portal/accounts/by_provider/adapter.py": "the municipality's sign-in of the settings",
    "portal/accounts/by_provider/views.py": "names the errors of that sign-in",
}
NOT_SERVED: Final = ("portal/devtools/",)
"""The launcher of development: no part of what is served."""


def imported(source: str) -> Iterator[str]:
    """Modules that a file imports, whole names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def callers() -> set[str]:
    """Files of what is served that import a client for other servers."""
    found = set()
    for path in committed_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix != ".py" or not name.startswith(
            ("portal/", "employers/", "jobmatching/", "training/", "priorities/")
        ):
            continue
        if not name.startswith(NOT_SERVED) and CLIENTS & set(imported(path.read_text(encoding="utf-8"))):
            found.add(name)
    return found


def test_nobody_else_calls() -> None:
    assert callers() == set(CALLERS)
    assert set(imported("from urllib import request\nimport http.client")) & CLIENTS == {
        "urllib.request",
        "http.client",
    }


def test_the_sign_in_is_not_led_on() -> None:
    session = ProviderAdapter(RequestFactory().get("/")).get_requests_session()
    led_on = requests.Response()
    led_on.status_code, led_on.headers["Location"] = 302, "https://elsewhere.example/"
    led_on.url, led_on.raw = "https://sign-in.example/", _Nothing()
    asked = requests.Request("GET", led_on.url).prepare()
    with pytest.raises(requests.TooManyRedirects):
        next(session.resolve_redirects(led_on, asked))


def test_the_text_message_service_is_not_led_on() -> None:
    assert sms._NoRedirects().redirect_request(None, None, 302, "", {}, "https://elsewhere.example/") is None


class _Nothing:
    """The body of an answer that nobody reads."""

    def read(self, *args: object, **kwargs: object) -> bytes:
        return b""

    def release_conn(self) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing is open."""
