"""The document of all data of a person as one page that stands alone: to read, to print, to save as PDF by a browser.

It carries its style with it and asks nothing of any server. A PDF is made by printing it: there is no library for that
among the chosen parts (design), and every browser can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.privacy.subject.document import Document

_STYLE: Final = Path(settings.BASE_DIR) / "static" / "css" / "document.css"


@dataclass(frozen=True)
class Shown:
    """One cell as people read it: a text, or a list of texts."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownSection:
    """A section as the page shows it; one row is shown as a list of facts, several as a table."""

    code: str
    title: str
    note: str
    labels: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]

    @property
    def facts(self) -> list[tuple[str, Shown]]:
        """Label and value of what the only row has."""
        if len(self.rows) != 1:
            return []
        filled = zip(self.labels, self.rows[0], strict=True)
        return [(label, cell) for label, cell in filled if cell.text or cell.items]


def as_html(document: Document) -> str:
    """The page, in the language of the document."""
    with translation.override(document["language"]):
        return render_to_string(
            "rights/own_data.html",
            {
                "document": document,
                "made_at": datetime.fromisoformat(document["made_at"]),
                "style": _style(),
                "sections": [_shown(section) for section in document["sections"]],
            },
        )


def _style() -> SafeString:
    # A file of ours, not what anybody typed.
    return format_html("<style>{}</style>", mark_safe(_STYLE.read_text(encoding="utf-8")))  # noqa: S308


def _shown(section: Mapping[str, Any]) -> ShownSection:
    keys = [column["key"] for column in section["columns"]]
    return ShownSection(
        code=section["code"],
        title=section["title"],
        note=section["note"],
        labels=tuple(column["label"] for column in section["columns"]),
        rows=tuple(tuple(_cell(row.get(key)) for key in keys) for row in section["rows"]),
    )


def _cell(value: Any) -> Shown:
    """A value of the document (Any: JSON)."""
    if value is None:
        return Shown("")
    if isinstance(value, dict):
        return Shown(str(value["text"]))
    if isinstance(value, list):
        return Shown("", tuple(str(item) for item in value))
    return Shown(str(value))
