"""The personal identity code: checked, encrypted with a key ring of its own, found by a keyed hash.

Two columns stand for one code: the ciphertext (`EncryptedTextField`) and a keyed hash (`blind_index`) for exact search
and uniqueness. Keys come from settings (IDENTITY_KEYS: the first encrypts, all decrypt; IDENTITY_INDEX_KEY), never from
SECRET_KEY, so that changing one does not touch the other.
"""

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from typing import Any, Final

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


_LOOKS_LIKE_A_CODE: Final = re.compile(r"\d{6}\s?[-+A-FU-Ya-fu-y]?\s?\d{3}[0-9A-Ya-y]")


def looks_like_a_code(typed: str) -> bool:
    """Whether a text holds something that was meant as an identity code, mistyped perhaps: it is kept nowhere."""
    return bool(_LOOKS_LIKE_A_CODE.search(typed))


def as_identity_code(typed: str) -> str:
    """The normalised code where the text is one, as somebody types it into a search; else empty."""
    try:
        return normalise(typed)
    except ValidationError:
        return ""


def blind_index(code: str) -> str:
    """Keyed hash of a normalised code, 64 hexadecimal digits."""
    if not settings.IDENTITY_INDEX_KEY:
        raise ImproperlyConfigured("Set IDENTITY_INDEX_KEY: identity codes are searched by it.")
    return _keyed_hash(settings.IDENTITY_INDEX_KEY, code)


def blind_indexes(code: str) -> list[str]:
    """All keyed hashes under which a normalised code may stand: by the key in force, and by former ones.

    Former keys (IDENTITY_INDEX_FORMER_KEYS) are named only while `rotate_identity_keys` has not ended.
    """
    return [blind_index(code), *(_keyed_hash(key, code) for key in settings.IDENTITY_INDEX_FORMER_KEYS)]


def _keyed_hash(key: str, code: str) -> str:
    return hmac.new(key.encode(), code.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("Set IDENTITY_KEYS: identity codes are encrypted with them.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> bytes:
    """Encrypt with the first key of the ring."""
    return base64.urlsafe_b64decode(_ring(tuple(settings.IDENTITY_KEYS)).encrypt(text.encode()))


def decrypt(token: bytes | memoryview) -> str:
    """Decrypt with whichever key fits; UnreadableCode where none does."""
    try:
        return _ring(tuple(settings.IDENTITY_KEYS)).decrypt(base64.urlsafe_b64encode(bytes(token))).decode()
    except InvalidToken as error:
        raise UnreadableCode("No key in IDENTITY_KEYS opens this code.") from error


def opens_with_first_key(token: bytes | memoryview) -> bool:
    """Whether a token was made with the key that encrypts now."""
    try:
        _ring(tuple(settings.IDENTITY_KEYS[:1])).decrypt(base64.urlsafe_b64encode(bytes(token)))
    except InvalidToken:
        return False
    return True


class EncryptedTextField(models.BinaryField):
    """Text stored encrypted and read only on purpose: the attribute holds ciphertext until `decrypt` is called.

    `index_field` names the column with the keyed hash of the same text.
    """

    description = _("encrypted text")

    def __init__(self, *args: Any, index_field: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The database knows nothing of it: it is no part of what migrations compare.
        self.index_field = index_field

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "portal.privacy.identity.EncryptedTextField", args, kwargs
