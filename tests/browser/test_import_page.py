"""The way of a file through the browser up to its check: rows with errors, and rows that could go in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from portal.accounts.roles import Role
from tests.browser.conftest import Site
from tests.browser.pages import Page
from tests.browser.test_pages import DESKTOP, PHONE, Complaints, _shoot, _sideways, _violations
from tests.jobmatching.seekers.sheets import IMPORT, as_csv, person

pytestmark = pytest.mark.browser

ROWS = {
    "right": (person(1), person(2, first_name="Eino", languages="fi:C2")),
    "wrong": (person(1, identity_code="010190-9999", languages="fi"), person(2, source_id="", licences="Q" * 90)),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_file_is_checked(kind: str, site: Site, visit: Callable[..., BrowserContext]) -> None:
    tab = visit(site.world.own.users[Role.CASE_WORKER], viewport=DESKTOP).new_page()
    complaints = Complaints(tab, 200)
    tab.goto(site.url + IMPORT)
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": as_csv(*ROWS[kind])}
    tab.set_input_files("input[type=file]", [file])
    tab.click("main form button[type=submit]")
    tab.wait_for_url("**/tarkistus/?*")

    assert tab.locator("h1:visible").count() == 1
    assert tab.locator("tbody tr").count() == (2 if kind == "right" else 4)
    may_go_in = tab.locator("main form button.btn-primary").count()
    assert may_go_in == (1 if kind == "right" else 0)
    assert not tab.evaluate("window.violations")
    assert not complaints.heard
    page = Page("seekers:import_check", Role.CASE_WORKER, query=kind)
    assert not _sideways(tab), "scrolls sideways at 1366"
    assert not _violations(tab, page), "at 1366"
    _shoot(tab, page, "desktop")
    tab.set_viewport_size(PHONE)
    assert not _sideways(tab), "scrolls sideways at 390"
    assert not _violations(tab, page), "at 390"
    _shoot(tab, page, "phone")
    tab.emulate_media(color_scheme="dark")
    assert not _violations(tab, page, only=("color-contrast",)), "in the dark"
