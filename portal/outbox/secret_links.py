"""Links with a token, on their way through the outbox: a mark in the stored text, the link itself encrypted beside it.

Whoever reads the database (a backup, a report) finds no link that opens something. The links are put in their places
when the message is handed to the provider, and forgotten once it has taken it.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.html import escape

# No text for people has these brackets, and escaping leaves them as they are.
_MARK: Final = "\u27e6{name}\u27e7"
_PURPOSE: Final = b"portal.outbox.secret_links:"


class SecretLink(str):
    """An address that only its recipient may learn; a plain string to whoever makes it."""

    __slots__ = ()


class LinksUnreadable(Exception):
    """The links were encrypted with a key that is no longer known: SECRET_KEY has changed."""


def mark(name: str) -> str:
    """What stands in the stored text in place of the link `name`."""
    return _MARK.format(name=name)


def take_out(context: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """The context with a mark in place of each secret link, and the links by name."""
    links = {name: str(value) for name, value in context.items() if isinstance(value, SecretLink)}
    return {**context, **{name: mark(name) for name in links}}, links


def put_in(text: str, links: Mapping[str, str], *, html: bool = False) -> str:
    """The text with the links in their places."""
    for name, link in links.items():
        text = text.replace(mark(name), escape(link) if html else link)
    return text


def encrypt(links: Mapping[str, str]) -> bytes:
    """The links as kept in the row; nothing where there are none."""
    return _ring().encrypt(json.dumps(dict(links)).encode()) if links else b""


def decrypt(kept: bytes | memoryview) -> dict[str, str]:
    """The links of a row. Raises LinksUnreadable."""
    if not kept:
        return {}
    try:
        links: dict[str, str] = json.loads(_ring().decrypt(bytes(kept)))
    except InvalidToken as error:
        raise LinksUnreadable from error
    return links


def _ring() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + key.encode()).digest())
