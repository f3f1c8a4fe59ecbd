"""Places in the matcher's bit masks that rows of code lists hold.

Languages 0..15 (0 Finnish, 1 Swedish, 2 English), driving licences 0..15, levels of education 0..7, permits and cards
0..119. A row keeps its slot for good: masks of yesterday mean the same tomorrow; a new row takes the lowest one free.
"""

from collections.abc import Iterator
from typing import Any, Final

from portal.classifications.models import Card, CodeList, DrivingLicence, EducationLevel, Language

SLOTS: Final[dict[type[CodeList], int]] = {Language: 16, DrivingLicence: 16, EducationLevel: 8, Card: 120}


class NoSlotFree(Exception):
    """The matcher's masks have no place left for the list."""


def taken_slots(model: type[CodeList]) -> dict[str, int]:
    """Slot by code of the rows that have one. Only for models of `SLOTS`."""
    # The field stands in these models, not in what they share.
    manager: Any = model._default_manager
    return dict(manager.exclude(match_slot=None).order_by().values_list("code", "match_slot"))


def free_slots(model: type[CodeList]) -> Iterator[int]:
    """Slots that no row holds, lowest first. Raises NoSlotFree when one more is asked than there are."""
    taken = set(taken_slots(model).values())
    yield from (slot for slot in range(SLOTS[model]) if slot not in taken)
    raise NoSlotFree(f"{model.__name__}: all {SLOTS[model]} places in matching are taken")
