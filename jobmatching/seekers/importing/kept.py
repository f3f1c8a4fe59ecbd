"""A file between its check and its import: kept on the server, encrypted, for one person and half an hour.

The address carries a token that says nothing. The browser, the session and the disk never hold the rows.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from jobmatching.seekers.importing.files import Table
from portal.accounts.models import User
from portal.privacy.identity import UnreadableCode, decrypt, encrypt

SECONDS: Final = 30 * 60
PARAMETER: Final = "file"


@dataclass(frozen=True)
class Kept:
    """What was read from a file, and the area that it is imported into."""

    area_id: int
    table: Table


def keep(user: User, kept: Kept) -> str:
    """Keep what was read; return the token that finds it for this user."""
    token = secrets.token_urlsafe(24)
    table = kept.table
    written = json.dumps([kept.area_id, table.columns, table.rows, table.numbers])
    cache.set(_key(user, token), encrypt(written), SECONDS)
    return token


def kept_under(user: User, token: str) -> Kept | None:
    """What the token stands for; None where the user has nothing (any more) under it."""
    found: bytes | None = cache.get(_key(user, token)) if token else None
    if found is None:
        return None
    try:
        area_id, columns, rows, numbers = json.loads(decrypt(found))
    except UnreadableCode:
        return None
    return Kept(area_id, Table(columns, rows, numbers))


def drop(user: User, token: str) -> bool:
    """Forget it; whether it was there. Of several who ask at once one gets True."""
    return bool(cache.delete(_key(user, token)))


def _key(user: User, token: str) -> str:
    return f"seekers.import.{user.pk}.{hashlib.sha256(token.encode()).hexdigest()}"
