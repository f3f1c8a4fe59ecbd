"""What a section of the card is made of; a page and a document draw the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: Sequence[str]
    kind: str = "bullets"


@dataclass(frozen=True)
class Table:
    """Rows of words; the first cell of a row names it."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = "table"

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Per row: its name, and its other cells with the words of their columns."""
        return [(row[0], list(zip(self.header[1:], row[1:], strict=True))) for row in self.rows]


Block = Text | Bullets | Table


@dataclass(frozen=True)
class Section:
    """A part of the card; `link` is the name of the address of a page that tells more, with its words."""

    slug: str
    title: str
    blocks: Sequence[Block]
    link: tuple[str, str] | None = None
