"""The real night end to end, and its parts one by one on the same rows."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection

from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import find_near_misses
from jobmatching.nightly.copying import read_columns, write_columns
from jobmatching.nightly.storing import MATCH_COLUMNS, NEAR_MISS_COLUMNS
from tests.bench.matching.clock import Took, clock
from tests.bench.matching.market import Market

THREADS: Final = 2


@dataclass(frozen=True)
class Night:
    """What one night told of itself."""

    run: int
    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    seconds: dict[str, float]
    counts: dict[str, Any]


def run_night(database: str, day: date) -> Night:
    """Run the night of a day in a process of its own. Raises RuntimeError where it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.matching.night_process", database, day.isoformat()],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The night of {day} failed: see the lines above.")
    return Night(**json.loads(done.stdout.splitlines()[-1]))


def time_parts(market: Market) -> dict[str, Took]:
    """Kernel, near-miss pass, plain COPY of the run's rows, and the two indexes, each alone."""
    stored = [
        (f"{table}_alone", columns, _rows(table, market.run_id, columns))
        for table, columns in (("match", MATCH_COLUMNS), ("nearmiss", NEAR_MISS_COLUMNS))
    ]

    def copy() -> None:
        for table, columns, arrays in stored:
            _execute(f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} (LIKE jobmatching_{table[:-6]})")
            write_columns(table, columns, arrays)

    parts: dict[str, Callable[[], object]] = {
        "kernel": lambda: match(market.seekers, market.vacancies, market.rules, threads=THREADS),
        "near misses": lambda: find_near_misses(market.seekers, market.vacancies, market.rules, threads=THREADS),
        "copy": copy,
        "index by vacancy": lambda: _execute("CREATE UNIQUE INDEX ON match_alone (vacancy_id, seeker_id)"),
        "index by seeker": lambda: _execute("CREATE INDEX ON match_alone (seeker_id)"),
    }
    times = {name: clock(part)[0] for name, part in parts.items()}
    _execute("DROP TABLE match_alone", "DROP TABLE nearmiss_alone")
    return times


def _rows(table: str, run_id: int, columns: tuple[tuple[str, str], ...]) -> list[npt.NDArray[np.generic]]:
    names = ", ".join(name for name, _kind in columns)
    rows = read_columns(f"SELECT {names} FROM jobmatching_{table}_{run_id}", columns)  # noqa: S608  names of ours
    return [rows[name] for name, _kind in columns]


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
