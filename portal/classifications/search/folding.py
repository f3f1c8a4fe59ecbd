"""Fold names and typed text to one spelling, so that they meet whatever the keyboard, case or hyphen."""

import unicodedata
from functools import lru_cache
from typing import Final

LONGEST_FOLDED: Final = 400
_SPECIAL: Final = {"ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ŧ": "t", "ŋ": "n", "æ": "ae", "œ": "oe", "ß": "ss", "’": " "}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    folded = []
    for part in unicodedata.normalize("NFKD", character.lower()):
        if part in _SPECIAL:
            folded.append(_SPECIAL[part])
        elif part.isalnum() or part in "+#":
            folded.append(part)
        elif not unicodedata.combining(part):
            folded.append(" ")
    return "".join(folded)


def fold(text: str) -> str:
    """Lower case, without accents (ä and å become a, ö and ø become o), words apart by one space: "Lähi-hoitaja" -> "lahi hoitaja".

    "+" and "#" stay (C++, C#). At most 400 characters.
    """
    return " ".join("".join(map(_fold_character, text)).split())[:LONGEST_FOLDED].rstrip()
