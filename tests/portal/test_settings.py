"""Production settings say what is missing, and a copied .env.example without values sets nothing."""

import os
import subprocess
import sys

from django.conf import settings

from portal.devtools.variables import read_env_file

WHOLE = {
    "SECRET_KEY": "a-long-random-text-" * 4,
    "ALLOWED_HOSTS": "tyollisyys.example",
    "DATABASE_URL": "postgres://user:password@127.0.0.1/kohtaanto",
    "REDIS_URL": "redis://127.0.0.1",
    "IDENTITY_KEYS": "dGVzdC1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM=",
    "IDENTITY_INDEX_KEY": "another-long-random-text-of-its-own",
    "EMAIL_URL": "smtp://127.0.0.1",
    "DEFAULT_FROM_EMAIL": "kohtaanto@tyollisyys.example",
    "SITE_URL": "https://tyollisyys.example",
}


def start(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process of its own that reads the production settings, as a server would."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    program = "import portal.settings.production as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG, s.DEMO_ACCOUNTS)"
    return subprocess.run(
        [sys.executable, "-c", program], env=kept | environ, cwd=settings.BASE_DIR, capture_output=True, text=True
    )


def test_production_starts_with_all_that_it_needs() -> None:
    assert start(WHOLE).stdout.split() == ["True", "False", "False"]


def test_production_names_every_value_that_is_missing_or_empty() -> None:
    refused = start({"SECRET_KEY": "short", "DATABASE_URL": "", "REDIS_URL": "", "SITE_URL": "http://plain.example"})

    assert refused.returncode
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured")
    assert [name for name in WHOLE if name not in last] == []


def test_the_example_of_settings_sets_nothing() -> None:
    assert read_env_file(settings.BASE_DIR / ".env.example") == {}
