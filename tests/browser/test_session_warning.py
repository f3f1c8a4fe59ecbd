"""Before a session ends people are warned and go on; nothing that they typed is lost (WCAG 2.2.1)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.sessions import limits
from portal.accounts.sessions.clock import SEEN_AT, SIGNED_IN_AT
from portal.accounts.sessions.left import WARN_S
from portal.accounts.sessions.limits import Limit
from tests.browser.conftest import Site
from tests.browser.test_sign_in import is_sound
from tests.factories import with_role
from tests.sign_in import sign_in

pytestmark = pytest.mark.browser

Visit = Callable[..., BrowserContext]
SIZES = [(1366, 900), (390, 844)]
FORM = "/palaute/"


@pytest.fixture
def worker(site: Site) -> Iterator[User]:
    user = with_role(Role.CASE_WORKER, site.world.own.area, email="hetki@kemi.example.org")
    yield user
    user.delete()


def session_of(user: User) -> Client:
    client = Client()
    sign_in(client, user, confirmed=True)
    return client


def shift(client: Client, *, seen: int = 0, began: int = 0) -> None:
    """The session was used, and began, so many seconds earlier than it says."""
    session = client.session
    session[SEEN_AT] -= seen
    session[SIGNED_IN_AT] -= began
    session.save()


def open_page(visit: Visit, site: Site, client: Client, path: str, width: int = 1366, height: int = 900) -> Tab:
    context = visit(None, viewport={"width": width, "height": height})
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])
    tab = context.new_page()
    tab.goto(site.url + path)
    return tab


def limited(monkeypatch: pytest.MonkeyPatch, *, absolute: timedelta, idle: timedelta) -> None:
    monkeypatch.setitem(limits.SESSION_LIMITS, Role.CASE_WORKER, Limit(absolute, idle))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_who_goes_on_keeps_the_session_and_what_was_typed(
    site: Site, visit: Visit, worker: User, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    limited(monkeypatch, absolute=timedelta(hours=8), idle=timedelta(seconds=WARN_S + 54))
    client = session_of(worker)
    shift(client, seen=50)  # less than what a page notes anew
    tab = open_page(visit, site, client, "/tili/oma/", width, height)
    warning = tab.get_by_role("alertdialog", name="Istuntosi on päättymässä")
    expect(warning).to_be_hidden()
    tab.get_by_label("Svenska").check()
    expect(warning).to_be_visible(timeout=12_000)
    expect(warning).to_contain_text("Kirjoittamasi säilyy")
    expect(warning.get_by_role("button", name="Jatka")).to_be_focused()
    is_sound(tab)

    before = client.session[SEEN_AT]
    tab.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    assert client.session[SEEN_AT] > before
    assert (
        client.session[SIGNED_IN_AT] == Session.objects.get(pk=client.session.session_key).get_decoded()[SIGNED_IN_AT]
    )
    expect(tab.get_by_label("Svenska")).to_be_checked()
    expect(tab.locator("main")).to_be_visible()


def test_escape_goes_on_as_well(site: Site, visit: Visit, worker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, absolute=timedelta(hours=8), idle=timedelta(seconds=WARN_S + 53))
    client = session_of(worker)
    shift(client, seen=50)
    tab = open_page(visit, site, client, "/tili/oma/")
    warning = tab.get_by_role("alertdialog")
    expect(warning).to_be_visible(timeout=12_000)
    before = client.session[SEEN_AT]
    tab.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    assert client.session[SEEN_AT] > before


def test_the_whole_length_is_not_lengthened(
    site: Site, visit: Visit, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, absolute=timedelta(seconds=WARN_S + 2), idle=timedelta(seconds=WARN_S + 2))
    tab = open_page(visit, site, session_of(worker), "/tili/oma/")
    warning = tab.get_by_role("alertdialog")
    expect(warning).to_be_visible(timeout=12_000)
    expect(warning).to_contain_text("Tallenna keskeneräinen työsi")
    expect(warning.get_by_role("button", name="Jatka")).to_be_hidden()
    is_sound(tab)
    warning.get_by_role("button", name="Sulje").click()
    expect(warning).to_be_hidden()


def test_another_tab_that_goes_on_keeps_the_warning_away(
    site: Site, visit: Visit, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, absolute=timedelta(hours=8), idle=timedelta(seconds=WARN_S + 55))
    client = session_of(worker)
    shift(client, seen=50)
    tab = open_page(visit, site, client, "/tili/oma/")
    session = client.session
    session[SEEN_AT] += 50
    session.save()  # as the other tab does
    with tab.expect_response("**/tili/istunto/", timeout=12_000) as answer:
        pass
    assert answer.value.json()["idle"] > WARN_S
    expect(tab.get_by_role("alertdialog")).to_be_hidden()


def test_after_the_end_the_page_is_covered_and_goes_on_once_somebody_has_signed_in(
    site: Site, visit: Visit, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, absolute=timedelta(hours=8), idle=timedelta(seconds=WARN_S + 56))
    client = session_of(worker)
    shift(client, seen=50)
    tab = open_page(visit, site, client, "/tili/oma/")
    tab.get_by_label("Svenska").check()
    shift(client, seen=WARN_S + 60)
    warning = tab.get_by_role("alertdialog", name="Istuntosi on päättynyt")
    expect(warning).to_be_visible(timeout=12_000)
    backdrop = "getComputedStyle(document.querySelector('dialog'), '::backdrop').backgroundColor"
    assert "rgb(" in tab.evaluate(backdrop), "opaque: nobody reads behind it"
    is_sound(tab)
    tab.keyboard.press("Escape")
    expect(warning).to_be_visible()
    expect(warning.get_by_role("link", name="Kirjaudu toisessa välilehdessä")).to_have_attribute("target", "_blank")
    warning.get_by_role("button", name="Jatka").click()
    expect(warning).to_contain_text("Et ole vielä kirjautunut sisään")

    again = session_of(worker)
    name = settings.SESSION_COOKIE_NAME
    tab.context.add_cookies([{"name": name, "value": again.cookies[name].value, "url": site.url}])
    warning.get_by_role("button", name="Jatka").click()
    expect(warning).to_be_hidden()
    expect(tab.get_by_label("Svenska")).to_be_checked()
    tab.get_by_role("button", name="Tallenna kieli").click()
    expect(tab.locator("main")).to_contain_text("Språket")  # the form was good


def test_who_is_not_signed_in_is_not_warned(site: Site, visit: Visit) -> None:
    tab = visit(None).new_page()
    tab.goto(site.url + FORM)
    assert tab.locator("dialog").count() == 0
