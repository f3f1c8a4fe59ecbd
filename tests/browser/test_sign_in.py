"""Sign-in as a person walks it: password and code, enrolment with an app or a passkey, what is kept for bad days."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Page as Tab

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.browser.conftest import Site
from tests.factories import PASSWORD, with_role
from tests.second_factor import fresh_code
from tests.sign_in import confirm_address

pytestmark = pytest.mark.browser

Visit = Callable[..., BrowserContext]
AXE = Axe().axe_script


@pytest.fixture
def newcomer(site: Site) -> Iterator[User]:
    """A case worker who has a password and no second factor yet; gone afterwards, with all that was made."""
    user = with_role(Role.CASE_WORKER, site.world.own.area, email="tulokas@kemi.example.org", enrolled=False)
    confirm_address(user)
    yield user
    user.delete()


@pytest.fixture
def colleague(site: Site) -> Iterator[User]:
    """A case worker with an authenticator app."""
    user = with_role(Role.CASE_WORKER, site.world.own.area, email="kollega@kemi.example.org")
    confirm_address(user)
    yield user
    user.delete()


def is_sound(tab: Tab) -> None:
    """The page breaks no rule of the content security policy, and axe finds nothing."""
    assert not tab.evaluate("window.violations")
    tab.evaluate(AXE)
    found = tab.evaluate("async () => (await axe.run({ preload: false })).violations")
    assert not [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def type_password(tab: Tab, site: Site, user: User, path: str = "/tili/login/") -> None:
    tab.goto(site.url + path)
    tab.get_by_label("Sähköpostiosoite").fill(user.email)
    tab.get_by_label("Salasana", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Kirjaudu sisään").click()


def here(tab: Tab) -> str:
    return urlsplit(tab.url).path


def test_staff_sign_in_with_password_and_code_and_reach_the_page_they_wanted(
    site: Site, visit: Visit, colleague: User
) -> None:
    tab = visit(None).new_page()
    type_password(tab, site, colleague, "/tyonhakijat/")

    expect(tab.get_by_role("heading", level=1)).to_have_text("Kirjautumisen toinen vaihe")
    is_sound(tab)
    tab.goto(site.url + "/tyonhakijat/")
    assert here(tab) == "/tili/2fa/authenticate/", "the password alone opens nothing"
    tab.get_by_label("Koodi", exact=True).fill("000000")
    tab.get_by_role("button", name="Kirjaudu sisään").click()
    expect(tab.locator(".k-errors")).to_contain_text("Koodi ei ole oikea")
    is_sound(tab)

    tab.get_by_label("Koodi", exact=True).fill(fresh_code())
    tab.get_by_role("button", name="Kirjaudu sisään").click()
    tab.wait_for_url("**/tyonhakijat/")


def test_the_password_can_be_shown_and_hidden(site: Site, visit: Visit) -> None:
    tab = visit(None).new_page()
    tab.goto(site.url + "/tili/login/")
    field = tab.get_by_label("Salasana", exact=True)
    field.fill("kuusi sanaa ja pilkku")

    tab.get_by_role("button", name="Näytä salasana").click()
    expect(field).to_have_attribute("type", "text")
    is_sound(tab)
    tab.get_by_role("button", name="Piilota salasana").click()
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value("kuusi sanaa ja pilkku")


def test_a_newcomer_enrols_an_app_before_anything_opens_and_gets_recovery_codes_once(
    site: Site, visit: Visit, newcomer: User
) -> None:
    tab = visit(None).new_page()
    type_password(tab, site, newcomer)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Kaksivaiheinen kirjautuminen")
    is_sound(tab)
    tab.goto(site.url + "/tyonhakijat/")
    assert here(tab) == "/tili/kaksivaiheinen-kirjautuminen/"

    tab.get_by_role("link", name="Käytä sovellusta").click()
    expect(tab.locator(".k-qr svg")).to_be_visible()
    is_sound(tab)
    tab.get_by_text("Kamera ei toimi").click()
    secret = tab.get_by_label("Kirjoita tämä avain sovellukseen").input_value()
    tab.get_by_label("Sovelluksen näyttämä koodi").fill(fresh_code(secret))
    tab.get_by_role("button", name="Ota käyttöön").click()

    tab.wait_for_url("**/2fa/recovery-codes/")
    codes = tab.locator(".k-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    is_sound(tab)
    tab.reload()
    assert tab.locator(".k-codes").count() == 0, "shown once"
    tab.goto(site.url + "/tyonhakijat/")
    assert here(tab) == "/tyonhakijat/"

    other = visit(None).new_page()
    type_password(other, site, newcomer)
    other.get_by_label("Koodi", exact=True).fill(codes[3])
    other.get_by_role("button", name="Kirjaudu sisään").click()
    other.wait_for_url("**/tyonhakijat/")
    other.context.clear_cookies()
    type_password(other, site, newcomer)
    other.get_by_label("Koodi", exact=True).fill(codes[3])
    other.get_by_role("button", name="Kirjaudu sisään").click()
    expect(other.locator(".k-errors")).to_contain_text("Koodi ei ole oikea")


def test_a_passkey_is_enough_and_the_last_one_stays(site: Site, visit: Visit, newcomer: User) -> None:
    # A passkey belongs to a name, not to a number: localhost leads to the same server.
    named = Site(site.url.replace("127.0.0.1", "localhost"), site.world)
    context = visit(None)
    tab = context.new_page()
    devices = context.new_cdp_session(tab)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    type_password(tab, named, newcomer)
    tab.get_by_role("link", name="Käytä pääsyavainta").click()
    tab.get_by_label("Pääsyavaimen nimi").fill("Työkone")
    is_sound(tab)
    tab.get_by_role("button", name="Lisää pääsyavain").click()
    tab.wait_for_url("**/2fa/recovery-codes/")
    assert Authenticator.objects.filter(user=newcomer, type=Authenticator.Type.WEBAUTHN).count() == 1

    context.clear_cookies()
    type_password(tab, named, newcomer)
    is_sound(tab)
    tab.get_by_role("button", name="Käytä pääsyavainta").click()
    tab.wait_for_url("**/tyonhakijat/")

    tab.goto(named.url + "/tili/2fa/webauthn/")
    expect(tab.locator(".k-steps")).to_contain_text("Työkone")
    is_sound(tab)
    tab.get_by_role("link", name=re.compile("Poista ?: Työkone")).click()
    tab.get_by_role("link", name="Käytä pääsyavainta").or_(tab.get_by_label("Salasana", exact=True)).first.wait_for()
    is_sound(tab)
    tab.goto(named.url + "/tili/2fa/webauthn/reauthenticate/?next=/tili/2fa/webauthn/")
    tab.get_by_role("button", name="Käytä pääsyavainta").click()
    tab.wait_for_url("**/2fa/webauthn/")
    tab.get_by_role("link", name=re.compile("Nimeä uudelleen ?: Työkone")).click()
    is_sound(tab)
    tab.goto(named.url + "/tili/2fa/webauthn/")
    tab.get_by_role("link", name=re.compile("Poista ?: Työkone")).click()
    is_sound(tab)
    tab.get_by_role("button", name="Poista pääsyavain").click()
    expect(tab.locator("main")).to_contain_text("lisää ensin toinen tapa")
    assert Authenticator.objects.filter(user=newcomer, type=Authenticator.Type.WEBAUTHN).count() == 1


def test_a_refused_passkey_is_told_in_words(site: Site, visit: Visit, newcomer: User) -> None:
    tab = visit(None).new_page()
    type_password(tab, site, newcomer)  # by number: no passkey belongs to one
    tab.get_by_role("link", name="Käytä pääsyavainta").click()
    tab.get_by_role("button", name="Lisää pääsyavain").click()
    expect(tab.get_by_role("alert")).to_contain_text("Selain ei antanut pääsyavainta")
    is_sound(tab)
