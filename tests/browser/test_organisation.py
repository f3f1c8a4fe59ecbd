"""Sign-in by the municipality's own provider as a person walks it, and the pages on which it ends otherwise."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import override_settings
from playwright.sync_api import BrowserContext, expect

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.browser.conftest import Site
from tests.browser.test_sign_in import is_sound
from tests.factories import with_role
from tests.portal.accounts.by_provider.fake import DOMAIN, FakeProvider, running
from tests.second_factor import fresh_code
from tests.sign_in import confirm_address

pytestmark = pytest.mark.browser

Visit = Callable[..., BrowserContext]
SIZES = [(1366, 900), (390, 844)]


@pytest.fixture
def provider(site: Site) -> Iterator[FakeProvider]:
    with running() as fake, override_settings(OIDC=fake.settings(name="Kemin kaupunki"), SITE_URL=site.url):
        yield fake


@pytest.fixture
def worker(site: Site) -> Iterator[User]:
    user = confirm_address(with_role(Role.CASE_WORKER, site.world.own.area, email=f"sisu@{DOMAIN}"))
    yield user
    user.delete()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_button_leads_to_the_organisation_and_back_to_the_wanted_page(
    site: Site, visit: Visit, provider: FakeProvider, worker: User, width: int, height: int
) -> None:
    provider.claims = {"sub": "abc", "email": worker.email, "email_verified": True, "amr": ["mfa"]}
    tab = visit(None, viewport={"width": width, "height": height}).new_page()
    tab.goto(site.url + "/tyonhakijat/")
    button = tab.get_by_role("button", name="Kirjaudu: Kemin kaupunki")
    expect(button).to_be_visible()
    is_sound(tab)
    button.click()
    # The first time: our own second factor as well.
    tab.get_by_label("Koodi", exact=True).fill(fresh_code())
    tab.get_by_role("button", name="Kirjaudu sisään").click()
    tab.wait_for_url("**/tyonhakijat/")
    assert SocialAccount.objects.get(user=worker)

    tab.goto(site.url + "/tili/oma/")
    tab.locator("main").get_by_role("button", name="Kirjaudu ulos").click()
    tab.wait_for_url("**/tili/login/**")
    tab.get_by_role("button", name="Kirjaudu: Kemin kaupunki").click()
    tab.wait_for_url(site.url + "/tyonhakijat/")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_other_ends_are_told_in_words_at_an_address_of_their_own(
    site: Site, visit: Visit, provider: FakeProvider, width: int, height: int
) -> None:
    tab = visit(None, viewport={"width": width, "height": height}).new_page()

    def try_it() -> str:
        tab.goto(site.url + "/tili/login/")
        tab.get_by_role("button", name="Kirjaudu: Kemin kaupunki").click()
        tab.wait_for_url("**/tili/organisaatio/*/")
        is_sound(tab)
        parts = urlsplit(tab.url)
        assert not parts.query
        return tab.get_by_role("heading", level=1).inner_text()

    provider.claims = {"sub": "x", "email": f"stranger@{DOMAIN}", "email_verified": True}
    assert try_it() == "Portaali ei avaudu sinulle"
    provider.claims = {"sub": "x", "nonce": "of another question"}
    assert try_it() == "Kirjautuminen ei onnistunut"
    provider.refuses = {"error": "access_denied"}
    assert try_it() == "Kirjautuminen peruttiin"
    tab.get_by_role("link", name="Takaisin kirjautumiseen").click()
    tab.wait_for_url("**/tili/login/")
