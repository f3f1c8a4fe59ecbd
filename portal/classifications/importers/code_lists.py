"""The short code lists that come with the portal: languages, driving licences, cards, education levels, industries.

Rows that have a place in matching (`portal.classifications.slots`) get it in the order of the file: the languages whose
`requirement_bits` say yes, every licence, every card, every level of education.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from portal.classifications.importers.problems import Findings
from portal.classifications.importers.storing import Changes, copy_rows, upsert
from portal.classifications.importers.tables import read_table
from portal.classifications.models import Card, CodeList, DrivingLicence, EducationLevel, Industry, Language
from portal.classifications.slots import SLOTS, free_slots, taken_slots

NAMES: Final = ("name_fi", "name_sv", "name_en")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class ListFile:
    """One code list: its file, its model, and what it has beside code, names and order."""

    file: str
    model: type[CodeList]
    columns: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, Callable[[Cells], Any]]] | None = None
    """Database column -> (SQL type, its value from the cells of a row)."""
    gets_slot: Callable[[Cells], bool] = lambda cells: True

    @property
    def has_slots(self) -> bool:
        """Whether the matcher has places for the list."""
        return self.model in SLOTS


LISTS: Final = (
    ListFile("languages.csv", Language, ("requirement_bits",), gets_slot=lambda row: row["requirement_bits"] == "yes"),
    ListFile(
        "driving_licences.csv",
        DrivingLicence,
        ("includes",),
        {"includes": ("varchar[]", lambda row: row["includes"].split())},
    ),
    ListFile(
        "cards.csv",
        Card,
        ("validity_years",),
        {"valid_years": ("smallint", lambda row: int(row["validity_years"]) if row["validity_years"] else None)},
    ),
    ListFile("education_levels.csv", EducationLevel),
    ListFile("industries.csv", Industry, ("section",), {"section": ("text", lambda row: row["section"])}),
)


def load_code_lists(cursor: CursorWrapper, folder: Path) -> dict[str, Changes]:
    """Load every list of the folder; rows that are the same are not touched. Raises BrokenFiles."""
    return {entry.file.removesuffix(".csv"): _load(cursor, folder, entry) for entry in LISTS}


def _load(cursor: CursorWrapper, folder: Path, entry: ListFile) -> Changes:
    findings = Findings()
    columns = ("code", *NAMES, *entry.columns)
    rows = [
        dict(zip(columns, row.values, strict=True))
        for row in read_table(entry.file, (folder / entry.file).read_bytes(), columns, findings)
    ]
    findings.stop_when_broken()
    extra = dict(entry.extra or {})
    kinds = {
        "code": "text",
        **dict.fromkeys(NAMES, "text"),
        "order": "smallint",
        **{name: kind for name, (kind, _) in extra.items()},
    }
    slots = _slots(entry, rows)
    if entry.has_slots:
        kinds["match_slot"] = "smallint"
    copy_rows(
        cursor,
        "incoming_code",
        kinds,
        (
            (
                row["code"],
                *(row[name] for name in NAMES),
                order,
                *(value(row) for _, value in extra.values()),
                *([slots.get(row["code"])] if entry.has_slots else []),
            )
            for order, row in enumerate(rows, 1)
        ),
    )
    return upsert(
        cursor,
        entry.model._meta.db_table,
        "incoming_code",
        ("code",),
        {name: "NULL" for name in kinds if name != "code"},
    )


def _slots(entry: ListFile, rows: list[dict[str, str]]) -> dict[str, int]:
    """Slot of each code that has one: its own where it stands already, else the lowest free one in the file's order."""
    if not entry.has_slots:
        return {}
    kept = taken_slots(entry.model)
    free = free_slots(entry.model)
    for row in rows:
        if entry.gets_slot(row) and row["code"] not in kept:
            kept[row["code"]] = next(free)
    return kept
