"""Keyed digests: whoever has the key and a list of ids can show what was deleted; the digest alone tells nothing.

The first of RETENTION_KEYS makes them, and all of them are tried when they are held against something: a new key is
put first, and the old ones stay for as long as proofs and marks that were made with them are kept. Where an
installation has no such keys, or had none at first, the key by which identity codes are searched is used, and its
former ones.
"""

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_TOMBSTONE = "retention-tombstone"
_PROOF = "retention-proof"


def digest_of(rule: str, keys: Iterable[object]) -> str:
    """One digest of all keys of a rule, whatever their order, by the present key; "" for none."""
    told = _told(rule, keys)
    return _keyed(_secrets()[0], _PROOF, told) if told else ""


def digests_of(rule: str, keys: Iterable[object]) -> set[str]:
    """What `digest_of` gives now or has given with an earlier key."""
    told = _told(rule, keys)
    return {_keyed(secret, _PROOF, told) for secret in _secrets()} if told else set()


def mark_of(rule: str, key: object) -> str:
    """The mark of one object on its tombstone, by the present key."""
    return _keyed(_secrets()[0], _TOMBSTONE, f"{rule}\n{key}")


def marks_of(rule: str, key: object) -> set[str]:
    """The marks that one object may have: by the present key, and by earlier ones."""
    return {_keyed(secret, _TOMBSTONE, f"{rule}\n{key}") for secret in _secrets()}


def names_of_keys() -> list[str]:
    """What tells the keys apart without telling them: a short digest of each, the present one first."""
    return [_keyed(secret, "retention-key-name", "")[:16] for secret in _secrets()]


def _told(rule: str, keys: Iterable[object]) -> str:
    told = sorted(str(key) for key in keys)
    return "\n".join((rule, *told)) if told else ""


def _secrets() -> list[str]:
    index = [settings.IDENTITY_INDEX_KEY, *settings.IDENTITY_INDEX_FORMER_KEYS]
    secrets = [secret for secret in (*settings.RETENTION_KEYS, *index) if secret]
    if not secrets:
        raise ImproperlyConfigured("Set RETENTION_KEYS: proofs of deletion are made with them.")
    return secrets


def _keyed(secret: str, purpose: str, text: str) -> str:
    key = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
