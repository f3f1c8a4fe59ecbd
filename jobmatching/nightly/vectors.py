"""Match vectors in step with what people enter: missing, dirty, outdated ones and those of other rules are rebuilt."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from jobmatching.engine.packing import Packed, pack_seekers, pack_vacancies
from jobmatching.engine.rules import Rules
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.places import Places
from jobmatching.nightly.requirements import Layout
from jobmatching.nightly.rules_versions import engine_rules
from jobmatching.nightly.seeker_columns import EPOCH, read_seekers
from jobmatching.nightly.vacancy_columns import read_vacancies

logger = logging.getLogger(__name__)

CHUNK: Final = 20_000
_LAST_DAY: Final = date(9999, 12, 31)

Owner = Literal["seeker", "vacancy"]
_OWNER_TABLE: Final[dict[Owner, str]] = {"seeker": "jobmatching_jobseeker", "vacancy": "employers_vacancy"}


@dataclass
class Refreshed:
    """How many rows were built again, and the ids of rows that could not be (they are left out of the run)."""

    built: int = 0
    broken: dict[int, str] = field(default_factory=dict)


class VectorBuilder:
    """Builds vectors of one rules version for one day."""

    def __init__(self, version: MatchingRules, as_of: date) -> None:
        self.version = version
        self.as_of = as_of
        self.rules: Rules = engine_rules(version)
        self.layout = Layout.from_code_lists()
        self.places = Places.read(version.municipality_codes)

    def seekers(self, ids: list[int]) -> Refreshed:
        """Build the vectors of these jobseekers (ascending ids)."""
        return self._build("seeker", ids, self._pack_seekers)

    def vacancies(self, ids: list[int]) -> Refreshed:
        """Build the vectors of these vacancies (ascending ids)."""
        return self._build("vacancy", ids, self._pack_vacancies)

    def _pack_seekers(self, ids: list[int]) -> Packed:
        rows = read_seekers(ids, self.rules, self.layout, self.places, self.as_of)
        packed = pack_seekers(rows.columns, self.rules, (self.as_of - EPOCH).days)
        return Packed(packed.buffer, packed.offsets, np.minimum(packed.stale_on, rows.changes_on))

    def _pack_vacancies(self, ids: list[int]) -> Packed:
        return pack_vacancies(read_vacancies(ids, self.rules, self.layout, self.places), self.rules)

    def _build(self, owner: Owner, ids: list[int], pack: Callable[[list[int]], Packed]) -> Refreshed:
        done = Refreshed()
        for start in range(0, len(ids), CHUNK):
            self._build_chunk(owner, ids[start : start + CHUNK], pack, done)
        return done

    def _build_chunk(self, owner: Owner, ids: list[int], pack: Callable[[list[int]], Packed], done: Refreshed) -> None:
        """Build one chunk; where it fails, halve it until the broken rows stand alone."""
        _ensure_rows(owner, ids, self.version, self.as_of)
        try:
            with transaction.atomic():
                # Locked before the profile is read: an edit that is not committed yet is waited for, and one that
                # comes later waits for us and marks the row dirty again.
                _lock(owner, ids)
                self._store(owner, ids, pack(ids))
        except ValueError as error:
            if len(ids) == 1:
                logger.warning("The %s %s could not be read for matching: %s", owner, ids[0], type(error).__name__)
                done.broken[ids[0]] = type(error).__name__
                return
            half = len(ids) // 2
            self._build_chunk(owner, ids[:half], pack, done)
            self._build_chunk(owner, ids[half:], pack, done)
            return
        done.built += len(ids)

    def _store(self, owner: Owner, ids: list[int], packed: Packed) -> None:
        """Write the packed rows of locked vectors."""
        if len(packed) != len(ids):
            raise ValueError("some of the rows are gone")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE packed_rows (id bigint, data bytea, stale_on date) ON COMMIT DROP")
            with cursor.copy("COPY packed_rows FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "bytea", "date"])
                for pk, row, stale_on in zip(ids, _rows(packed), packed.stale_on.tolist(), strict=True):
                    copy.write_row((pk, row, _day(stale_on)))
            cursor.execute(
                f"""UPDATE jobmatching_{owner}vector vector
                    SET data = packed.data, stale_on = packed.stale_on, rules_id = %s, built_for = %s, dirty = false
                    FROM packed_rows packed WHERE vector.{owner}_id = packed.id""",  # noqa: S608  names of ours
                [self.version.pk, self.as_of],
            )
            cursor.execute("DROP TABLE packed_rows")


def _ensure_rows(owner: Owner, ids: list[int], version: MatchingRules, as_of: date) -> None:
    """Make sure that every vector has its row, so that edits from now on find something to mark."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO jobmatching_{owner}vector ({owner}_id, rules_id, data, built_for, stale_on, dirty)
                SELECT wanted.id, %s, '', %s, %s, true FROM unnest(%s::bigint[]) AS wanted(id)
                WHERE EXISTS (SELECT FROM {_OWNER_TABLE[owner]} owner WHERE owner.id = wanted.id)
                ON CONFLICT ({owner}_id) DO NOTHING""",  # noqa: S608  names of ours
            [version.pk, as_of, as_of, ids],
        )


def _lock(owner: Owner, ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT 1 FROM jobmatching_{owner}vector WHERE {owner}_id = ANY(%s) ORDER BY {owner}_id FOR UPDATE""",  # noqa: S608
            [ids],
        )


def _rows(packed: Packed) -> Iterator[bytes]:
    content: npt.NDArray[Any] = packed.buffer
    for start, end in pairwise(packed.offsets.tolist()):
        yield content[start:end].tobytes()


def _day(days: int) -> date:
    return min(EPOCH + timedelta(days=days), _LAST_DAY) if days < 2_900_000 else _LAST_DAY


def outdated(owner: Owner, candidates: str, params: list[Any], version: MatchingRules, as_of: date) -> list[int]:
    """Ids among a SELECT of ids whose vector is missing or not right for the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT candidate.id FROM ({candidates}) candidate
                LEFT JOIN jobmatching_{owner}vector vector ON vector.{owner}_id = candidate.id
                WHERE vector.{owner}_id IS NULL OR vector.dirty OR vector.rules_id <> %s
                   OR vector.built_for > %s OR vector.stale_on <= %s
                ORDER BY candidate.id""",  # noqa: S608  SQL made by a queryset of ours
            [*params, version.pk, as_of, as_of],
        )
        return [row[0] for row in cursor.fetchall()]
