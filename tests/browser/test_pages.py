"""Each page in Chromium: no error, nothing that the CSP stops, no violation found by axe, at home on every width."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Response
from playwright.sync_api import Page as Tab

from tests.browser.conftest import Site
from tests.browser.pages import PAGES, Page

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}
AXE = Axe().axe_script


class Complaints:
    """What the browser complains about while a page is open."""

    def __init__(self, tab: Tab, expected_status: int) -> None:
        self.heard: list[str] = []
        self._expected = expected_status
        self._tab = tab
        tab.on("console", self._console)
        tab.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        tab.on("requestfailed", lambda request: self.heard.append(f"not loaded: {request.url} {request.failure}"))
        tab.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # That the page itself answers 404 is what some tests ask for; the browser notes it as an error all the same.
        of_the_page = self._expected >= 400 and message.location.get("url") == self._tab.url
        if message.type in ("error", "warning") and not of_the_page:
            self.heard.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.heard.append(f"{response.status}: {response.url}")


@pytest.mark.parametrize("entry", PAGES, ids=str)
def test_page(entry: Page, site: Site, visit: Callable[..., BrowserContext]) -> None:
    user = site.world.own.users[entry.role] if entry.role else None
    tab = visit(user, viewport=DESKTOP).new_page()
    complaints = Complaints(tab, entry.status)

    answer = tab.goto(site.url + entry.url(site.world), wait_until="load")
    assert answer is not None
    assert answer.status == entry.status
    # Asked before axe and the camera come in, which put styles of their own into the page.
    assert not tab.evaluate("window.violations")
    assert not complaints.heard
    assert tab.locator("h1:visible").count() == 1
    assert tab.title().strip(" –") != "Kohtaanto"
    assert not _violations(tab, entry), "at 1366"
    _shoot(tab, entry, "desktop")

    tab.set_viewport_size(PHONE)
    assert not _sideways(tab), "scrolls sideways at 390"
    assert tab.locator("h1:visible").count() == 1
    assert not _violations(tab, entry), "at 390"
    _shoot(tab, entry, "phone")
    tab.set_viewport_size(NARROWEST)
    assert not _sideways(tab), "scrolls sideways at 320"

    tab.set_viewport_size(DESKTOP)
    tab.emulate_media(color_scheme="dark")
    assert not _violations(tab, entry, only=("color-contrast",)), "in the dark"
    _shoot(tab, entry, "dark")
    if entry.printed:
        tab.emulate_media(media="print", color_scheme="light")
        assert tab.locator("h1:visible").count() == 1, "on paper"
        assert tab.locator("body > header:visible").count() == 0, "the bar on paper"
        _shoot(tab, entry, "paper")


def _sideways(tab: Tab) -> str | None:
    """The element that sticks out furthest where the page scrolls sideways."""
    found: str | None = tab.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return null;
            const all = [...document.querySelectorAll("body *")];
            const right = (one) => one.getBoundingClientRect().right;
            const widest = all.reduce((a, b) => (right(b) > right(a) ? b : a));
            return `${root.scrollWidth} > ${root.clientWidth}: ${widest.outerHTML.slice(0, 200)}`;
        }"""
    )
    return found


def _violations(tab: Tab, page: Page, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds: rule, element, what is wrong with it."""
    # Only rules that are off read the style sheets, and axe asks for those that they import at wrong addresses.
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if only:
        options["runOnly"] = list(only)
    elif page.axe_off:
        options["rules"] = {rule: {"enabled": False} for rule in page.axe_off}
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE)
    found = tab.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"][:5]]


def _shoot(tab: Tab, page: Page, look: str) -> None:
    """Keep a picture where SCREENSHOTS names a folder: for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        name = "".join(c if c.isalnum() else "-" for c in str(page))
        tab.screenshot(path=Path(folder) / f"{name}.{look}.png", full_page=True)
