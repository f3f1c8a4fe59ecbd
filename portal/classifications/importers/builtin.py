"""All registers that come with the portal but the taxonomy: municipalities, travel times, code lists."""

from pathlib import Path
from typing import Final

from django.db import connection, transaction

from portal.classifications.events import MUNICIPALITIES, tell_imported
from portal.classifications.importers.code_lists import load_code_lists
from portal.classifications.importers.municipalities import load_builtin_municipalities
from portal.classifications.importers.storing import Changes, lock_imports
from portal.classifications.importers.travel import estimate_travel_times, load_overrides

BUILTIN: Final = Path(__file__).resolve().parent.parent / "builtin"


def load_builtin() -> dict[str, Changes]:
    """Load everything; a second time changes nothing. Raises BrokenFiles when a file of ours is broken."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        return load_builtin_places() | load_code_lists(cursor, BUILTIN)


def load_builtin_places() -> dict[str, Changes]:
    """Load areas, municipalities and travel times alone; a change of municipalities is told (`tell_imported`)."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        changes = load_builtin_municipalities(cursor, BUILTIN)
        changes["travel_times"] = estimate_travel_times(cursor)
        changes["travel_overrides"] = load_overrides(cursor, BUILTIN / "travel_overrides.csv")
        if changes["municipalities"]:
            tell_imported(MUNICIPALITIES)
        return changes
