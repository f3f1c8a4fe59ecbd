"""Free words in forms and files: an identity code is refused there.

Free text is shown to whoever sees the page, stands in histories and goes out with documents. The identity code has one
place of its own, encrypted and masked; wherever else somebody writes it, it would stand in clear text for years.
"""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.fi import hetu

# Day, month, year; separator, as a keyboard or a word processor writes it, or none; three digits; check character.
_MAYBE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?P<born>[0-3][0-9][01][0-9]{3})\s?(?P<century>[-+A-FU-Y\u2010-\u2015\u2212])?\s?"
    r"(?P<number>[0-9]{3})\s?(?P<check>[0-9A-FHJ-NPR-Y])(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")

MESSAGE: Final = _(
    "Remove the identity code from the text, for example “%(begins)s…”. Identity codes are written in their own field "
    "only."
)


def identity_code_in(text: str) -> str:
    """The first valid Finnish identity code in a text, as it is written there; "" where there is none.

    Valid: a day that there is, and the right check character. Test codes (individual numbers 900-999) count as well.
    Other numbers of that length, such as references and part numbers, are let through.
    """
    for found in _MAYBE.finditer(text):
        born, century, number, check = found.group("born", "century", "number", "check")
        if century is None and check.isdigit():
            continue  # ten digits: a telephone number rather
        code = f"{born}{(century or '-').translate(_DASHES)}{number}{check}"
        if hetu.is_valid(code, allow_temporary=True):
            return found.group()
    return ""


def no_identity_code(text: Any) -> None:
    """Raise ValidationError where free words hold an identity code. The message tells how it begins, never all."""
    if isinstance(text, str) and (code := identity_code_in(text)):
        raise ValidationError(MESSAGE, code="identity_code", params={"begins": code[:4]})


class FreeText(forms.CharField):
    """A field for words of people's own."""

    default_validators = [no_identity_code]
