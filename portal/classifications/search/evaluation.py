"""How well the search finds what is known to be right: titles that people use, with the occupation each belongs to."""

import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from portal.classifications.enums import Scheme
from portal.classifications.search.concepts import search_occupations

DEPTH: Final = 50
"""Ranks below this count as not found."""


@dataclass(frozen=True)
class Title:
    """What somebody types, and the address of the occupation it belongs to."""

    text: str
    uri: str


@dataclass(frozen=True)
class SearchQuality:
    """Mean reciprocal rank, share of titles whose occupation comes first or among ten, and time a query (95th
    percentile)."""

    queries: int
    mrr: float
    hit1: float
    hit10: float
    p95_ms: float


def read_titles(file: Path, language: str) -> list[Title]:
    """Read a CSV file with `title_<language>` and `esco_uri`. Raises ValueError where a column is missing."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        wanted = (f"title_{language}", "esco_uri")
        missing = [column for column in wanted if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{file.name} has no column {' and no column '.join(missing)}")
        return [Title(row[wanted[0]], row[wanted[1]]) for row in reader]


def evaluate(titles: Iterable[Title], scheme: Scheme, language: str) -> tuple[SearchQuality, list[int]]:
    """Search every title as a person would; also return the rank of each (0 where it is not among the first fifty).

    The first search builds the index and is left out of the times.
    """
    search_occupations("a", scheme, language, 1)
    ranks: list[int] = []
    times: list[float] = []
    for title in titles:
        started = time.perf_counter()
        found = [one.concept.uri for one in search_occupations(title.text, scheme, language, DEPTH)]
        times.append(time.perf_counter() - started)
        ranks.append(found.index(title.uri) + 1 if title.uri in found else 0)
    return _summary(ranks, times), ranks


def _summary(ranks: Sequence[int], times: Sequence[float]) -> SearchQuality:
    n = len(ranks)
    if not n:
        return SearchQuality(0, 0.0, 0.0, 0.0, 0.0)
    return SearchQuality(
        n,
        round(sum(1 / rank for rank in ranks if rank) / n, 4),
        round(sum(rank == 1 for rank in ranks) / n, 4),
        round(sum(0 < rank <= 10 for rank in ranks) / n, 4),
        round(float(np.percentile(times, 95)) * 1000, 2),
    )
