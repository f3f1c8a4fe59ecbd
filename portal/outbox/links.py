"""Links by which people without an account answer: signed, expiring, hashed at rest, revoked when the matter ends.

A token is 24 random bytes and a signature over them and the purpose. A forged one is turned away before the database is
asked; a row that somebody slips into the database opens nothing, since its token cannot be signed; and the database
holds only hashes, so that reading it opens nothing either. Looking changes nothing (mail scanners follow links): only
`use` does, and that needs a POST.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.outbox.enums import LinkState
from portal.outbox.models import Link
from portal.outbox.purposes import PURPOSES
from portal.outbox.secret_links import SecretLink

_RANDOM_BYTES: Final = 24
_SIGNATURE_BYTES: Final = 16
_TOKEN_LENGTH: Final = 54  # the bytes of both in base64
_SALT: Final = b"portal.outbox.links:"


@dataclass(frozen=True)
class MadeLink:
    """A new link. The token exists here and in the message that carries it, nowhere else."""

    link: Link
    token: str = field(repr=False)
    url: SecretLink = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """What a token that somebody follows is good for; `link` is None for an unknown one."""

    state: LinkState
    link: Link | None = None


class LinkNotOpen(Exception):
    """The link is no longer (or never was) good for an answer."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(f"The link is {state.value}.")
        self.state = state


def make(
    purpose: str,
    object_id: int,
    expires: datetime | timedelta | None = None,
    *,
    choices: Mapping[str, object] | None = None,
    language: str = "",
) -> MadeLink:
    """Make a link about an object, good until `expires` (a time, or how long; None: as the purpose says).

    `choices` says what may be answered, without personal data. KeyError for an unknown purpose.
    """
    chosen = PURPOSES[purpose]
    now = timezone.now()
    until = expires if isinstance(expires, datetime) else now + (expires or chosen.lifetime)
    token = _new_token(purpose)
    link = Link.objects.create(
        purpose=purpose,
        object_id=object_id,
        choices=dict(choices or {}),
        digest=_digest(token),
        language=language or settings.LANGUAGE_CODE,
        single_use=chosen.single_use,
        created_at=now,
        expires_at=until,
    )
    path = reverse(chosen.url_name, args=[token])
    return MadeLink(link, token, SecretLink(f"{settings.SITE_URL.rstrip('/')}{path}"))


def read(token: str, purpose: str) -> Reading:
    """Look at a link without changing anything. A token of another purpose is unknown here."""
    if not _is_signed(token, purpose):
        return Reading(LinkState.UNKNOWN)
    link = Link.objects.filter(digest=_digest(token), purpose=purpose).select_related("message").first()
    if link is None:
        return Reading(LinkState.UNKNOWN)
    return Reading(link.state_at(timezone.now()), link)


@transaction.atomic
def use(token: str, purpose: str) -> Link:
    """Answer by a link, in the transaction of what the answer changes. Raises LinkNotOpen.

    The row is locked: of two answers that come at once by a link for one, the second finds it used.
    """
    if not _is_signed(token, purpose):
        raise LinkNotOpen(LinkState.UNKNOWN)
    link = Link.objects.select_for_update().filter(digest=_digest(token), purpose=purpose).first()
    if link is None:
        raise LinkNotOpen(LinkState.UNKNOWN)
    now = timezone.now()
    if (state := link.state_at(now)) is not LinkState.OPEN:
        raise LinkNotOpen(state)
    link.uses, link.used_at = link.uses + 1, now
    link.save(update_fields=["uses", "used_at"])
    return link


def revoke(purpose: str, object_id: int) -> int:
    """Close the links about an object that are still open: the matter has ended. How many were."""
    now = timezone.now()
    still_open = Link.objects.filter(purpose=purpose, object_id=object_id, revoked_at=None, expires_at__gt=now)
    return still_open.exclude(single_use=True, uses__gt=0).update(revoked_at=now)


# --- Tokens ----------------------------------------------------------------------------------------------------------
def _new_token(purpose: str) -> str:
    random = secrets.token_bytes(_RANDOM_BYTES)
    return _encoded(random + _signature(random, purpose, settings.SECRET_KEY))


def _is_signed(token: str, purpose: str) -> bool:
    """Whether we made the token for this purpose; compared in the same time, right or wrong."""
    try:
        decoded = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
    except ValueError:
        return False
    # One spelling a token: bits that the last letter has to spare would give it others.
    if len(token) != _TOKEN_LENGTH or _encoded(decoded) != token:
        return False
    random, signature = decoded[:_RANDOM_BYTES], decoded[_RANDOM_BYTES:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    right = [hmac.compare_digest(signature, _signature(random, purpose, key)) for key in keys]
    return any(right)


def _signature(random: bytes, purpose: str, key: str) -> bytes:
    signed = hmac.new(key.encode(), _SALT + purpose.encode() + b":" + random, hashlib.sha256)
    return signed.digest()[:_SIGNATURE_BYTES]


def _encoded(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
