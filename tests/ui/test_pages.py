"""The frame of every page: headers, languages, errors, the public statements, one's own account."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import translation
from pytest_django.asserts import assertTemplateUsed
from zeal import zeal_ignore

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import choose_language
from portal.ui import errors
from portal.urls import urlpatterns as portal_patterns
from tests.factories import PASSWORD, UserFactory, with_role
from tests.second_factor import fresh_code
from tests.ui.html import Element, faults, read

PUBLIC = ("/tili/login/", "/tili/password/reset/", "/saavutettavuus/", "/tietosuoja/", "/palaute/")
LANGUAGES = ("fi", "sv", "en")

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise ZeroDivisionError


def refused(request: HttpRequest) -> HttpResponse:
    """A request that cannot be understood."""
    raise BadRequest("secret-detail")


urlpatterns = [*portal_patterns, path("testi/vika/", broken), path("testi/pyynto/", refused)]
handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.permission_denied"
handler404 = "portal.ui.errors.page_not_found"
handler500 = "portal.ui.errors.server_error"


@pytest.fixture
def coach(client: Client) -> Iterator[User]:
    """A signed-in personal coach."""
    user = with_role(Role.CASE_WORKER, first_name="Sisu", last_name="Esimerkki")
    client.force_login(user)
    return user


def page_of(answer: HttpResponse) -> Element:
    page = read(answer.content)
    assert not faults(page)
    return page


def sign_in(client: Client, user: User) -> HttpResponse:
    """Sign in through the pages, password and code; allauth asks twice for the address, which is not ours to mend."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with zeal_ignore():
        client.post("/tili/login/", {"login": user.email, "password": PASSWORD})
        answer = client.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert client.session["_auth_user_id"] == str(user.pk)
    return answer


@pytest.mark.parametrize("url", PUBLIC)
@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_come_in_each_language(client: Client, url: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(url)
    assert answer.status_code == 200
    page = page_of(answer)
    assert page.one("html").attrs["lang"] == language
    assert page.one("main").attrs["id"] == "sisalto"
    assert len(list(page.all("h1"))) == 1
    assert next(page.one("body").all("a")).attrs["href"] == "#sisalto", "the first thing is the way past the menu"


def test_the_security_headers_are_on_every_page(client: Client) -> None:
    for answer in (client.get("/tili/login/"), client.get("/ei-ole/")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_htmx_runs_no_code_and_keeps_no_pages(client: Client) -> None:
    page = page_of(client.get("/tili/login/"))
    (config,) = [meta.attrs["content"] for meta in page.all("meta") if meta.attrs.get("name") == "htmx-config"]
    for setting in (
        '"allowEval":false',
        '"allowScriptTags":false',
        '"includeIndicatorStyles":false',
        '"historyCacheSize":0',
    ):
        assert setting in config


# --- Languages -----------------------------------------------------------------------------------------------------
def test_a_visitor_changes_the_language_by_a_button(client: Client) -> None:
    form = next(one for one in page_of(client.get("/palaute/")).all("form") if one.attrs["action"] == "/kieli/")
    assert [(b.attrs["value"], b.attrs["lang"], b.text) for b in form.all("button")] == [
        ("fi", "fi", "Suomi"),
        ("sv", "sv", "Svenska"),
        ("en", "en", "English"),
    ]
    answer = client.post("/kieli/", {"language": "sv", "next": "/palaute/"}, follow=True)
    assert answer.redirect_chain == [("/palaute/", 302)]
    assert page_of(answer).one("html").attrs["lang"] == "sv"


def test_the_language_switch_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/kieli/", {"language": "sv", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_a_saved_language_is_spoken_at_once_and_after_the_next_sign_in(client: Client, coach: User) -> None:
    answer = client.post("/tili/oma/", {"language": "sv"}, follow=True)
    assert page_of(answer).one("html").attrs["lang"] == "sv"
    coach.refresh_from_db()
    assert coach.language == "sv"

    another_browser = Client()
    signed_in = sign_in(another_browser, coach)
    assert signed_in.status_code == 302
    assert another_browser.cookies[settings.LANGUAGE_COOKIE_NAME].value == "sv"


def test_a_language_chosen_in_the_browser_stays_at_sign_in(client: Client) -> None:
    user = with_role(Role.CASE_WORKER, language="fi")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(client, user)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_a_language_that_the_portal_does_not_speak_is_refused(client: Client, coach: User) -> None:
    answer = client.post("/tili/oma/", {"language": "xx"})
    assert answer.status_code == 200
    with translation.override("fi"):
        assert page_of(answer).one("title").text.startswith(("Virhe:", "Error:"))
    with pytest.raises(ValueError, match="language"):
        choose_language(coach, "xx")
    coach.refresh_from_db()
    assert coach.language == "fi"


# --- One's own account ---------------------------------------------------------------------------------------------
def test_ones_own_account_shows_the_roles_in_force(client: Client, coach: User) -> None:
    page = page_of(client.get("/tili/oma/"))
    roles = next(one for one in page.all("section") if one.attrs["aria-labelledby"] == "roolit")
    membership = coach.memberships.get()
    assert membership.get_role_display().capitalize() in roles.text
    assert str(membership.area) in roles.text
    assert coach.email in page.text


def test_a_person_without_a_role_is_told_what_to_do(client: Client) -> None:
    client.force_login(UserFactory())
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [("/tili/oma/", 302)]
    assertTemplateUsed(answer, "accounts/what_next.html")


def test_signing_out_is_a_button(client: Client, coach: User) -> None:
    forms = [one for one in page_of(client.get("/tili/oma/")).all("form") if one.attrs.get("action") == "/tili/logout/"]
    assert forms
    assert all(one.attrs["method"] == "post" for one in forms)


def test_a_wrong_password_is_told_on_top(client: Client) -> None:
    page = page_of(client.post("/tili/login/", {"login": "nobody@example.org", "password": "wrong-password"}))
    assert any("k-errors" in one.classes() for one in page.all("div"))
    assert page.one("title").text.startswith(("Virhe:", "Error:"))


# --- The component page --------------------------------------------------------------------------------------------
def test_the_component_page_is_without_faults(client: Client) -> None:
    client.force_login(with_role(Role.ADMINISTRATOR))
    for url in ("/tyyli/", "/tyyli/?sort=-places&page=3&town=kemi"):
        assert len(list(page_of(client.get(url)).all("section"))) >= 10


# --- Errors --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/ei-ole/?hakusana=salaisuus")
    assert answer.status_code == 404
    page = page_of(answer)
    assert page.one("html").attrs["lang"] == language
    assert "ei-ole" not in page.one("main").text


def test_a_page_that_the_role_does_not_open(client: Client, coach: User) -> None:
    answer = client.get("/tyyli/")
    assert answer.status_code == 403
    assert page_of(answer).one("h1").text


def test_a_form_from_elsewhere_is_refused_in_our_look(coach: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coach)
    answer = strict.post("/tili/oma/", {"language": "sv"})
    assert answer.status_code == 403
    page_of(answer)
    coach.refresh_from_db()
    assert coach.language == "fi"


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_that_cannot_be_understood_keeps_its_details(client: Client, coach: User) -> None:
    answer = client.get("/testi/pyynto/")
    assert answer.status_code == 400
    assert "secret-detail" not in page_of(answer).text


@override_settings(ROOT_URLCONF=__name__)
def test_our_own_fault_is_told_in_three_languages_without_queries(
    client: Client, coach: User, django_assert_num_queries: object
) -> None:
    client.raise_request_exception = False
    answer = client.get("/testi/vika/")
    assert answer.status_code == 500
    page = page_of(answer)
    assert page.one("html").attrs["lang"] == "fi"
    assert [section.attrs["lang"] for section in page.all("section")] == ["sv", "en"]
    with django_assert_num_queries(0):  # type: ignore[operator]
        errors.server_error(RequestFactory().get("/"))


def test_our_own_fault_is_told_even_where_the_template_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_template(name: str) -> None:
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors.loader, "get_template", no_template)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Palvelussa on vika" in answer.content.decode()
