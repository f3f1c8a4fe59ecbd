"""The plain text of a message, made from its HTML: one source, so that both always say the same.

Understands what our mail templates use: headings, paragraphs, lists, line breaks and links. A link becomes its words
and, on a line of its own, its address.
"""

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset({"h1", "h2", "p", "ul", "ol", "li", "hr", "div", "table", "tr", "td"})
_NOT_SHOWN: Final = frozenset({"head", "style", "title", "script"})


def plain_text(html: str) -> str:
    """The text of a mail in HTML. Paragraphs are set apart by an empty line, entries of lists begin with a dash."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = "".join(reader.parts)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


class _Reader(HTMLParser):
    """Gathers the text; white space counts as in a browser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._address: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden += 1
        elif tag == "br":
            self._say("\n")
        elif tag == "li":
            self._say("\n- ")
        elif tag == "hr":
            self._say("\n\n--\n")
        elif tag in _BLOCKS:
            self._say("\n\n")
        elif tag == "a":
            self._address, self._words = dict(attrs).get("href") or "", []

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._hidden -= 1
        elif tag == "a" and self._address is not None:
            self._end_link()
        elif tag in _BLOCKS - {"li", "hr"}:
            self._say("\n\n")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        text = re.sub(r"[ \t\r\n]+", " ", data)  # not the space that does not break
        if self._address is not None:
            self._words.append(text)
        elif text != " " or (self.parts and not self.parts[-1].endswith(("\n", " "))):
            self._say(text)

    def _end_link(self) -> None:
        words, address = "".join(self._words).strip(), (self._address or "").removeprefix("mailto:")
        self._address = None
        self._say(words if words == address or not address else f"{words}:\n{address}\n")

    def _say(self, text: str) -> None:
        self.parts.append(text)
