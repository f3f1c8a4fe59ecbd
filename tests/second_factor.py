"""Second factors for tests: an enrolled authenticator app, and its code worked out by hand (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time
from functools import cache, wraps
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.test import Client

from portal.accounts.models import User
from portal.accounts.second_factor import keys
from portal.accounts.second_factor.duty import FACTORS

SECRET = "KOHTAANTOKOHTAANTOKOHTAANTOKOHTA"
"""Base32: what the invented people of the tests have in their apps."""
STEP_S = 30


@cache
def _encrypted() -> str:
    return keys.encrypt(SECRET)


def enrol(user: User) -> None:
    """Give a user an authenticator app, unless there is one."""
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": _encrypted()}}
    )


def code(secret: str = SECRET, at: float | None = None) -> str:
    """The six digits that an app with this secret shows at a time (None: now)."""
    counter = int((time.time() if at is None else at) // STEP_S)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def fresh_code(secret: str = SECRET, seconds: float = 5) -> str:
    """The present code, once it is good for some seconds more: a test must not lose the race against the clock."""
    left = STEP_S - time.time() % STEP_S
    if left < seconds:
        time.sleep(left + 0.05)
    return code(secret)


def note_shown(client: Client, user: User) -> None:
    """The client's session has shown the person's second factor, as the second step of sign-in notes it."""
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": 0}]
    session.save()


def _show_it_at_force_login() -> None:
    """`client.force_login` stands for the whole sign-in: of whoever is enrolled it also takes the second step."""
    plain = Client.force_login

    @wraps(plain)
    def force_login(client: Client, user: User, backend: Any = None) -> None:
        plain(client, user, backend)
        if Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
            note_shown(client, user)

    Client.force_login = force_login  # type: ignore[method-assign]


_show_it_at_force_login()  # once, when this is first imported: whoever has invented people has it
