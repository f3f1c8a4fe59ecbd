"""Shares that the generated area is shaped by, and the invented names and texts that it is told in.

Occupations and municipalities: means of twelve months of the public employment statistics, in the files that come with
the classifications. For the rest of the country, where the files say nothing, rounded shares of the largest towns and a
falling series for all others.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from jobmatching.generator.draws import Bools, Floats
from portal import classifications

NAMES_FOLDER: Final = Path(classifications.__path__[0]) / "builtin"
SHARES_FOLDER: Final = NAMES_FOLDER / "statistics"

HOME_MUNICIPALITY: Final = "851"
"""Tornio: the municipality responsible for the area whose statistics these are."""

_LARGE_TOWNS = {
    "091": 120, "049": 57, "837": 46, "092": 45, "564": 39, "853": 37, "179": 27, "297": 23, "398": 22, "609": 15,
    "286": 14, "167": 14, "405": 13, "905": 12, "109": 12, "743": 12, "698": 12, "491": 9, "285": 9, "734": 9,
    "638": 9, "272": 9, "106": 8, "444": 8, "186": 8, "543": 8, "858": 7, "257": 7, "684": 7, "205": 7, "202": 6,
}  # fmt: skip
"""Tenths of a per cent of the country's people, rounded."""
_UNSEEN = 0.5
"""Weight of an occupation group for which the statistics show nobody (small figures are hidden there)."""


class JobText(NamedTuple):
    """One sentence about work in the three languages of the portal."""

    fi: str
    sv: str
    en: str


@dataclass(frozen=True)
class Texts:
    """Invented names and sentences."""

    first_names: dict[str, list[str]]
    """Language -> first names."""
    surnames: list[str]
    employers: dict[str, list[str]]
    """Industry division -> names of employers; "" holds all of them."""
    tasks: dict[str, list[JobText]]
    """Beginning of an ISCO code -> sentences about the work."""
    offers: list[JobText]
    applying: list[JobText]

    def tasks_of(self, isco: str) -> list[JobText]:
        """Sentences for an occupation: those of the longest beginning of its code."""
        for length in range(len(isco), 0, -1):
            if found := self.tasks.get(isco[:length]):
                return found
        return self.offers


@cache
def texts() -> Texts:
    """Read the invented names and sentences (once)."""
    first_names: dict[str, list[str]] = defaultdict(list)
    surnames: list[str] = []
    for row in _rows(NAMES_FOLDER / "names.csv"):
        if row["kind"] == "first":
            first_names[row["language"]].append(row["name"])
        else:
            surnames.append(row["name"])
    tasks: dict[str, list[JobText]] = defaultdict(list)
    general: dict[str, list[JobText]] = defaultdict(list)
    for row in _rows(NAMES_FOLDER / "job_texts.csv"):
        text = JobText(row["text_fi"], row["text_sv"], row["text_en"])
        if row["part"] == "task":
            tasks[row["isco_prefix"]].append(text)
        else:
            general[row["part"]].append(text)
    return Texts(dict(first_names), surnames, _employer_names(), dict(tasks), general["offer"], general["apply"])


def _employer_names() -> dict[str, list[str]]:
    """Whole names, and every invented place with every kind of company of the industry."""
    prefixes: list[str] = []
    trades: dict[str, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for row in _rows(NAMES_FOLDER / "employer_names.csv"):
        match row["kind"]:
            case "prefix":
                prefixes.append(row["name"])
            case "trade":
                trades[row["industry_code"]].append(row["name"])
            case _:
                names[row["industry_code"]].append(row["name"])
    for industry, kinds in trades.items():
        names[industry] += [f"{prefix} {kind}" for prefix in prefixes for kind in kinds]
    chosen = {industry: list(dict.fromkeys(known)) for industry, known in names.items()}
    return chosen | {"": [name for known in chosen.values() for name in known]}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def place_chances(codes: Sequence[str], abroad: Bools, own: Bools, *, whole_country: bool) -> tuple[Floats, Floats]:
    """Weights of municipalities: as a jobseeker's home, and as a place of work.

    `own` marks the area's municipalities; without `whole_country` nobody lives or is sought elsewhere.
    """
    rows = {row["municipality_code"]: row for row in _rows(SHARES_FOLDER / "municipality_shares.csv")}
    homes, works = (
        np.array([float(rows[code][column]) if code in rows else 0.0 for code in codes])
        for column in ("unemployed", "open_vacancies")
    )
    silent = (homes == 0) & ~abroad
    # About 280,000 unemployed in the country: a tenth of a per cent of the people is 280 of them.
    falling = iter(4_000 / (position + 6) for position in range(len(codes)))
    homes[silent] = [_LARGE_TOWNS.get(code, 0) * 280.0 or next(falling) for code in np.array(codes)[silent]]
    works[silent] = homes[silent] * 0.3
    wanted = ~abroad if whole_country else own & ~abroad
    return np.where(wanted, homes, 0.0), np.where(wanted, works, 0.0)


def occupation_chances(isco: Sequence[str], weight: Floats) -> tuple[Floats, Floats]:
    """Weights of occupations among jobseekers and among vacancies.

    Each four-digit group has the share of the statistics, divided among its occupations by `weight`.
    """
    rows = {row["isco_code"]: row for row in _rows(SHARES_FOLDER / "occupation_shares.csv")}
    in_group: dict[str, float] = defaultdict(float)
    for code, share in zip(isco, weight.tolist(), strict=True):
        in_group[code] += share
    sought, offered = (
        np.array([float(rows[code][column] or 0) if code in rows else 0.0 for code in isco])
        for column in ("unemployed", "open_vacancies")
    )
    part = weight / np.array([in_group[code] for code in isco])
    return np.maximum(sought, _UNSEEN) * part, np.maximum(offered, _UNSEEN) * part
