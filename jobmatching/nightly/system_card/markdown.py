"""The card as a document of the repository."""

from collections.abc import Iterator
from typing import Final

from django.utils import translation

from jobmatching.nightly.system_card.blocks import Block, Bullets, Section, Table, Text
from jobmatching.nightly.system_card.sections import sections
from jobmatching.nightly.system_card.source import shipped
from portal.ui import formats

HEAD: Final = """# System card of matching

Made from the code by `manage.py write_system_card`; change the code, not this file (`--check` is part of `dev.py
check`). The numbers are those of the shipped rules. Each installation shows the card of the rules that are in force
there, with what has been measured there, at /luottamus/jarjestelmakortti/ in Finnish, Swedish and English.
"""


def document() -> str:
    """The whole file, of the shipped rules, in English."""
    with translation.override("en"):
        parts = [HEAD, *(_section(section) for section in sections(shipped()))]
    return "\n".join(part.replace(formats.NBSP, " ") for part in parts)


def _section(section: Section) -> str:
    blocks = "\n\n".join("\n".join(_lines(block)) for block in section.blocks)
    return f"## {section.title}\n\n{blocks}\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield block.text
        case Bullets():
            yield from (f"- {item}" for item in block.items)
        case Table():
            yield f"**{block.caption}**"
            yield ""
            yield _row(block.header)
            yield _row(["---"] * len(block.header))
            yield from (_row(row) for row in block.rows)


def _row(cells: object) -> str:
    assert isinstance(cells, list | tuple)
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
