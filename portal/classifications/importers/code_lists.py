"""The short code lists that come with the portal: languages, driving licences, cards, education levels, industries.

`match_slot` is a row's fixed place in the matcher's bit masks: languages 0..15 (0 Finnish, 1 Swedish, 2 English, then in
the order of the file), licences 0..15, cards 0..119 (both in the order of the file). A row keeps its slot for good, so
masks of yesterday mean the same tomorrow; a new row takes the lowest slot that is free.
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
    slots: int = 0
    """How many slots the matcher has for the list; 0 where it needs none."""
    gets_slot: Callable[[Cells], bool] = lambda cells: True


LISTS: Final = (
    ListFile("languages.csv", Language, ("requirement_bits",), slots=16, gets_slot=lambda row: row["requirement_bits"] == "yes"),
    ListFile(
        "driving_licences.csv",
        DrivingLicence,
        ("includes",),
        {"includes": ("varchar[]", lambda row: row["includes"].split())},
        slots=16,
    ),
    ListFile(
        "cards.csv",
        Card,
        ("validity_years",),
        {"valid_years": ("smallint", lambda row: int(row["validity_years"]) if row["validity_years"] else None)},
        slots=120,
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
    kinds = {"code": "text", **dict.fromkeys(NAMES, "text"), "order": "smallint", **{name: kind for name, (kind, _) in extra.items()}}
    slots = _slots(entry, rows)
    if entry.slots:
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
                *([slots.get(row["code"])] if entry.slots else []),
            )
            for order, row in enumerate(rows, 1)
        ),
    )
    return upsert(
        cursor, entry.model._meta.db_table, "incoming_code", ("code",), {name: "NULL" for name in kinds if name != "code"}
    )


def _slots(entry: ListFile, rows: list[dict[str, str]]) -> dict[str, int]:
    """Slot of each code that has one: its own where it stands already, else the lowest free one in the file's order."""
    if not entry.slots:
        return {}
    kept: dict[str, int] = dict(
        entry.model._default_manager.exclude(match_slot=None).values_list("code", "match_slot")
    )
    free = iter(sorted(set(range(entry.slots)) - set(kept.values())))
    for row in rows:
        if entry.gets_slot(row) and row["code"] not in kept:
            slot = next(free, None)
            if slot is None:
                raise ValueError(f"{entry.file}: the matcher has {entry.slots} places and all are taken; {row['code']} finds none")
            kept[row["code"]] = slot
    return kept
