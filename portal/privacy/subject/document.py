"""All data of a person as one document: plain values that JSON can hold, and the words that people read.

The form is told in docs/own-data.md; `FORMAT` names its version.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone, translation

from portal.privacy.subject.sections import Cell, Exporter, Section, Told, exporters

FORMAT: Final = "kohtaanto/own-data/1"

Document = dict[str, Any]
"""The document as JSON (Any: JSON)."""


def build(person: Any, language: str, controller: str, on_progress: Callable[[int], None]) -> Document:
    """Ask every exporter for its section, in the language; `on_progress` is told how many steps are done.

    `person` is the row of the jobseeker (Any: this floor does not know its class).
    """
    found = exporters()
    done = 0
    sections = []
    with translation.override(language):
        for exporter in found:
            sections.append(_section(exporter, exporter.tell(person)))
            done += exporter.steps
            on_progress(done)
        return {
            "format": FORMAT,
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "language": language,
            "controller": controller,
            "person": str(person),
            "sections": sections,
        }


def steps() -> int:
    """How many steps a document has."""
    return sum(exporter.steps for exporter in exporters())


def as_json(document: Document) -> str:
    """The document as text, written so that people can read it, too."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def _section(exporter: Exporter, section: Section) -> Document:
    return {
        "code": exporter.code,
        "title": str(exporter.title),
        "note": str(section.note),
        "columns": [{"key": column.key, "label": str(column.label)} for column in section.columns],
        "rows": [_row(row) for row in section.rows],
    }


def _row(row: Mapping[str, Cell]) -> Document:
    return {key: _cell(cell) for key, cell in row.items() if cell not in (None, "", [])}


def _cell(cell: Cell) -> Any:
    """A plain value, a list of them, or a value with its words."""
    if isinstance(cell, Told):
        return {"value": cell.value, "text": cell.text}
    if isinstance(cell, str | int | float | bool) or cell is None:
        return cell
    return list(cell)
