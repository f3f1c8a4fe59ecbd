"""The production settings as a server has them: the deploy check is clean, headers and cookies are as strict."""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from portal.ui.security_txt import expires, security_txt_is_valid
from tests.portal.test_settings import WHOLE, start

PRODUCTION = WHOLE | {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECURITY_TXT_EXPIRES": (datetime.now(UTC) + timedelta(days=200)).isoformat(),
}

CHECK = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
"""

ASK = """
import json, warnings
warnings.simplefilter("error")
import django
django.setup()
from django.conf import settings
plain_names = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain_names}
# No static file is asked for; a folder that a fresh checkout has.
settings.STATIC_ROOT = settings.BASE_DIR / "static"
from django.test import Client
client = Client(SERVER_NAME="tyollisyys.example")
told = {}
for url in ("/.well-known/security.txt", "/healthz"):
    answer = client.get(url, secure=True)
    told[url] = [answer.status_code, dict(answer.headers), answer.content.decode()]
answer = client.get("/tili/login/")
told["plain"] = [answer.status_code, dict(answer.headers), ""]
names = ("SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_")
told["settings"] = {n: getattr(settings, n) for n in dir(settings) if n.startswith(names) or n == "DEBUG"}
print(json.dumps(told, default=str))
"""


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """What a process with the production settings answers and is set to."""
    asked = start(PRODUCTION, ASK)
    assert asked.returncode == 0, asked.stderr
    told: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    return told


def test_the_deploy_check_is_clean() -> None:
    checked = start(PRODUCTION, CHECK)
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_the_deploy_check_fails_when_something_is_loosened() -> None:
    checked = start(PRODUCTION | {"SECURE_SSL_REDIRECT": "false", "SECURE_HSTS_SECONDS": "0"}, CHECK)
    assert checked.returncode
    assert "security.W004" in checked.stderr
    assert "security.W008" in checked.stderr


def test_answers_over_https_carry_hsts_for_a_year(production: dict[str, Any]) -> None:
    for url in ("/.well-known/security.txt", "/healthz"):
        status, headers, _body = production[url]
        assert status == 200
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_plain_http_is_sent_on(production: dict[str, Any]) -> None:
    status, headers, _body = production["plain"]
    assert (status, headers["Location"]) == (301, "https://tyollisyys.example/tili/login/")


def test_every_cookie_is_for_this_host_over_https_and_out_of_reach_of_scripts(production: dict[str, Any]) -> None:
    set_to = production["settings"]
    assert set_to["DEBUG"] is False
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        # The prefix makes browsers refuse the cookie unless it is Secure, of this host alone and for the whole path.
        assert set_to[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert set_to[f"{kind}_COOKIE_SECURE"] is True
        assert set_to[f"{kind}_COOKIE_HTTPONLY"] is True
        assert set_to[f"{kind}_COOKIE_SAMESITE"] in ("Lax", "Strict")
        assert set_to[f"{kind}_COOKIE_DOMAIN"] is None
        assert set_to[f"{kind}_COOKIE_PATH"] == "/"


# --- security.txt ----------------------------------------------------------------------------------------------------
def test_security_txt_says_what_rfc_9116_asks_for(production: dict[str, Any]) -> None:
    _status, headers, body = production["/.well-known/security.txt"]
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in body.splitlines()]
    told = dict(fields)
    assert told["Contact"].startswith("mailto:")
    assert parse_datetime(told["Expires"]) == parse_datetime(PRODUCTION["SECURITY_TXT_EXPIRES"]).replace(microsecond=0)
    assert told["Preferred-Languages"] == "fi, sv, en"
    assert told["Canonical"] == "https://tyollisyys.example/.well-known/security.txt"
    assert [name for name, _value in fields].count("Expires") == 1


def test_several_contacts_come_in_their_order(client: Client, settings: LazySettings) -> None:
    settings.SECURITY_CONTACTS = ["https://tyollisyys.example/turva", "mailto:turva@tyollisyys.example"]
    lines = client.get(reverse("ui:security_txt")).content.decode().splitlines()
    assert [line for line in lines if line.startswith("Contact")] == [
        "Contact: https://tyollisyys.example/turva",
        "Contact: mailto:turva@tyollisyys.example",
    ]


def warnings() -> list[str]:
    """Ids of what the deploy check says about the file."""
    return [str(one.id) for one in security_txt_is_valid()]


@pytest.mark.parametrize(
    ("days", "told"), [(365, []), (31, []), (29, ["ui.W002"]), (1, ["ui.W002"]), (-1, ["ui.W002"]), (400, ["ui.W003"])]
)
def test_it_does_not_expire_unnoticed(settings: LazySettings, days: int, told: list[str]) -> None:
    settings.SECURITY_TXT_EXPIRES = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    assert warnings() == told


def test_where_nothing_is_set_it_never_runs_out(client: Client, settings: LazySettings) -> None:
    assert settings.SECURITY_TXT_EXPIRES == ""
    for year in (2026, 2029, 2041):
        with time_machine.travel(datetime(year, 11, 22, 23, 59, tzinfo=UTC), tick=False):
            [line] = [
                line
                for line in client.get(reverse("ui:security_txt")).content.decode().splitlines()
                if line.startswith("Expires")
            ]
            until = parse_datetime(line.partition(": ")[2])
            assert until is not None
            assert timedelta(days=179) < until - datetime.now(UTC) < timedelta(days=181)
            assert warnings() == []


@pytest.mark.parametrize("text", ["soon", "2027-11-01", "2027-11-01T00:00:00", "2027-13-01T00:00:00Z"])
def test_a_time_without_a_zone_is_no_time(settings: LazySettings, text: str) -> None:
    settings.SECURITY_TXT_EXPIRES = text
    assert expires() is None
    assert warnings() == ["ui.W001"]


@pytest.mark.parametrize("contacts", [[], ["turva@tyollisyys.example"], ["http://plain.example"]])
def test_a_contact_is_an_address(settings: LazySettings, contacts: list[str]) -> None:
    settings.SECURITY_CONTACTS = contacts
    assert "ui.W004" in warnings()


@pytest.mark.django_db
def test_the_check_runs_with_those_of_a_deployment(settings: LazySettings) -> None:
    settings.SECURITY_TXT_EXPIRES = "soon"
    assert security_txt_is_valid in registry.deployment_checks
    assert "ui.W001" in [one.id for one in run_checks(include_deployment_checks=True, tags=["security"])]
    assert "ui.W001" not in [one.id for one in run_checks(tags=["security"])]


def test_these_tests_look_at_the_portal_of_this_python() -> None:
    assert start(PRODUCTION, "import sys; print(sys.prefix)").stdout.strip() == sys.prefix
