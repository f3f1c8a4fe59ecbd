"""The secrets of authenticator apps, encrypted: a copy of the database is not enough to make codes."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def _ring() -> MultiFernet:
    return _ring_of(tuple(settings.MFA_KEYS))


@lru_cache(maxsize=4)
def _ring_of(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("MFA_KEYS is not set: it encrypts the secrets of authenticator apps.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(secret: str) -> str:
    """Encrypt with the first key."""
    return _ring().encrypt(secret.encode()).decode("ascii")


def decrypt(stored: str) -> str:
    """Decrypt with any of the keys. Raises cryptography.fernet.InvalidToken for what none of them has encrypted."""
    return _ring().decrypt(stored.encode("ascii")).decode()


def renew(stored: str) -> str:
    """The same secret under the first key."""
    return _ring().rotate(stored.encode("ascii")).decode("ascii")
