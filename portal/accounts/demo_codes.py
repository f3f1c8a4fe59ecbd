"""Second factors of the demo's people: kept in the state folder, so that a telephone once set up stays so."""

import base64
import json
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from portal.accounts.second_factor.keys import decrypt, encrypt
from portal.accounts.users import User
from portal.devtools.paths import state_folder
from portal.devtools.secrets import write_private

STEP_S: Final = 30


def _file() -> Path:
    return Path(settings.DEMO_SECRETS_FILE or state_folder().root / "demo-codes.json")


def _kept() -> dict[str, str]:
    path = _file()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept


def app_keys() -> dict[str, str]:
    """E-mail address -> key to be typed into an authenticator app, as the file has them."""
    return _kept()


def enrol(people: Iterable[User]) -> None:
    """Give each an authenticator app with the secret of the file, made and added where it is missing."""
    users = list(people)
    kept = _kept()
    missing = {user.email: base64.b32encode(secrets.token_bytes(20)).decode() for user in users} | kept
    if missing != kept:
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(missing, indent=1, sort_keys=True) + "\n")
    for user in users:
        row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if row is None:
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(missing[user.email])}
            )
        elif decrypt(row.data["secret"]) != missing[user.email]:
            row.data["secret"] = encrypt(missing[user.email])
            row.save(update_fields=["data"])
        RecoveryCodes.activate(user)


def present_code(user: User, now: float | None = None) -> tuple[str, int]:
    """The digits that the person's app shows, and how many seconds they stay. LookupError for one without an app."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        raise LookupError(user.email)
    at = time.time() if now is None else now
    digits: str = format_hotp_value(hotp_value(decrypt(row.data["secret"]), int(at // STEP_S)))
    return digits, STEP_S - int(at % STEP_S)
