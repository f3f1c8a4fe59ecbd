"""Requests made to mislead: forged hosts, forged forms, forged methods, addresses that lead astray."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.addresses import addresses
from tests.factories import PASSWORD, UserFactory, with_role
from tests.permission_matrix import ROWS, rule_for
from tests.permission_questions import cases, rule_cases
from tests.portal.security.sendings import sendings, sendings_to_others
from tests.second_factor import fresh_code
from tests.world import World

EVIL = "evil.example"
LEADS_ON = ("next", "url", "redirect", "redirect_to", "return_to", "continue", "back", "goto", "filters")
"""Names by which forms and links tell where to go on; those that the portal uses, and those that it might."""
ASTRAY = (
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"https:{EVIL}",
    f"https:///{EVIL}",
    f"///{EVIL}",
    f"javascript:alert('{EVIL}')",
    f"data:text/html,{EVIL}",
    f" https://{EVIL}",
    f"https://testserver@{EVIL}/",
    f"https://testserver.{EVIL}/",
    f"/%09/{EVIL}",
    f"\thttps://{EVIL}",
)
EXEMPT_FROM_CSRF = {
    "outbox:contact_answer": "opened from a message, without a session: the link's own secret says who answers",
    "outbox:unsubscribe": "one click in a mail program (RFC 8058), as above",
}
"""Addresses that take a POST without a token, and why."""


def leads_astray(response: HttpResponseBase) -> bool:
    """Whether the answer sends a browser to another host (as browsers read addresses: \\ is /, tabs are nothing)."""
    location = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    if re.match(r"https?:", read, re.IGNORECASE) or read.startswith("//"):
        return not re.match(r"(?:https?:)?//testserver(?:/|$)", read)
    return bool(urlsplit(read).scheme)


def signed_in(user: User | None, **options: object) -> Client:
    """A browser of a person."""
    client = Client(**options)  # type: ignore[arg-type]  options of the client
    if user is not None:
        client.force_login(user)
    return client


# --- Hosts -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("host", [EVIL, f"testserver.{EVIL}", f"testserver:80@{EVIL}", "testserver/x", ""])
def test_a_request_for_another_host_is_refused(host: str) -> None:
    response = Client().get(reverse("ui:privacy"), headers={"Host": host})
    assert response.status_code == 400
    assert EVIL not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_no_other_header_says_which_host_or_page_this_is(header: str) -> None:
    value = f"host={EVIL}" if header == "Forwarded" else f"/{EVIL}/" if "URL" in header else EVIL
    response = Client().get("/", headers={header: value}, follow=True)
    assert response.status_code == 200
    assert EVIL not in response.content.decode()
    assert all(EVIL not in url for url, _status in response.redirect_chain)


@pytest.mark.django_db
def test_the_mail_with_a_new_password_leads_to_the_portal_whatever_the_request_says() -> None:
    user = with_role(Role.CASE_WORKER)
    user.emailaddress_set.get_or_create(email=user.email, defaults={"verified": True, "primary": True})
    headers = {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "http", "Referer": f"https://{EVIL}/", "Origin": EVIL}
    with transaction.atomic():
        Client().post(reverse("account_reset_password"), {"email": user.email}, headers=headers)
    assert all(EVIL not in f"{letter.subject} {letter.body}" for letter in mail.outbox)


# --- Where an answer leads -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("astray", ASTRAY)
@pytest.mark.django_db
def test_sign_in_sign_out_and_the_languages_lead_nowhere_else(astray: str) -> None:
    user = UserFactory(email="employer@firm.example")
    user.emailaddress_set.get_or_create(email=user.email, defaults={"verified": True, "primary": True})
    told = {"next": astray, "login": user.email, "password": PASSWORD, "language": "sv"}
    for name in ("account_login", "account_logout", "set_language", "admin:login", "account_reauthenticate"):
        for client in (Client(), signed_in(user)):
            for response in (
                client.get(reverse(name), {"next": astray}),
                client.post(reverse(name), told),
                client.post(
                    f"{reverse(name)}?{'next='}{astray.strip()}", told, headers={"Referer": f"https://{EVIL}/"}
                ),
            ):
                assert not leads_astray(response), (name, response.headers["Location"])


@pytest.mark.slow
def test_no_address_leads_to_another_host(world: World) -> None:
    astray = []
    known = addresses()
    for row in ROWS:
        for case in cases(row, world) if row.name in known else ():
            if not case.may or case.method not in ("GET", "POST") or case.object == "other":
                continue
            if row.status(case.method) is None:
                continue
            client = signed_in(case.user)
            told = dict.fromkeys(LEADS_ON, ASTRAY[0])
            headers = {"Referer": ASTRAY[0], "HX-Current-URL": ASTRAY[0]}
            with transaction.atomic():
                if case.method == "GET":
                    response = client.get(case.url, told, headers=headers)
                else:
                    response = client.post(case.url, {**told, **case.data}, headers=headers)
                transaction.set_rollback(True)
            if leads_astray(response):
                astray.append(f"{case}: {response.headers.get('Location')}")
            break
    assert not astray, "\n".join(astray)


@pytest.mark.slow
@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_no_address_made_by_others_leads_to_another_host(world: World) -> None:
    astray = []
    for address in addresses().values():
        rule = rule_for(address.name)
        for case in rule_cases(rule, address, world) if rule else ():
            if case.user != world.own.users[Role.ADMINISTRATOR]:
                continue
            client = signed_in(case.user)
            told = dict.fromkeys(LEADS_ON, ASTRAY[1])
            with transaction.atomic():
                response = client.get(case.url, told) if case.method == "GET" else client.post(case.url, told)
                transaction.set_rollback(True)
            if leads_astray(response):
                astray.append(f"{case}: {response.headers.get('Location')}")
    assert not astray, "\n".join(astray)


def test_the_judge_knows_what_browsers_make_of_addresses() -> None:
    from django.http import HttpResponse

    for location in ASTRAY[:10]:
        assert leads_astray(HttpResponse(headers={"Location": location})), location
    for location in ("/", "/tyonhakijat/?q=https://evil.example", "http://testserver/x", "https://testserver/", ""):
        assert not leads_astray(HttpResponse(headers={"Location": location})), location


# --- Forged forms ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_every_form_of_ours_asks_for_its_token(world: World) -> None:
    taken = []
    for told, case in sendings(world):
        client = signed_in(case.user, enforce_csrf_checks=True)
        with transaction.atomic():
            response = client.post(case.url, case.data, secure=True, headers={"Origin": f"https://{EVIL}"})
            without = client.post(case.url, case.data)
            transaction.set_rollback(True)
        name = told.partition(" ")[0]
        if name not in EXEMPT_FROM_CSRF and (response.status_code, without.status_code) != (403, 403):
            taken.append(f"{told}: {response.status_code}, {without.status_code}")
    assert not taken, "\n".join(taken)


@pytest.mark.slow
@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_every_form_made_by_others_asks_for_its_token(world: World) -> None:
    taken = []
    for address, case in sendings_to_others(world):
        client = signed_in(case.user, enforce_csrf_checks=True)
        with transaction.atomic():
            response = client.post(case.url, {})
            transaction.set_rollback(True)
        if response.status_code != 403:
            taken.append(f"{address.name}: {response.status_code}")
    assert not taken, "\n".join(taken)


def _views(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        yield from _views(one) if isinstance(one, URLResolver) else (one,)


def test_no_view_is_let_off() -> None:
    exempt = [str(one.pattern) for one in _views(get_resolver()) if getattr(one.callback, "csrf_exempt", False)]
    assert len(exempt) == len(EXEMPT_FROM_CSRF), exempt


@pytest.mark.django_db
def test_the_token_of_one_session_is_no_good_in_another() -> None:
    mine, other = (signed_in(with_role(Role.CASE_WORKER), enforce_csrf_checks=True) for _number in range(2))
    page = reverse("accounts:own")
    mine.get(page)
    token = mine.cookies[settings.CSRF_COOKIE_NAME].value
    assert mine.post(page, {"language": "sv", "csrfmiddlewaretoken": token}).status_code == 302
    other.get(page)
    assert other.post(page, {"language": "sv", "csrfmiddlewaretoken": token}).status_code == 403


# --- Methods ---------------------------------------------------------------------------------------------------------
OVERRIDES = {
    "X-HTTP-Method-Override": "POST",
    "X-HTTP-Method": "POST",
    "X-Method-Override": "POST",
}


@pytest.mark.slow
def test_a_request_to_read_stays_one_whatever_its_headers_say(world: World) -> None:
    changed = []
    for told, case in sendings(world):
        client = signed_in(case.user)
        plain = client.get(case.url)
        with transaction.atomic():
            # A GET that writes fails by itself: tests/strict/reading.py.
            forged = client.get(case.url, {"_method": "POST", **case.data}, headers=OVERRIDES)
            transaction.set_rollback(True)
        if forged.status_code != plain.status_code:
            changed.append(f"{told}: {forged.status_code}, not {plain.status_code}")
    assert not changed, "\n".join(changed)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "X"])
def test_strange_methods_are_refused(method: str) -> None:
    secret = "a-cookie-that-nobody-gets-back"
    client = signed_in(with_role(Role.CASE_WORKER))
    for name in ("ui:privacy", "accounts:own", "seekers:list"):
        response = client.generic(method, reverse(name), headers={"Cookie2": secret})
        assert response.status_code == 405
        assert secret not in response.content.decode()


# --- Sessions --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_signing_in_begins_a_session_that_nobody_knew_before() -> None:
    user = with_role(Role.CASE_WORKER)
    user.emailaddress_set.get_or_create(email=user.email, defaults={"verified": True, "primary": True})
    victim = Client()
    planted = "attackerattackerattackerattacker"
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted
    victim.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    halfway = victim.cookies[settings.SESSION_COOKIE_NAME].value
    answer = victim.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert answer.status_code == 302
    signed = victim.cookies[settings.SESSION_COOKIE_NAME].value
    assert len({planted, halfway, signed}) == 3, "the password gives one, the second factor another"
    assert victim.get(reverse("accounts:own")).status_code == 200
    for known in (planted, halfway):
        attacker = Client()
        attacker.cookies[settings.SESSION_COOKIE_NAME] = known
        assert attacker.get(reverse("accounts:own")).status_code == 302
        assert not Session.objects.filter(session_key=known).exists()


@pytest.mark.django_db
def test_a_session_is_gone_on_the_server_once_signed_out() -> None:
    client = signed_in(with_role(Role.CASE_WORKER))
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get(reverse("accounts:own")).status_code == 302


# --- Addresses of files ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "../portal/settings/base.py",
        "%2e%2e/portal/settings/base.py",
        "..%2fportal/settings/base.py",
        "%252e%252e%252fportal/settings/base.py",
        "css/../../portal/settings/base.py",
        "..\\portal\\settings\\base.py",
        "css/%00portal.css",
        "/etc/passwd",
        "//etc/passwd",
        "css/",
        "",
    ],
)
def test_no_file_but_static_ones_is_served(path: str) -> None:
    for client in (Client(), signed_in(with_role(Role.ADMINISTRATOR, is_staff=True))):
        response = client.get(f"/static/{path}")
        assert response.status_code in (302, 404)
        assert "SECRET_KEY" not in response.content.decode()
        assert "root:" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("tail", ["x.css", ";x.css", "%2Fx.css", "%3Bx.css", "..%2fx.css", "/.css", "%0A.css", "~x.js"])
def test_a_private_page_cannot_be_asked_for_as_if_it_were_a_static_file(tail: str) -> None:
    client = signed_in(with_role(Role.CASE_WORKER))
    for page in (reverse("accounts:own"), reverse("seekers:list")):
        response = client.get(page + tail)
        assert response.status_code in (301, 404)
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_private_page_tells_caches_that_it_depends_on_the_cookie() -> None:
    client = signed_in(with_role(Role.CASE_WORKER))
    response = client.get(reverse("seekers:list"))
    assert {"Cookie", "Accept-Language"} <= {one.strip() for one in response.headers["Vary"].split(",")}
    assert response.headers["Cache-Control"] == "no-store"
