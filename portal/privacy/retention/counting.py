"""Figures about people whose data is deleted, written so that nobody can be found in them.

What is kept is how many, by month in which the search ended, municipality, age band and sex. Why no row can be linked
to a person:

- A cell of fewer than five people is never written. Its people are merged: first without their sex, then without the
  age band, then without the municipality, then without the month. The last cell has no feature at all; it alone may be
  small, since it says nothing about anybody.
- The people whose search ended in one month become due together and are counted together (a rule counts from the end
  of the month): a reader who compares the rows of two nights sees a cell grow by five or more, or not at all, and
  cannot tell one night's person from another. Whoever comes late, when a block has ended, falls into the cells without
  features.
- A merged cell holds people of at least two values of what was left out: five or more of one value would have had a
  cell of their own. Nothing that was left out can be worked out from it.
- No row holds a key, a date of a day, or anything else that differs from person to person, and no table tells who was
  counted where: the notice, which knows that somebody was counted, goes with the person.
- People under non-disclosure are counted without any feature.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from portal.privacy.retention.dates import month_of
from portal.privacy.retention.models import SMALLEST_CELL


@dataclass(frozen=True)
class Cell:
    """Features that people share; what is None or empty was left out."""

    month: date | None = None
    municipality_id: int | None = None
    age_band: str = ""
    sex: str = ""


NO_FEATURES: Final = Cell()

_BANDS: Final = ((25, "-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"))
OLDEST_BAND: Final = "65-"


_COARSER: Final[tuple[Callable[[Cell], Cell], ...]] = (
    lambda cell: Cell(cell.month, cell.municipality_id, cell.age_band),
    lambda cell: Cell(cell.month, cell.municipality_id),
    lambda cell: Cell(cell.month),
    lambda cell: NO_FEATURES,
)
"""What is left out of a cell that is too small, step by step."""


def cell_of(ended: date, municipality_id: int | None, born: date, sex: str) -> Cell:
    """The cell of one person, before any merging; the age is that on the day when the search ended."""
    return Cell(month_of(ended), municipality_id, age_band(born, ended), sex)


def age_band(born: date, day: date) -> str:
    """The band of ten years in which somebody is on a day."""
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((band for limit, band in _BANDS if age < limit), OLDEST_BAND)


def merged(people: Iterable[Cell]) -> Counter[Cell]:
    """How many people in each cell, with small ones merged. The numbers add up to how many people there are."""
    left = Counter(people)
    kept: Counter[Cell] = Counter()
    for leave_out in _COARSER:
        coarser: Counter[Cell] = Counter()
        for cell, count in left.items():
            if count >= SMALLEST_CELL and cell != NO_FEATURES:
                kept[cell] += count
            else:
                coarser[leave_out(cell)] += count
        left = coarser
    kept.update(left)
    return kept


def add(people: Iterable[Cell]) -> int:
    """Add people to the figures, in one statement; return how many. The caller holds the transaction."""
    cells = merged(people)
    rows = sorted(cells.items(), key=str)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO privacy_departedcount (month, municipality_id, age_band, sex, people)
               SELECT * FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::text[], %s::int[])
               ON CONFLICT (month, municipality_id, age_band, sex)
               DO UPDATE SET people = privacy_departedcount.people + EXCLUDED.people""",
            [
                [cell.month for cell, _count in rows],
                [cell.municipality_id for cell, _count in rows],
                [cell.age_band for cell, _count in rows],
                [cell.sex for cell, _count in rows],
                [count for _cell, count in rows],
            ],
        )
    return sum(cells.values())
