"""The personal identity code: checked, encrypted with a key ring of its own, found by a keyed hash.

Two columns stand for one code: the ciphertext (`EncryptedTextField`) and a keyed hash (`blind_index`) for exact search
and uniqueness. Keys come from settings (IDENTITY_KEYS: the first encrypts, all decrypt; IDENTITY_INDEX_KEY), never from
SECRET_KEY, so that changing one does not touch the other.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import hetu


class UnreadableCode(Exception):
    """No key of the ring opens the stored code."""


def normalise(code: str) -> str:
    """The code in its one written form; ValidationError where it is not a Finnish identity code.

    Test codes (individual numbers 900-999) are valid: demo data uses nothing else.
    """
    try:
        return str(hetu.validate(code.strip().upper(), allow_temporary=True))
    except NumberError as error:
        raise ValidationError(
            _(
                "Check the identity code: it has the birth date, a separator and four characters, "
                "for example 131052-308T."
            ),
            code="identity_code",
        ) from error


def blind_index(code: str) -> str:
    """Keyed hash of a normalised code, 64 hexadecimal digits."""
    if not settings.IDENTITY_INDEX_KEY:
        raise ImproperlyConfigured("Set IDENTITY_INDEX_KEY: identity codes are searched by it.")
    return hmac.new(settings.IDENTITY_INDEX_KEY.encode(), code.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("Set IDENTITY_KEYS: identity codes are encrypted with them.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> bytes:
    """Encrypt with the first key of the ring."""
    return base64.urlsafe_b64decode(_ring(tuple(settings.IDENTITY_KEYS)).encrypt(text.encode()))


def decrypt(token: bytes) -> str:
    """Decrypt with whichever key fits; UnreadableCode where none does."""
    try:
        return _ring(tuple(settings.IDENTITY_KEYS)).decrypt(base64.urlsafe_b64encode(bytes(token))).decode()
    except InvalidToken as error:
        raise UnreadableCode("No key in IDENTITY_KEYS opens this code.") from error


class EncryptedTextField(models.BinaryField):
    """Text stored encrypted and read only on purpose: the attribute holds ciphertext until `decrypt` is called."""

    description = _("encrypted text")

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "portal.privacy.identity.EncryptedTextField", args, kwargs
