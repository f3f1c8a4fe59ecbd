"""Production settings say what is missing, a copied .env.example without values sets nothing, and no server guesses."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from portal.devtools.variables import read_env_file

WHOLE = {
    "SECRET_KEY": "a-long-random-text-" * 4,
    "ALLOWED_HOSTS": "tyollisyys.example",
    "DATABASE_URL": "postgres://user:password@127.0.0.1/kohtaanto",
    "REDIS_URL": "redis://127.0.0.1",
    "IDENTITY_KEYS": "dGVzdC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM=",
    "IDENTITY_INDEX_KEY": "another-long-random-text-of-its-own",
    "MFA_KEYS": "dGVzdC1rZXktZm9yLXNlY29uZC1mYWN0b3JzLTMyLWI=",
    "ACCESS_LOG_KEY": "one-more-long-random-text-of-its-own",
    "ACCESS_LOG_SEAL_KEYS": "a-key-of-seals-that-is-long-and-random",
    "ACCESS_LOG_DATABASE_URL": "postgres://writer:password@127.0.0.1/kohtaanto",
    "RETENTION_KEYS": "a-key-of-proofs-that-is-long-and-random",
    "EMAIL_URL": "smtp://127.0.0.1",
    "DEFAULT_FROM_EMAIL": "kohtaanto@tyollisyys.example",
    "SITE_URL": "https://tyollisyys.example",
}


SHOW = "import portal.settings.production as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG, s.DEMO_ACCOUNTS)"


def start(environ: dict[str, str], program: str = SHOW) -> subprocess.CompletedProcess[str]:
    """A process of its own that reads the production settings, as a server would."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program], env=kept | environ, cwd=settings.BASE_DIR, capture_output=True, text=True
    )


def test_production_starts_with_all_that_it_needs() -> None:
    assert start(WHOLE).stdout.split() == ["True", "False", "False"]


def test_production_does_not_let_the_owner_of_the_tables_write_the_access_log() -> None:
    for log in ("", WHOLE["DATABASE_URL"]):
        refused = start(WHOLE | {"ACCESS_LOG_DATABASE_URL": log})
        assert refused.returncode
        assert "ACCESS_LOG_DATABASE_URL" in refused.stderr


def test_production_names_every_value_that_is_missing_or_empty() -> None:
    refused = start({"SECRET_KEY": "short", "DATABASE_URL": "", "REDIS_URL": "", "SITE_URL": "http://plain.example"})

    assert refused.returncode
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured")
    assert [name for name in WHOLE if name not in last] == []


def test_the_example_of_settings_sets_nothing() -> None:
    assert read_env_file(settings.BASE_DIR / ".env.example") == {}


@pytest.mark.parametrize("entry", ["portal.wsgi", "portal.celery"])
@pytest.mark.parametrize("chosen", [{}, {"DJANGO_SETTINGS_MODULE": ""}])
def test_a_server_does_not_guess_its_settings(entry: str, chosen: dict[str, str]) -> None:
    refused = start(WHOLE | chosen, f"import {entry}")

    assert refused.returncode
    last = refused.stderr.strip().splitlines()[-1]
    assert last == (
        "django.core.exceptions.ImproperlyConfigured: "
        "DJANGO_SETTINGS_MODULE is not set: set it to portal.settings.production and start again."
    )


@pytest.mark.parametrize("entry", ["portal.wsgi", "portal.celery"])
def test_a_server_takes_the_settings_that_it_is_told(entry: str) -> None:
    told = {"DJANGO_SETTINGS_MODULE": "portal.settings.production"}
    program = f"import {entry}; from django.conf import settings; print(settings.SETTINGS_MODULE)"

    assert start(WHOLE | told, program).stdout.split() == ["portal.settings.production"]
