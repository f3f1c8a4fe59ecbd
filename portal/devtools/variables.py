"""Environment variables: what the person set (in the shell or in .env), and what the launcher adds for the portal."""

import os
from collections.abc import Mapping
from pathlib import Path

from portal.devtools.paths import CHECKOUT, VENV, StateFolder

_SECRETS = ("SECRET_KEY", "IDENTITY_KEYS", "IDENTITY_INDEX_KEY", "MFA_KEYS", "ACCESS_LOG_KEY")


def read_env_file(path: Path) -> dict[str, str]:
    """The NAME=value lines of an .env file; comments, empty values and an `export` before the name are passed over."""
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        value = value.strip().strip("\"'")
        if separator and value and not name.startswith("#"):
            found[name.strip()] = value
    return found


def given() -> dict[str, str]:
    """The person's own environment; the shell wins over .env. Empty values count as not set."""
    shell = {name: value for name, value in os.environ.items() if value}
    return read_env_file(CHECKOUT / ".env") | shell


def for_portal(
    environ: Mapping[str, str], state: StateFolder, secrets: Mapping[str, str], urls: Mapping[str, str], module: str
) -> dict[str, str]:
    """The environment of manage.py, web, worker, beat and pytest.

    `urls` holds DATABASE_URL and REDIS_URL, `module` the settings module to use unless the person chose one.
    """
    defaults = {"DJANGO_SETTINGS_MODULE": module} | {name: secrets[name] for name in _SECRETS}
    defaults |= {"NUMBA_CACHE_DIR": str(state.numba_cache)}
    added = {
        "KOHTAANTO_STATE_DIR": str(state.root),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUNBUFFERED": "1",
        "C_FORCE_ROOT": "1",  # Celery's warning about root is for servers, not for a demo in a container
    }
    return defaults | dict(environ) | added | dict(urls)
