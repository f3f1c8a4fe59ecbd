"""Secrets of a demo or test installation: made once, kept in a file that only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path

from portal.devtools.say import Trouble


def _key() -> str:
    """32 random bytes in the form that Fernet and the blind index take."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def new_secrets() -> dict[str, str]:
    """A fresh value for every secret that the portal and its servers need."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "IDENTITY_KEYS": _key(),
        "IDENTITY_INDEX_KEY": _key(),
        "MFA_KEYS": _key(),
        "ACCESS_LOG_KEY": _key(),
        "DATABASE_PASSWORD": secrets.token_hex(24),
        "VALKEY_PASSWORD": secrets.token_hex(24),
    }


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read (mode 0600), in one step."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def load_secrets(path: Path) -> dict[str, str]:
    """The secrets kept in `path`; what is missing is made and added."""
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise Trouble(f"{path} cannot be read as JSON: mend it, or remove it together with its folder.") from None
    complete = new_secrets() | kept
    if complete != kept:
        write_private(path, json.dumps(complete, indent=1) + "\n")
    return complete
