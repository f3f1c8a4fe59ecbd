"""Contexts for every kind of message, with a planted person's data wherever text may stand."""

from datetime import UTC, date, datetime
from typing import Final

from portal.outbox.kinds import Kind
from portal.outbox.secret_links import SecretLink

PLANTED: Final = ("Aino", "Salaperä", "aino.salapera@planted.example", "0401239876", "131052-308T", "Piilokuja 7")
"""Parts of a person that must stand in no subject, no text message, no log."""
_EVERYTHING: Final = " ".join(PLANTED)
LINK: Final = "https://portal.example/vastaa/TOKEN-THAT-OPENS-IT/?a=1&b=2"

_VALUES: Final[dict[str, object]] = {
    "link": SecretLink(LINK),
    "at": datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
    "expires": datetime(2026, 12, 6, 8, 30, tzinfo=UTC),
    "day": date(2026, 11, 22),
    "ip": "192.0.2.7",
    "browser": f"Firefox {_EVERYTHING}",
    "change": "A security key was added.",
    "area": "Meri-Lapin työllisyysalue",
    "who": _EVERYTHING,
    "address": _EVERYTHING,
    "by": _EVERYTHING,
    "role": "personal coach",
    "count": 3,
    "first_day": date(2026, 12, 1),
    "until": datetime(2026, 11, 25, 22, 0, tzinfo=UTC),
    "reason": f"The lists look wrong. {_EVERYTHING}",
    "hidden": True,
}


def context_of(kind: Kind) -> dict[str, object]:
    """A context as `send` takes it. KeyError where a kind needs a name that has no example here."""
    return {name: _VALUES[name] for name in kind.needs}
