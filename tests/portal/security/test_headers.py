"""Security headers of what is no ordinary answer of an address: errors, redirects, static files, signing out.

Every address x method x role is judged by the permission matrix (tests/test_permission_matrix.py).
"""

import re

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

import portal.urls
from portal.accounts.roles import Role
from portal.ui.middleware import PERMISSIONS_POLICY
from tests.factories import with_role
from tests.portal.security.headers import directives, wrong_headers


# --- Answers that no view gives --------------------------------------------------------------------------------------
@login_not_required
def _breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


@login_not_required
def _kept_for_a_day(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("for everybody")
    response["Cache-Control"] = "public, max-age=86400"
    return response


urlpatterns = [*portal.urls.urlpatterns, path("breaks/", _breaks), path("kept/", _kept_for_a_day)]
handler400, handler403 = portal.urls.handler400, portal.urls.handler403
handler404, handler500 = portal.urls.handler404, portal.urls.handler500


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("url", "headers", "status"),
    [
        ("/ei-ole/", {}, 404),
        ("/static/ei-ole.css", {}, 404),
        ("/breaks/", {}, 500),
        ("/tietosuoja", {}, 301),
        ("/tietosuoja/", {"Host": "evil.example"}, 400),
    ],
)
def test_errors_and_redirects_send_them(url: str, headers: dict[str, str], status: int) -> None:
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(with_role(Role.CASE_WORKER))
    for client in (Client(raise_request_exception=False), signed_in):
        response = client.get(url, secure=True, headers=headers)
        assert response.status_code == status
        assert not wrong_headers(response.headers)
        assert "no-store" in response.headers["Cache-Control"]


@override_settings(SECURE_SSL_REDIRECT=True)
def test_plain_http_is_sent_on_with_headers() -> None:
    response = Client().get("/tietosuoja/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/tietosuoja/")
    assert directives(response.headers)["frame-ancestors"] == "'none'"


def test_static_files_send_them_and_may_be_kept() -> None:
    response = Client().get("/static/css/portal.css", secure=True)
    assert response.status_code == 200
    assert not wrong_headers(response.headers)
    assert "no-store" not in response.headers["Cache-Control"]
    assert b"".join(response)  # reads to the end, which closes the file


@pytest.mark.django_db
def test_a_method_that_is_refused_sends_them() -> None:
    response = Client().put(reverse("ui:privacy"))
    assert response.status_code == 405
    assert "Content-Security-Policy" in response.headers


# --- Caches ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_page_for_everybody_is_kept_only_for_those_without_a_session(client: Client) -> None:
    assert client.get("/kept/").headers["Cache-Control"] == "public, max-age=86400"
    assert client.get("/kept/", headers={"Authorization": "Bearer x"}).headers["Cache-Control"] == "no-store"
    client.force_login(with_role(Role.CASE_WORKER))
    assert client.get("/kept/").headers["Cache-Control"] == "no-store"
    assert client.get(reverse("ui:security_txt")).headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_signing_out_clears_the_browser_and_nothing_else_does(client: Client) -> None:
    client.force_login(with_role(Role.CASE_WORKER))
    assert "Clear-Site-Data" not in client.get(reverse("account_logout")).headers
    response = client.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("account_login")).headers


# --- Powers ----------------------------------------------------------------------------------------------------------
def test_every_power_is_off_but_passkeys_of_our_own() -> None:
    powers = dict(one.split("=", 1) for one in PERMISSIONS_POLICY.split(", "))
    assert {name for name, whom in powers.items() if whom != "()"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert set(powers.values()) == {"()", "(self)"}
    assert {"camera", "microphone", "geolocation", "payment", "usb", "display-capture"} <= powers.keys()


def test_no_template_holds_style_or_script_inline() -> None:
    inline = re.compile(r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    found = [
        f"{file.relative_to(settings.BASE_DIR)}: {match[0]}"
        for file in sorted((settings.BASE_DIR / "templates").rglob("*.html"))
        if "outbox" not in file.parts  # mails: no policy reaches them, and mail programs know no style sheets
        for match in inline.finditer(file.read_text(encoding="utf-8"))
    ]
    assert not found
