"""What links are made for, one plain table: which page answers, how long, once or often.

The page is named by its address's name: it stands in the room that knows the matter, which may be on a higher floor.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True)
class Purpose:
    """What a link is for."""

    code: str
    url_name: str
    """Name of the address that has the token as its only part."""
    lifetime: timedelta
    """How long a link is good where its maker does not say."""
    single_use: bool = True


CONTACT: Final = "contact"
UNSUBSCRIBE: Final = "unsubscribe"

PURPOSES: Final[dict[str, Purpose]] = {
    one.code: one
    for one in (
        Purpose(CONTACT, "outbox:contact_answer", timedelta(days=14)),
        Purpose(UNSUBSCRIBE, "outbox:unsubscribe", timedelta(days=400), single_use=False),
    )
}
"""Code -> purpose."""
