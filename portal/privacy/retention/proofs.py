"""Keyed digests: whoever has the key and a list of ids can show what was deleted; the digest alone tells nothing.

The key is derived from the one by which identity codes are searched, under a name of its own: whoever changes that key
keeps the old one for as long as old proofs are to be checked.
"""

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def digest_of(rule: str, keys: Iterable[object]) -> str:
    """One digest of all keys of a rule, whatever their order; "" for none."""
    told = sorted(str(key) for key in keys)
    return _keyed("retention-proof", "\n".join((rule, *told))) if told else ""


def mark_of(rule: str, key: object) -> str:
    """The mark of one object on its tombstone."""
    return _keyed("retention-tombstone", f"{rule}\n{key}")


def _keyed(purpose: str, text: str) -> str:
    if not settings.IDENTITY_INDEX_KEY:
        raise ImproperlyConfigured("Set IDENTITY_INDEX_KEY: proofs of deletion are made with a key from it.")
    key = hmac.new(settings.IDENTITY_INDEX_KEY.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
