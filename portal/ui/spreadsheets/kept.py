"""A file of the administration between its check and its import: encrypted in the cache, for half an hour.

The form of the check carries a signed token that is good for the person who sent the file, and for nobody else; no path
and no name of a file ever comes from the browser. The disk never holds the file.
"""

import base64
import hashlib
import secrets
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from import_export.tmp_storages import BaseStorage

SECONDS: Final = 30 * 60
_SALT: Final = "portal.ui.spreadsheets.kept"


class NotKept(Exception):
    """Nothing is kept (any more) under the token."""


class KeptFile(BaseStorage):
    """What django-import-export calls a temporary storage; `name` is the token."""

    def save(self, data: bytes) -> None:
        self.name = secrets.token_urlsafe(24)
        cache.set(_key(self.name), _fernet().encrypt(data), SECONDS)

    def read(self) -> bytes:
        """The file. Raises NotKept."""
        found: bytes | None = cache.get(_key(self.name))
        if found is None:
            raise NotKept
        try:
            return _fernet().decrypt(found)
        except InvalidToken as error:
            raise NotKept from error

    def remove(self) -> None:
        cache.delete(_key(self.name))


def ticket(token: str, user_id: int) -> str:
    """The token as the browser carries it: signed, for this user."""
    return signing.dumps([token, user_id], salt=_SALT)


def token_of(ticket: str, user_id: int) -> str:
    """The token of a user's ticket. Raises NotKept for one that is of somebody else, changed, or too old."""
    try:
        told: Any = signing.loads(ticket, salt=_SALT, max_age=SECONDS)
        token, owner = told
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotKept from error
    if owner != user_id:
        raise NotKept
    return str(token)


def _key(token: str) -> str:
    return f"ui.kept.{hashlib.sha256(token.encode()).hexdigest()}"


def _fernet() -> Fernet:
    digest = hashlib.sha256(f"{_SALT}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
