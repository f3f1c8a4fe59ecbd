"""Base forms of Finnish words by Voikko, where the library and its dictionary are installed; nothing otherwise.

N-grams already join most inflected forms to their names; Voikko mends those that change inside (kokkeja -> kokki).
"""

import logging
import threading
from functools import lru_cache
from typing import Any

_log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
"""libvoikko's analyser is not safe to call from two threads at once."""


@lru_cache(maxsize=1)
def _analyser() -> Any:
    try:
        from libvoikko import Voikko, VoikkoException
    except (ImportError, OSError):
        return None
    # Where the dictionary is missing, Voikko's destructor stumbles over an attribute that its constructor did not
    # reach.
    Voikko._Voikko__handle = None
    try:
        return Voikko("fi")
    except (VoikkoException, OSError):
        _log.debug("Voikko is not installed: Finnish base forms are left out of the search.")
        return None


@lru_cache(maxsize=10_000)
def _base_form(word: str) -> str:
    analyser = _analyser()
    with _one_at_a_time:
        found = analyser.analyze(word)
    return str(found[0].get("BASEFORM", word)) if found else word


def in_base_form(text: str) -> str:
    """The text with its words in base form; the same text where Voikko is not there or knows no better."""
    if _analyser() is None:
        return text
    return " ".join(_base_form(word) for word in text.split())
