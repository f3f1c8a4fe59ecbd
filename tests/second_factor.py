"""Second factors for tests: an enrolled authenticator app, and its code worked out by hand (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time
from functools import cache

from allauth.mfa.models import Authenticator

from portal.accounts.models import User
from portal.accounts.second_factor import keys

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
