"""Travel times between municipalities: estimated from their centres, or told by a table of road distances.

What stands in the register has three ranks. A row estimated from the centres (`source` is `STRAIGHT_LINE`) is
computed anew
whenever municipalities change; a built-in road estimate replaces those; a row that somebody has measured (`estimated`
is False: an imported matrix, a correction in the administration) is replaced by another import only.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from portal.classifications.importers.problems import Findings
from portal.classifications.importers.storing import Changes, copy_rows, lock_imports, upsert
from portal.classifications.importers.tables import read_table
from portal.classifications.models import Municipality, TravelTime

STRAIGHT_LINE: Final = "straight line between the centres"
ROAD_ESTIMATE: Final = "estimate along the road"
ROAD_FACTOR: Final = 1.25
"""A road in the north is about this much longer than the straight line (1.17 in the middle, 1.22 over all, of the
built-in road distances, which lead along main roads; a little more for the rest)."""
START_MINUTES: Final = 5.0
"""Getting out of one centre and into the other."""
ROAD_SPEED: Final = 80.0
"""Kilometres an hour between the centres; with the start, the speed from door to door rises with the distance."""
OWN_KILOMETRES: Final = 8
OWN_MINUTES: Final = 12
"""Travel inside one municipality."""
EARTH_RADIUS_KM: Final = 6371.0
_LONGEST: Final = 32_767
_COLUMNS: Final = ("from_code", "to_code", "kilometres", "minutes", "source")
_KINDS: Final = {
    "origin_id": "bigint",
    "destination_id": "bigint",
    "kilometres": "smallint",
    "minutes": "smallint",
    "estimated": "boolean",
    "source": "text",
}
_KEY: Final = ("origin_id", "destination_id")
_VALUES: Final = {"kilometres": "0", "minutes": "0", "estimated": "true", "source": "''"}


def straight_kilometres(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Great-circle kilometres between all pairs of points in degrees: [n] and [n] -> [n, n]."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    kilometres: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return kilometres


def estimate(straight: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Whole kilometres and minutes by road from straight kilometres [n, n]; the diagonal is travel inside a
    municipality."""
    road = straight * ROAD_FACTOR
    kilometres = np.clip(np.rint(road), 1, _LONGEST).astype(np.int64)
    minutes = np.clip(np.rint(START_MINUTES + road / ROAD_SPEED * 60), 1, _LONGEST).astype(np.int64)
    np.fill_diagonal(kilometres, OWN_KILOMETRES)
    np.fill_diagonal(minutes, OWN_MINUTES)
    return kilometres, minutes


def estimate_travel_times(cursor: CursorWrapper) -> Changes:
    """Estimate all pairs of current municipalities with a centre; rows that know better are not touched."""
    places = list(
        Municipality.objects.current()
        .exclude(longitude=None)
        .exclude(latitude=None)
        .order_by("pk")
        .values_list("pk", "longitude", "latitude")
    )
    if not places:
        return Changes()
    ids, longitudes, latitudes = (np.array(column) for column in zip(*places, strict=True))
    kilometres, minutes = estimate(straight_kilometres(longitudes, latitudes))
    copy_rows(cursor, "incoming_travel", _KINDS, _pairs(ids, kilometres, minutes))
    return _store(cursor, f"t.source = '{STRAIGHT_LINE}'")


def _pairs(
    ids: npt.NDArray[np.int64], kilometres: npt.NDArray[np.int64], minutes: npt.NDArray[np.int64]
) -> Iterator[Sequence[object]]:
    plain = ids.tolist()
    for origin, km_row, minutes_row in zip(plain, kilometres.tolist(), minutes.tolist(), strict=True):
        for destination, km, duration in zip(plain, km_row, minutes_row, strict=True):
            yield origin, destination, km, duration, True, STRAIGHT_LINE


def load_overrides(cursor: CursorWrapper, file: Path) -> Changes:
    """Load the built-in road distances. Where their source is "estimate" they stay marked as estimates."""
    findings = Findings()
    rows = _read(file, findings)
    findings.stop_when_broken()
    copy_rows(cursor, "incoming_travel", _KINDS, rows)
    return _store(cursor, "t.estimated")


def import_travel_times(file: Path) -> Changes:
    """Import a road matrix; it holds whatever stood before. Raises BrokenFiles and changes nothing when it is
    broken."""
    findings = Findings()
    rows = _read(file, findings)
    findings.stop_when_broken()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        copy_rows(cursor, "incoming_travel", _KINDS, rows)
        return _store(cursor, "true")


def _store(cursor: CursorWrapper, only_changed_where: str) -> Changes:
    return upsert(
        cursor, TravelTime._meta.db_table, "incoming_travel", _KEY, _VALUES, only_changed_where=only_changed_where
    )


def _read(file: Path, findings: Findings) -> list[tuple[int, int, int, int, bool, str]]:
    """Rows of a file with `from_code,to_code,kilometres,minutes,source`, each direction a row of its own."""
    if not file.is_file():
        findings.problem(file.name, "is not there: give a CSV file with " + ", ".join(_COLUMNS))
        findings.stop_when_broken()
    ids = dict(Municipality.objects.values_list("code", "pk"))
    rows: dict[tuple[int, int], tuple[int, int, int, int, bool, str]] = {}
    for row in read_table(file.name, file.read_bytes(), _COLUMNS, findings):
        origin, destination, *numbers, source = (value.strip() for value in row.values)
        problems = [
            (column, f"“{code[:20]}” is no municipality of the register: import the municipalities first")
            for column, code in zip(_COLUMNS[:2], (origin, destination), strict=True)
            if code not in ids
        ]
        for column, text in zip(_COLUMNS[2:4], numbers, strict=True):
            if not (text.isascii() and text.isdigit() and int(text) <= _LONGEST):
                problems.append((column, f"“{text[:20]}” is no whole number between 0 and {_LONGEST}"))
        if not source or len(source) > 200:
            problems.append(("source", "say in at most 200 characters where the figure comes from"))
        if not problems and (ids[origin], ids[destination]) in rows:
            problems.append(("to_code", f"the way from {origin} to {destination} stands twice"))
        for column, text in problems:
            findings.problem(file.name, text, row=row.number, line=row.line, column=column)
        if not problems:
            pair = (ids[origin], ids[destination])
            estimated = source == "estimate"
            rows[pair] = (*pair, int(numbers[0]), int(numbers[1]), estimated, ROAD_ESTIMATE if estimated else source)
    return list(rows.values())
