"""Municipalities and employment areas: the built-in ones of the north, and the national key of Finland.

The built-in file fills what is not there: what the national key, or an administrator, has said since is kept.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from portal.classifications.enums import Country
from portal.classifications.events import MUNICIPALITIES, tell_imported
from portal.classifications.importers.problems import BrokenFiles, Findings, Problem
from portal.classifications.importers.storing import Changes, copy_rows, lock_imports, upsert
from portal.classifications.importers.tables import Row, read_table
from portal.classifications.importers.travel import estimate_travel_times
from portal.classifications.models import EmploymentArea, Municipality

KEY_COLUMNS: Final = (
    "kunta",
    "municipality_name_fi",
    "municipality_name_sv",
    "municipality_name_en",
    "maakunta_code",
    "tyollisyysalue_code",
    "tyollisyysalue_name_fi",
    "tyollisyysalue_name_sv",
    "tyollisyysalue_name_en",
)
CENTRE_COLUMNS: Final = ("kuntatunnus", "lon", "lat")
_BUILTIN_COLUMNS: Final = (
    "code", "country", "name_fi", "name_sv", "name_en", "name_se", "region_code", "employment_area_code", "lon", "lat",
)  # fmt: skip
_AREA_COLUMNS: Final = ("code", "name_fi", "name_sv", "name_en", "responsible_municipality_code")
_TEXTS: Final = ("name_fi", "name_sv", "name_en", "name_se", "region_code")


@dataclass(frozen=True)
class Place:
    """A municipality as a file tells it; None where the file does not say."""

    code: str
    country: str
    name_fi: str
    name_sv: str
    name_en: str
    name_se: str | None
    region_code: str
    area_code: str
    longitude: float | None
    latitude: float | None


Area = tuple[str, ...]
"""Code, names in Finnish, Swedish and English, code of the responsible municipality."""


def load_builtin_municipalities(cursor: CursorWrapper, folder: Path) -> dict[str, Changes]:
    """Add the built-in areas and municipalities that are not there and fill what is empty in those that are."""
    findings = Findings()
    name = "employment_areas.csv"
    areas = [row.values for row in read_table(name, (folder / name).read_bytes(), _AREA_COLUMNS, findings)]
    name = "municipalities.csv"
    places = []
    for row in read_table(name, (folder / name).read_bytes(), _BUILTIN_COLUMNS, findings):
        code, country, fi, sv, en, se, region, area, lon, lat = row.values
        point = _point(findings, name, row, lon, lat, ("lon", "lat"))
        places.append(Place(code, country, fi, sv, en, se, region, area, *point))
    findings.stop_when_broken()
    return _store(cursor, areas, places, fill_only=True)


def import_national_key(path: Path) -> tuple[dict[str, Changes], list[str]]:
    """Import Finland's municipality key (a file, or a folder with it and the centre points), and estimate travel anew.

    Finnish municipalities that the key does not have are retired. Names of areas that are there already stay as
    written. Raises BrokenFiles and changes nothing when the files are broken. A change of
    municipalities is told (`tell_imported`).
    """
    findings = Findings()
    key, centre_file = _find_files(path)
    centres = _read_centres(centre_file, findings) if centre_file else {}
    if not centre_file:
        findings.note("No centre points beside the key: municipalities without one get no travel times.")
    areas, places = _read_key(key, centres, findings)
    findings.stop_when_broken()
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        changes = _store(cursor, areas, places, fill_only=False)
        cursor.execute(
            "UPDATE classifications_municipality t SET retired = true WHERE t.country = %s AND NOT t.retired"
            " AND NOT EXISTS (SELECT 1 FROM incoming_place s WHERE s.code = t.code)",
            [Country.FINLAND.value],
        )
        changes["municipalities"] = changes["municipalities"].plus(Changes(removed=cursor.rowcount))
        changes["travel_times"] = estimate_travel_times(cursor)
        if changes["municipalities"]:
            tell_imported(MUNICIPALITIES)
    return changes, findings.notes


def _find_files(path: Path) -> tuple[Path, Path | None]:
    """The key and the centre points (or None), known by their headers."""
    if not path.exists():
        raise BrokenFiles([Problem(path.name, "is not there: give the municipality key or its folder")])
    folder = path if path.is_dir() else path.parent
    keys: list[Path] = [path] if path.is_file() else []
    centres: list[Path] = []
    for file in sorted(folder.glob("*.csv")):
        header = _header(file)
        if path.is_dir() and set(KEY_COLUMNS) <= header:
            keys.append(file)
        elif set(CENTRE_COLUMNS) <= header:
            centres.append(file)
    if len(keys) != 1:
        columns = ", ".join(KEY_COLUMNS[:3])
        text = f"holds {len(keys)} files with the columns of the municipality key ({columns}): name the one"
        raise BrokenFiles([Problem(folder.name, text)])
    return keys[0], centres[0] if centres else None


def _header(file: Path) -> set[str]:
    with file.open("rb") as opened:
        first = opened.readline().decode("utf-8-sig", errors="replace")
    return {cell.strip() for cell in next(csv.reader(io.StringIO(first)), [])}


def _read_centres(file: Path, findings: Findings) -> dict[str, tuple[float | None, float | None]]:
    centres = {}
    for row in read_table(file.name, file.read_bytes(), CENTRE_COLUMNS, findings):
        code, lon, lat = row.values
        if number := _code(findings, file.name, row, "kuntatunnus", code):
            centres[number] = _point(findings, file.name, row, lon, lat, CENTRE_COLUMNS[1:])
    return centres


def _read_key(
    file: Path, centres: Mapping[str, tuple[float | None, float | None]], findings: Findings
) -> tuple[list[Area], list[Place]]:
    areas: dict[str, Area] = {}
    places: dict[str, Place] = {}
    for row in read_table(file.name, file.read_bytes(), KEY_COLUMNS, findings):
        code, fi, sv, en, region, area, area_fi, area_sv, area_en = (value.strip() for value in row.values)
        number = _code(findings, file.name, row, "kunta", code)
        if not fi:
            findings.problem(file.name, "is empty", row=row.number, line=row.line, column="municipality_name_fi")
        if number in places:
            findings.problem(file.name, f"{number} stands twice", row=row.number, line=row.line, column="kunta")
        if area:
            areas.setdefault(area, (area, area_fi, area_sv, area_en, ""))
        places[number] = Place(
            number,
            Country.FINLAND,
            fi,
            sv or fi,
            en or fi,
            None,
            region.zfill(2),
            area,
            *centres.get(number, (None, None)),
        )
    return list(areas.values()), list(places.values())


def _code(findings: Findings, file: str, row: Row, column: str, code: str) -> str:
    """The code with three digits ("47" -> "047": spreadsheets drop zeros), or an empty text and a problem."""
    if code.isascii() and code.isdigit() and 1 <= len(code) <= 3:
        return code.zfill(3)
    findings.problem(
        file, f"“{code[:20]}” is no municipality number (three digits)", row=row.number, line=row.line, column=column
    )
    return ""


def _point(
    findings: Findings, file: str, row: Row, lon: str, lat: str, columns: Sequence[str]
) -> tuple[float | None, float | None]:
    """Longitude and latitude in degrees; (None, None) where both are empty or, with a problem, where they are no
    numbers."""
    if not lon and not lat:
        return None, None
    numbers = []
    for text, column, most in zip((lon, lat), columns, (180, 90), strict=True):
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not abs(number) <= most:
            findings.problem(
                file, f"“{text[:20]}” is no number of degrees (WGS84)", row=row.number, line=row.line, column=column
            )
        numbers.append(number)
    return numbers[0], numbers[1]


def _store(cursor: CursorWrapper, areas: list[Area], places: list[Place], *, fill_only: bool) -> dict[str, Changes]:
    copy_rows(cursor, "incoming_area", dict.fromkeys(_AREA_COLUMNS, "text"), areas)
    _keep_filled(cursor, "incoming_area", EmploymentArea._meta.db_table, _AREA_COLUMNS[1:], empty="''")
    area_changes = upsert(
        cursor, EmploymentArea._meta.db_table, "incoming_area", ("code",), dict.fromkeys(_AREA_COLUMNS[1:], "''")
    )
    kinds = {"code": "text", "country": "text", **dict.fromkeys(_TEXTS, "text"), "area_code": "text"}
    points = {"longitude": "float8", "latitude": "float8"}
    rows = (
        (
            place.code, place.country, place.name_fi, place.name_sv, place.name_en, place.name_se, place.region_code,
            place.area_code, place.longitude, place.latitude,
        )
        for place in places
    )  # fmt: skip
    copy_rows(cursor, "incoming_place", {**kinds, **points}, rows)
    cursor.execute("ALTER TABLE incoming_place ADD COLUMN area_id bigint, ADD COLUMN retired boolean")
    cursor.execute(
        "UPDATE incoming_place s SET area_id ="
        " (SELECT a.id FROM classifications_employmentarea a WHERE a.code = s.area_code)"
    )
    values: dict[str, str] = {
        **dict.fromkeys(("country", *_TEXTS), "''"),
        **dict.fromkeys((*points, "area_id"), "NULL"),
    }
    table = Municipality._meta.db_table
    if fill_only:
        _keep_filled(cursor, "incoming_place", table, _TEXTS, empty="''")
        _keep_filled(cursor, "incoming_place", table, (*points, "area_id"), empty="NULL")
        cursor.execute(
            "UPDATE incoming_place s SET retired ="
            " (SELECT t.retired FROM classifications_municipality t WHERE t.code = s.code)"
        )
    else:
        cursor.execute("UPDATE incoming_place SET retired = false")
    keep = frozenset({"name_se", *points})
    stored = upsert(cursor, table, "incoming_place", ("code",), {**values, "retired": "false"}, kept_when_null=keep)
    return {"employment_areas": area_changes, "municipalities": stored}


def _keep_filled(cursor: CursorWrapper, source: str, target: str, columns: Sequence[str], *, empty: str) -> Any:
    """Put into the temporary table what the register has already, so that only what is empty there is filled."""
    for column in columns:
        cursor.execute(
            f"UPDATE {source} s SET {column} = t.{column} FROM {target} t"  # noqa: S608  our own names
            f" WHERE t.code = s.code AND t.{column} IS DISTINCT FROM {empty} AND t.{column} IS NOT NULL"
        )
