"""Checks of a new password. Django's own check against the person's name and address stands beside these."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.second_factor.duty import needs_second_factor
from portal.accounts.users import User

WITH_SECOND_FACTOR: Final = 12
ALONE: Final = 15
LONGEST: Final = 1024
"""Longer than any sentence; hashing takes time, and nobody shall make us hash a book."""
REST: Final = 8
"""So many characters must be left when everything that guessers try first has been taken away."""

_WORDS: Final = Path(__file__).with_name("guessed_first.txt")
_RUNS: Final = ("abcdefghijklmnopqrstuvwxyzåäö", "01234567890", "qwertyuiopåasdfghjklöäzxcvbnm", "1234567890+")
_LOOKALIKES: Final = str.maketrans("013457@$!€", "oieastasie")


def shortest_for(user: object) -> int:
    """How long the password of a person must be: staff, who show a second factor as well, may have a shorter one.

    Somebody who is just coming in has no role yet: whoever makes the account says `becomes_staff`.
    """
    if not isinstance(user, User):
        return ALONE
    staff = getattr(user, "becomes_staff", False) or (user.pk is not None and needs_second_factor(user))
    return WITH_SECOND_FACTOR if staff else ALONE


class LengthValidator:
    """Long enough, for what stands beside the password."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        shortest = shortest_for(user)
        if len(password) < shortest:
            raise ValidationError(
                ngettext(
                    "The password is too short: it needs at least %(count)d character.",
                    "The password is too short: it needs at least %(count)d characters.",
                    shortest,
                )
                % {"count": shortest},
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("The password is too long: %(count)d characters are enough.") % {"count": LONGEST},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return _(
            "At least %(short)d characters for staff, who use two-step sign-in, and %(long)d for others. A sentence of"
            " some words is easy to remember."
        ) % {"short": WITH_SECOND_FACTOR, "long": ALONE}


class GuessedFirstValidator:
    """Nothing that guessers try first: common passwords, the portal's own words, repetitions and rows of keys."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError, with words that say which kind it was."""
        plain = _plain(password)
        if len(set(plain)) < 5 or _repeats(plain) or len(_without_rows(plain)) < REST:
            raise ValidationError(
                _("The password repeats itself or follows the keys in a row: choose another one."),
                code="password_repeats",
            )
        if plain in _common() or _without_guessed(plain) < REST:
            raise ValidationError(
                _("The password is among those that are guessed first: choose another one."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Not a common password, and not made of the name of the portal or of the place.")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _words() -> tuple[str, ...]:
    """Words that guessers try, the longest first."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    words = {_plain(line.strip()) for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _common() -> frozenset[str]:
    """The 20,000 passwords that Django knows to be common."""
    return frozenset(CommonPasswordValidator().passwords)


def _without_guessed(plain: str) -> int:
    """How much is left without rows of keys and the words of the list: letters, and figures at half their number.

    Figures and signs that stand for letters are read as those as well; the reading that leaves less counts.
    """
    rest = _without_rows(plain)
    return min(_left(rest), _left(rest.translate(_LOOKALIKES)))


def _left(text: str) -> int:
    for word in _words():
        text = text.replace(word, " ")
    return len(re.sub(r"[\W\d_]", "", text)) + len(re.findall(r"\d", text)) // 2


def _repeats(plain: str) -> bool:
    """Whether the password is one part over and over."""
    return re.fullmatch(r"(.{1,6}?)\1{2,}.{0,5}", plain) is not None


def _without_rows(plain: str) -> str:
    """The password without stretches of four or more letters, figures or keys that follow each other."""
    for row in (*_RUNS, *(row[::-1] for row in _RUNS)):
        for length in range(min(len(row), len(plain)), 3, -1):
            for start in range(len(row) - length + 1):
                plain = plain.replace(row[start : start + length], "")
    return plain
