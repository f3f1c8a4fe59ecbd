"""Addresses of mail and telephone: written in one way, shown masked, and taken out of what providers answer."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_HOME_CODE: Final = "+358"
_DOT: Final = "•"
_MAIL = re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")
_NUMBER = re.compile(r"\+?\d[\d\s-]{6,}\d")
_MOST_SHOWN: Final = 500


def normal_mail(text: str) -> str:
    """The mail address without blanks around it; "" where it is none."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def normal_phone(text: str) -> str:
    """The number as `+358401234567`; "" where it is none that a text message could go to.

    A number without a country code is a Finnish one.
    """
    digits = re.sub(r"[\s()./-]", "", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = _HOME_CODE + digits[1:]
    return digits if re.fullmatch(r"\+[1-9]\d{6,14}", digits) else ""


def masked(address: str) -> str:
    """Enough to know one's own address again, too little for anybody else: `m•••@k•••.fi`, `+358 ••• 67`."""
    if "@" in address:
        name, _at, domain = address.rpartition("@")
        host, _dot, top = domain.rpartition(".")
        return f"{name[:1]}{_DOT * 3}@{host[:1]}{_DOT * 3}.{top}"
    return f"{address[:4]} {_DOT * 3} {address[-2:]}" if address else ""


def without_addresses(answer: str) -> str:
    """A provider's answer in one line, fit to be kept and shown: providers like to repeat the recipient's address."""
    line = " ".join(answer.split())
    return _NUMBER.sub(_DOT * 3, _MAIL.sub(_DOT * 3, line))[:_MOST_SHOWN]
