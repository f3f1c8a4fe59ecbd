"""Numbers in attributes of pages: written for machines, without a thousands separator."""

import re
from html.parser import HTMLParser
from typing import Final

WITHOUT_SPACES: Final = frozenset({"id", "name", "for", "href", "src", "action", "formaction", "hx-get", "hx-post"})
_SPACE: Final = re.compile(r"\s")
_GROUPED: Final = re.compile(r"\d[\u00a0\u202f]\d")
_FOR_PEOPLE: Final = frozenset({"alt", "title", "content", "placeholder", "aria-label", "aria-valuetext", "data-l"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            spaced = name in WITHOUT_SPACES and _SPACE.search(value or "")
            grouped = name not in _FOR_PEOPLE and _GROUPED.search(value or "")
            if spaced or grouped:
                self.wrong.append(f"<{tag} {name}={value!r}>")


def spoilt_attributes(html: str) -> list[str]:
    """Attributes for machines that hold a space where none may be: mostly an id as people read numbers."""
    reader = _Reader()
    reader.feed(html)
    return reader.wrong
