"""Error pages and the log say that something went wrong, and nothing of what was in it."""

import logging
import re

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

import portal.urls
from portal.accounts.roles import Role
from portal.runs.logs import LineFormatter
from tests.factories import with_role

SECRET = "Kvasimodolainen 010190-998V"
LEAKS = re.compile(
    r"Traceback|File \"|/site-packages/|\.py\b|line \d+|SELECT |INSERT |UPDATE |psycopg|django\.|"
    r"IntegrityError|RuntimeError|DETAIL|SECRET_KEY|DATABASE|postgres|Kvasimodolainen|010190|Exception",
)


@login_not_required
def _breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


@login_not_required
def _breaks_in_the_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [SECRET])
    return HttpResponse()


@login_not_required
def _breaks_a_constraint(request: HttpRequest) -> HttpResponse:
    raise IntegrityError(f"DETAIL: Key (email)=({SECRET}) already exists.")


@login_not_required
def _refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


@login_not_required
def _finds_nothing(request: HttpRequest) -> HttpResponse:
    raise Http404(SECRET)


@login_not_required
def _suspects(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


urlpatterns = [
    *portal.urls.urlpatterns,
    path("e/500/", _breaks),
    path("e/database/", _breaks_in_the_database),
    path("e/constraint/", _breaks_a_constraint),
    path("e/403/", _refuses),
    path("e/404/", _finds_nothing),
    path("e/400/", _suspects),
]
handler400, handler403 = portal.urls.handler400, portal.urls.handler403
handler404, handler500 = portal.urls.handler404, portal.urls.handler500

BREAKING = {
    "/e/500/": 500,
    "/e/database/": 500,
    "/e/constraint/": 500,
    "/e/403/": 403,
    "/e/404/": 404,
    "/e/400/": 400,
    f"/ei-ole/{SECRET}/": 404,
}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("url", BREAKING)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_tells_nothing_of_what_went_wrong(url: str, language: str) -> None:
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(with_role(Role.CASE_WORKER))
    for client in (Client(raise_request_exception=False), signed_in):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(url)
        assert response.status_code == BREAKING[url]
        page = re.sub(r'"[^"]*/kieli/[^"]*"|name="next" value="[^"]*"', "", response.content.decode())
        assert not LEAKS.search(page), LEAKS.search(page)
        assert "<h1" in page


@pytest.mark.django_db
def test_a_forged_form_is_told_without_its_reason() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(with_role(Role.CASE_WORKER))
    response = client.post(reverse("accounts:own"), {"language": "sv"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert not LEAKS.search(response.content.decode())
    assert "CSRF" not in response.content.decode()
    assert "evil.example" not in response.content.decode()


def lines_of(caplog: pytest.LogCaptureFixture) -> str:
    """The log as it is written in production."""
    formatter = LineFormatter("{levelname} {name} {message}", style="{")
    return "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("url", [url for url in BREAKING if url.startswith("/e/")])
def test_the_log_tells_where_and_what_kind_and_no_values(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Client(raise_request_exception=False).get(url)
    written = lines_of(caplog)
    assert "Kvasimodolainen" not in written
    assert "010190" not in written
    if BREAKING[url] == 500:
        assert "test_error_pages" in written, "the place in the code is told"
        assert "Error" in written


def test_the_formatter_of_the_log_is_the_one_that_leaves_values_out() -> None:
    [formatter] = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}
    assert settings.LOGGING["formatters"][formatter]["()"] == "portal.runs.logs.LineFormatter"
    assert settings.CELERY_WORKER_HIJACK_ROOT_LOGGER is False


@pytest.mark.django_db
def test_what_is_typed_into_an_address_or_a_form_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    client.force_login(with_role(Role.CASE_WORKER))
    client.post(reverse("seekers:search"), {"q": SECRET})
    client.post(reverse("seekers:search"), {"q": SECRET, "filters": f"q={SECRET}"})
    client.get(reverse("seekers:list"), {"q": SECRET, "occupation": SECRET})
    client.get(reverse("ui:components"), {"q": SECRET})
    client.post(reverse("account_login"), {"login": f"{SECRET}@example.org", "password": SECRET})
    written = "\n".join(line for line in lines_of(caplog).splitlines() if "django.db.backends" not in line)
    assert "Kvasimodolainen" not in written
    assert "010190" not in written


@override_settings(DEBUG=False)
def test_nobody_is_mailed_what_went_wrong() -> None:
    # Django's own handler would put the request, its form included, into a mail to settings.ADMINS.
    assert not settings.ADMINS
    assert not settings.MANAGERS
