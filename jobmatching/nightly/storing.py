"""From shard results to the stored result: merge, explain, compare with the previous run, write, publish.

The rows of a run go by COPY into a table of their own, get their indexes, and are attached as a partition and made
current in one short transaction. Whoever reads meanwhile sees the previous result, whole.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection, connections, transaction

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.changes import MOVED, NEW, ScoredKeys, compare
from jobmatching.engine.criteria import Criterion
from jobmatching.engine.explain import explain_pairs
from jobmatching.engine.near_miss import NearMisses, combine_near_misses
from jobmatching.engine.rules import Rules
from jobmatching.engine.top import Matches, merge
from jobmatching.nightly.copying import execute_binary, fetch_binary, write_columns, write_pieces
from jobmatching.nightly.enums import ChangeKind
from jobmatching.nightly.freezing import read_input
from jobmatching.nightly.models import (
    MatchingRules,
    MatchResult,
    RequirementUnlock,
    ResultKeys,
    RunInput,
    ShardResult,
)
from jobmatching.nightly.querysets import BY_SEEKER, BY_VACANCY, HAS_MOVED, IS_NEW
from jobmatching.nightly.requirements import criterion_of_bit
from jobmatching.nightly.rules_versions import engine_rules
from jobmatching.nightly.sharding import read_shard_result
from jobmatching.nightly.states import pack_states
from portal.runs.models import JobRun
from portal.runs.services import step

_EXPLAINED_AT_ONCE: Final = 1 << 17
"""Pairs explained at a time at least; each time costs a look through all ids."""
_PIECES: Final = 8
"""Pieces of a large result at most."""

_KEY_PART: Final = 4_000_000
"""Pairs of one stored part of the keys: 48 megabytes."""

MATCH_COLUMNS: Final = (
    ("run_id", "int8"),
    ("vacancy_id", "int4"),
    ("seeker_id", "int4"),
    ("score", "int4"),
    ("occupation_points", "int4"),
    ("skills_points", "int4"),
    ("states", "int4"),
    ("flags", "int2"),
)
NEAR_MISS_COLUMNS: Final = (
    ("run_id", "int8"),
    ("vacancy_id", "int4"),
    ("seeker_id", "int4"),
    ("score", "int4"),
    ("requirement", "int2"),
)


CHANGE_COLUMNS: Final = (
    ("run_id", "int8"),
    ("vacancy_id", "int4"),
    ("seeker_id", "int4"),
    ("score", "int4"),
    ("kind", "text"),
)
_TABLES: Final = ("match", "nearmiss", "matchchange")
"""Partitioned by run; `matchchange` outlives the run's result."""


@dataclass(frozen=True)
class Built:
    """A result that lies in tables of its own, not yet visible to anybody."""

    near_misses: NearMisses
    keys: ScoredKeys


@dataclass(frozen=True)
class PointsAndStates:
    """Points and packed states of kept pairs, in the order of the pairs."""

    occupation: npt.NDArray[np.int32]
    skills: npt.NDArray[np.int32]
    states: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Explaining:
    """Everything that a run's pairs are explained from: its frozen input and its rules."""

    rules: Rules
    criteria: npt.NDArray[np.uint8]
    """[256] criterion of each requirement bit."""
    seekers: SeekerBlock
    vacancies: VacancyBlock

    def explain(self, pairs: npt.NDArray[Any]) -> PointsAndStates:
        """Points and states of pairs."""
        told = explain_pairs(
            pairs, self.seekers, self.vacancies, self.rules, self.criteria, threads=settings.MATCHING_THREADS
        )
        return PointsAndStates(
            told.had[:, Criterion.OCCUPATION], told.had[:, Criterion.SKILLS], pack_states(told.states)
        )

    def in_pieces(self, pairs: npt.NDArray[Any]) -> Iterator[tuple[slice, npt.NDArray[Any], PointsAndStates]]:
        """Explain the pairs piece by piece: which rows, the pairs, what is told; the next while one is being used."""
        size = max(_EXPLAINED_AT_ONCE, -(-pairs.size // _PIECES))
        pieces = [slice(start, start + size) for start in range(0, pairs.size, size)]
        with ThreadPoolExecutor(max_workers=1) as pool:
            waiting = [pool.submit(self.explain, pairs[rows]) for rows in pieces[:1]]
            for place, rows in enumerate(pieces):
                told = waiting.pop().result()
                waiting += [pool.submit(self.explain, pairs[following]) for following in pieces[place + 1 : place + 2]]
                yield rows, pairs[rows], told


def build_result(run: JobRun, version: MatchingRules) -> Built:
    """Merge the run's shards, compare and explain the pairs, and write them to tables of the run."""
    rules = engine_rules(version)
    with step(run, "merge"):
        shards = fetch_binary("SELECT data FROM jobmatching_shardresult WHERE run_id = %s ORDER BY shard", [run.pk])
        tops, near = zip(*(read_shard_result(content) for (content,) in shards), strict=True)
        del shards
        matches = merge(tops, rules)
        near_misses = combine_near_misses(near, rules)
        del tops, near
    with step(run, "compare"):
        pairs = matches.pairs
        keys, order = ScoredKeys.of(pairs["vacancy_id"], pairs["seeker_id"], pairs["score"])
        previous = MatchResult.objects.exclude(run=run).filter(current=True).first()
        flags = pairs["by_vacancy"] * np.int16(BY_VACANCY) + pairs["by_seeker"] * np.int16(BY_SEEKER)
        changes = None
        if previous is not None:
            before = read_keys(previous.run_id)
            changes = compare(before, keys)
            flags[order[changes.kinds == NEW]] |= IS_NEW
            flags[order[changes.kinds == MOVED]] |= HAS_MOVED

    def keep_comparison() -> None:
        started = time.perf_counter()
        with transaction.atomic():
            _write_keys(run, keys)
            _create_table("matchchange", run.pk)
            if changes is not None:
                _write_changes(run, keys, changes.kinds, before, changes.gone)
        run.seconds["changes"] = round(time.perf_counter() - started, 3)

    _drop_tables(run.pk)
    with step(run, "explain"):
        frozen = read_input(run, version)
        run.input_hash = frozen.digest
        explaining = Explaining(rules, criterion_of_bit(version.requirements), frozen.seekers, frozen.vacancies)
        del frozen
    with _meanwhile(keep_comparison), step(run, "store"), transaction.atomic():
        _create_table("match", run.pk)
        _create_table("nearmiss", run.pk)
        write_pieces(
            f"jobmatching_match_{run.pk}",
            MATCH_COLUMNS,
            (
                (np.full(piece.size, run.pk, np.int64), piece["vacancy_id"], piece["seeker_id"], piece["score"],
                 told.occupation, told.skills, told.states, flags[rows])
                for rows, piece, told in explaining.in_pieces(pairs)
            ),
            freeze=True,
        )  # fmt: skip
        missed = near_misses.pairs
        write_columns(
            f"jobmatching_nearmiss_{run.pk}",
            NEAR_MISS_COLUMNS,
            (np.full(missed.size, run.pk, np.int64), missed["vacancy_id"], missed["seeker_id"], missed["score"],
             missed["requirement"]),
            freeze=True,
        )  # fmt: skip
    del explaining
    with step(run, "index"), _meanwhile(lambda: _index(run.pk)):
        run.counts |= {
            "pairs_looked_at": matches.counts.pairs,
            "pairs_reachable": matches.counts.reachable,
            "pairs_above_floor": matches.counts.above_floor,
            "pairs_feasible": near_misses.feasible,
            "pairs_kept": int(pairs.size),
            "near_misses": int(missed.size),
            "seekers_matched": int(np.unique(pairs["seeker_id"]).size),
            "vacancies_matched": int(np.unique(pairs["vacancy_id"]).size),
            "new": int(np.count_nonzero(changes.kinds == NEW)) if changes else int(pairs.size),
            "moved": int(np.count_nonzero(changes.kinds == MOVED)) if changes else 0,
            "gone": int(changes.gone.size) if changes else 0,
        }
        run.result_hash = _digest(matches, near_misses)
    run.save(update_fields=["counts", "input_hash", "result_hash"])
    return Built(near_misses, keys)


def publish(run: JobRun, version: MatchingRules, built: Built) -> None:
    """Attach the run's tables and make its result the current one; the caller holds the transaction."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"""ALTER TABLE jobmatching_{table}
                    ATTACH PARTITION jobmatching_{table}_{run.pk} FOR VALUES IN ({run.pk})"""
            )
    RequirementUnlock.objects.bulk_create(
        RequirementUnlock(run=run, requirement=requirement, pairs=pairs, seekers=seekers, vacancies=vacancies)
        for requirement, pairs, seekers, vacancies in built.near_misses.unlocks.tolist()
    )
    MatchResult.objects.filter(current=True).update(current=False)
    MatchResult.objects.create(run=run, rules=version, for_date=run.for_date, current=True)


def clean_up(keep: JobRun) -> None:
    """Drop what is older than the current and the previous result, and what ended runs have left behind.

    Told by the database's own catalogue, not by what was meant to be there: a run that failed leaves tables that were
    never attached, a clean-up that was killed a partition half detached.
    """
    tables = tables_of_runs()
    kept = {
        keep.pk,
        *MatchResult.objects.filter(current=True).values_list("run_id", flat=True),
        *MatchResult.objects.order_by("-run_id").values_list("run_id", flat=True)[:2],
    }
    # Read after the tables: whoever had a table then and has none of these states now will never need it again.
    active = set(JobRun.objects.active().order_by("pk").values_list("pk", flat=True))
    for table in tables:
        if table.run_id not in kept | active and not (table.outlives_result and table.attached):
            drop_table(table)
    MatchResult.objects.exclude(run_id__in=kept).delete()
    RunInput.objects.exclude(run_id__in=kept | active).delete()
    ResultKeys.objects.exclude(run_id__in=kept | active).delete()
    ShardResult.objects.exclude(run_id__in=active).delete()


@dataclass(frozen=True)
class RunTable:
    """A table of one run's rows, and how it stands to the partitioned one."""

    parent: str
    run_id: int
    attached: bool
    half_detached: bool

    @property
    def name(self) -> str:
        return f"{self.parent}_{self.run_id}"

    @property
    def outlives_result(self) -> bool:
        """Changes are kept for as long as their retention class says, once they were published."""
        return self.parent == "jobmatching_matchchange"


def tables_of_runs() -> list[RunTable]:
    """Every table of matches, near misses or changes that there is, attached or left behind; by run."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""SELECT part[1], part[2]::bigint, parent.inhrelid IS NOT NULL, COALESCE(parent.inhdetachpending, false)
                FROM pg_class found
                CROSS JOIN regexp_match(found.relname, '^(jobmatching_(?:match|nearmiss|matchchange))_([0-9]+)$') part
                LEFT JOIN pg_inherits parent ON parent.inhrelid = found.oid
                WHERE part IS NOT NULL AND found.relkind = 'r' AND found.relnamespace = current_schema()::regnamespace
                ORDER BY 2, 1"""
        )
        return [RunTable(*row) for row in cursor.fetchall()]


def drop_table(table: RunTable) -> None:
    """Detach the table where it is attached, and drop it."""
    with connection.cursor() as cursor:
        if table.attached:
            # CONCURRENTLY lets readers go on; it cannot be part of a transaction. What it left half done is finalized.
            gently = "FINALIZE" if table.half_detached else "" if connection.in_atomic_block else "CONCURRENTLY"
            cursor.execute(f"ALTER TABLE {table.parent} DETACH PARTITION {table.name} {gently}")
        cursor.execute(f"DROP TABLE {table.name}")


def read_keys(run_id: int) -> ScoredKeys:
    """The keys of a stored result."""
    parts = fetch_binary("SELECT data FROM jobmatching_resultkeys WHERE run_id = %s ORDER BY part", [run_id])
    return ScoredKeys.loads(b"".join(data for (data,) in parts))


def keep_shard_result(run_id: int, shard: int, content: bytes, seconds: float) -> bool:
    """Keep what a shard found; False where it was kept already."""
    return bool(
        execute_binary(
            """INSERT INTO jobmatching_shardresult (run_id, shard, data, seconds) VALUES (%s, %s, %s, %s)
               ON CONFLICT (run_id, shard) DO NOTHING""",
            [run_id, shard, content, seconds],
        )
    )


def _create_table(table: str, run_id: int) -> None:
    """A table shaped like the partitioned one, with the check that lets it be attached without a scan."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TABLE jobmatching_{table}_{run_id} (
                    LIKE jobmatching_{table}, CONSTRAINT {table}_{run_id}_of_run CHECK (run_id = {run_id}))"""
        )


def _drop_tables(run_id: int) -> None:
    """Drop what an earlier try of this run may have left."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS jobmatching_{table}_{run_id}")


def _index(run_id: int) -> None:
    """Two indexes on the pairs, built side by side on two connections, two on the near misses, two on the changes."""
    match, near_miss, change = f"match_{run_id}", f"nearmiss_{run_id}", f"matchchange_{run_id}"
    side_by_side = (
        (
            f"CREATE UNIQUE INDEX {match}_by_vacancy ON jobmatching_{match} (vacancy_id, seeker_id)",
            f"CREATE UNIQUE INDEX {near_miss}_by_vacancy ON jobmatching_{near_miss} (vacancy_id, seeker_id)",
            f"CREATE INDEX {near_miss}_by_seeker ON jobmatching_{near_miss} (seeker_id)",
            f"ANALYZE jobmatching_{near_miss}",
        ),
        (
            f"CREATE INDEX {match}_by_seeker ON jobmatching_{match} (seeker_id)",
            f"ANALYZE jobmatching_{match}",
            f"CREATE UNIQUE INDEX {change}_by_vacancy ON jobmatching_{change} (vacancy_id, seeker_id)",
            f"CREATE INDEX {change}_by_seeker ON jobmatching_{change} (seeker_id)",
        ),
    )
    if connection.in_atomic_block:
        # Inside somebody's transaction (tests) another connection would not see the tables.
        _execute(*side_by_side[0], *side_by_side[1])
        return
    # Each connection has a processor; helpers of the server's own would only crowd them. Rows of one shape need no
    # large sample for the planner. Small files are written to disk as they are, not page by page through the log.
    alone = (
        "SET max_parallel_maintenance_workers = 0",
        "SET default_statistics_target = 20",
        "SET wal_skip_threshold = 0",
    )

    def build(statements: tuple[str, ...]) -> None:
        for statement in (*alone, *statements):
            _execute(statement)

    with ThreadPoolExecutor(max_workers=len(side_by_side)) as pool:
        list(pool.map(lambda statements: _on_own_connection(lambda: build(statements)), side_by_side))


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _on_own_connection(work: Callable[[], None]) -> None:
    """Work of another thread: Django opens a connection for it, which nobody else would close."""
    try:
        work()
    finally:
        connections["default"].close()


@contextmanager
def _meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Let the database do `work` on another connection while this process computes what stands in the block."""
    if connection.in_atomic_block:
        yield
        work()
        return
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(_on_own_connection, work)
        yield
        waiting.result()


def _write_keys(run: JobRun, keys: ScoredKeys) -> None:
    """Keep the sorted keys for the next run's comparison."""
    ResultKeys.objects.filter(run=run).delete()
    for part, start in enumerate(range(0, max(1, keys.keys.size), _KEY_PART)):
        piece = ScoredKeys(keys.keys[start : start + _KEY_PART], keys.scores[start : start + _KEY_PART])
        execute_binary(
            "INSERT INTO jobmatching_resultkeys (run_id, part, data) VALUES (%s, %s, %s)", [run.pk, part, piece.dumps()]
        )


def _write_changes(
    run: JobRun, keys: ScoredKeys, kinds: npt.NDArray[np.uint8], before: ScoredKeys, gone: npt.NDArray[np.int64]
) -> None:
    """Keep what is new, gone and moved as rows of `MatchChange`, in a table of the run."""
    columns: list[tuple[npt.NDArray[Any], ...]] = [
        (found >> 32, found & 0xFFFFFFFF, scores, np.full(found.size, kind.value.encode()))
        for kind, found, scores in (
            (ChangeKind.NEW, keys.keys[kinds == NEW], keys.scores[kinds == NEW]),
            (ChangeKind.GONE, before.keys[gone], before.scores[gone]),
            (ChangeKind.MOVED, keys.keys[kinds == MOVED], keys.scores[kinds == MOVED]),
        )
    ]
    write_pieces(
        f"jobmatching_matchchange_{run.pk}",
        CHANGE_COLUMNS,
        [(np.full(piece[0].size, run.pk, np.int64), *piece) for piece in columns],
        freeze=True,
    )


def _digest(matches: Matches, near_misses: NearMisses) -> str:
    """One hash of everything the run found, the same on any number of shards and machines."""
    digest = hashlib.sha256()
    parts: tuple[npt.NDArray[Any], ...] = (matches.pairs, near_misses.pairs)
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()
