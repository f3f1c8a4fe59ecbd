"""Chromium, the server it talks to, and the signed-in people.

The server works on the clone of the small world (tests/conftest.py): its rows are committed, nothing is flushed.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from portal.accounts.models import User
from tests.databases import using_database
from tests.sign_in import sign_in
from tests.world import World

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Kept by the page itself from its first moment on, so that nothing is missed.
NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
        window.violations.push(`${violatedDirective}: ${blockedURI} ${sourceFile}:${lineNumber}`));
"""


@dataclass(frozen=True)
class Site:
    """The portal as a browser reaches it."""

    url: str
    world: World


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium. Where it is missing the tests skip, with CI=true they fail."""
    program = shutil.which("chromium")
    if program is None:
        reason = "There is no chromium: apt-get install --no-install-recommends chromium libatomic1 fonts-dejavu-core"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return {"executable_path": program, "args": list(FLAGS), "headless": True}


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """A web server in this process, one for all browser tests."""
    # Playwright keeps an event loop running in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    running = LiveServer("127.0.0.1")
    yield running
    running.stop()


@pytest.fixture
def site(server: LiveServer, world_database: tuple[str, World], django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The portal with the small world; its rows are committed, so tests only look."""
    name, world = world_database
    with django_db_blocker.unblock(), using_database(name):
        yield Site(server.url, world)


@pytest.fixture(scope="session")
def session_keys() -> dict[int, str]:
    """User -> session: each person signs in once a process."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: Site, session_keys: dict[int, str]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser of one's own, signed in as a user or as nobody."""
    opened: list[BrowserContext] = []

    def open_for(user: User | None, **options: Any) -> BrowserContext:
        context = browser.new_context(locale="fi-FI", timezone_id="Europe/Helsinki", reduced_motion="reduce", **options)
        opened.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(NOTE_VIOLATIONS)
        if user is not None:
            if user.pk not in session_keys:
                client = Client()
                sign_in(client, user, confirmed=True)
                session_keys[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_keys[user.pk], "url": site.url}]
            )
        return context

    yield open_for
    for context in opened:
        with closing(context):
            pass
