"""The frozen input of a run: copies of the vectors of that day, in the database, with one hash.

Everything a shard reads lies under the run's id, so that an edit made while the run goes on does not change it, and a
task that is delivered twice reads the same. The rows never leave the database: it cuts and joins them itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.nightly.copying import fetch_binary
from jobmatching.nightly.enums import Side
from jobmatching.nightly.models import MatchingRules, RunInput
from jobmatching.nightly.the_day import SEEKERS, VACANCIES, TheDay, listed
from jobmatching.nightly.vectors import Owner, Refreshed, VectorBuilder, outdated
from portal.runs.models import JobRun

ROUNDS: Final = 3
"""How often vectors are brought up to date before a run freezes them; what is edited even then is left out, counted."""

SHARD_ROWS: Final = 256_000
"""Jobseekers of one shard at most: a task of twenty seconds, and about two hundred megabytes.

Fewer and larger shards leave less to merge; `shards` asks for more where more workers share the night.
"""


@dataclass
class Prepared:
    """What was made ready for a run, and who was left out and why."""

    built: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


def bring_vectors_up_to_date(version: MatchingRules, as_of: date) -> Prepared:
    """Build every vector that is not right for a day, apart from any run."""
    with listed(as_of) as day:
        return build_outdated(version, day)


def build_outdated(version: MatchingRules, day: TheDay) -> Prepared:
    """Build again every vector that the day's run would read and that is not right for the day.

    People edit meanwhile: what became outdated while the others were built is built in another round, up to ROUNDS.
    """
    builder = VectorBuilder(version, day.as_of)
    prepared = Prepared()
    broken: dict[Owner, set[int]] = {"seeker": set(), "vacancy": set()}
    sides: tuple[tuple[Owner, str, Callable[[list[int]], Refreshed]], ...] = (
        ("seeker", f"SELECT id FROM {SEEKERS} WHERE left_out = ''", builder.seekers),  # noqa: S608  a name of ours
        ("vacancy", f"SELECT id FROM {VACANCIES}", builder.vacancies),  # noqa: S608  a name of ours
    )
    for _round in range(ROUNDS):
        built = 0
        for owner, sql, build in sides:
            ids = outdated(owner, sql, [], version, day.as_of)
            refreshed = build([pk for pk in ids if pk not in broken[owner]])
            broken[owner] |= refreshed.broken.keys()
            built += refreshed.built
        prepared.built += built
        if not built:
            break
    prepared.skipped = {f"{owner}_broken": len(ids) for owner, ids in broken.items() if ids} | day.left_out
    return prepared


@transaction.atomic
def freeze(run: JobRun, version: MatchingRules, day: TheDay, shards: int | None = None) -> int:
    """Copy the day's vectors under the run's id and return how many shards there are; does nothing the second time.

    `shards` asks for a number of slices; never fewer than keep a slice under SHARD_ROWS. Sets the run's counts of
    seekers and vacancies.
    """
    done = RunInput.objects.filter(run=run, side=Side.SEEKERS).count()
    if done:
        return done
    parts = max(1, shards or 1, -(-day.seekers // SHARD_ROWS))
    frozen = {
        Side.SEEKERS: _freeze_side(
            run, version, day.as_of, Side.SEEKERS, parts,
            f"""SELECT vector.seeker_id AS id, vector.data, seeker.home_id
                FROM jobmatching_seekervector vector
                JOIN {SEEKERS} seeker ON seeker.id = vector.seeker_id AND seeker.left_out = ''""",  # noqa: S608  names of ours
        ),
        Side.VACANCIES: _freeze_side(
            run, version, day.as_of, Side.VACANCIES, 1,
            f"""SELECT vector.vacancy_id AS id, vector.data, 0 AS home_id
                FROM jobmatching_vacancyvector vector JOIN {VACANCIES} vacancy ON vacancy.id = vector.vacancy_id""",  # noqa: S608  names of ours
        ),
    }  # fmt: skip
    skipped = run.counts.get("skipped", {})
    edited = day.seekers - frozen[Side.SEEKERS] - skipped.get("seeker_broken", 0)
    if edited > 0:
        run.counts.setdefault("skipped", {})["seeker_edited_meanwhile"] = edited
    run.rules_version = version.version
    run.counts |= {"seekers": frozen[Side.SEEKERS], "vacancies": frozen[Side.VACANCIES]}
    run.save(update_fields=["rules_version", "counts"])
    return RunInput.objects.filter(run=run, side=Side.SEEKERS).count()


def _freeze_side(run: JobRun, version: MatchingRules, as_of: date, side: Side, parts: int, rows: str) -> int:
    """Write the right ones of some vectors (a SELECT of id, data, home_id) in `parts` slices; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO jobmatching_runinput (run_id, side, part, rows, ids, offsets, data)
                SELECT %s, %s, part, count(*), array_agg(id ORDER BY home_id, id),
                       array_prepend(0, array_agg(ends_at::int ORDER BY home_id, id)),
                       string_agg(data, ''::bytea ORDER BY home_id, id)
                FROM (
                    SELECT cut.*, sum(length(data)) OVER (
                               PARTITION BY part ORDER BY home_id, id ROWS UNBOUNDED PRECEDING) AS ends_at
                    FROM (
                        SELECT *, ntile(%s) OVER (ORDER BY home_id, id) - 1 AS part
                        FROM ({rows}
                              WHERE vector.rules_id = %s AND NOT vector.dirty
                                AND vector.built_for <= %s AND vector.stale_on > %s) matched
                    ) cut
                ) placed GROUP BY part""",  # noqa: S608  SQL of ours
            [run.pk, side, parts, version.pk, as_of, as_of],
        )
        cursor.execute(
            """INSERT INTO jobmatching_runinput (run_id, side, part, rows, ids, offsets, data)
               SELECT %s, %s, 0, 0, '{}', '{0}', ''
               WHERE NOT EXISTS (SELECT FROM jobmatching_runinput WHERE run_id = %s AND side = %s)""",
            [run.pk, side, run.pk, side],
        )
    return sum(RunInput.objects.filter(run=run, side=side).order_by("part").values_list("rows", flat=True))


@dataclass(frozen=True)
class FrozenInput:
    """All that a run's result comes from, but its rules."""

    seekers: SeekerBlock
    vacancies: VacancyBlock
    digest: str
    """One hash of the date, the digest of the rules and every frozen row."""


def read_input(run: JobRun, version: MatchingRules) -> FrozenInput:
    """Read the whole frozen input of a run."""
    digest = hashlib.sha256(f"{run.for_date.isoformat()} {version.digest}".encode())

    def read(side: Side, part: int) -> tuple[bytes, npt.NDArray[np.int64]]:
        content, offsets = _read(run.pk, side, part)
        digest.update(f"\n{side} {part} {offsets.size - 1} {hashlib.sha256(content).hexdigest()}".encode())
        return content, offsets

    parts = RunInput.objects.filter(run=run, side=Side.SEEKERS).order_by("part").values_list("part", flat=True)
    seekers = SeekerBlock.concat([SeekerBlock.from_buffer(*read(Side.SEEKERS, part)) for part in parts])
    vacancies = VacancyBlock.from_buffer(*read(Side.VACANCIES, 0))
    return FrozenInput(seekers, vacancies, digest.hexdigest())


def read_seeker_shard(run_id: int, shard: int) -> SeekerBlock:
    """The jobseekers of one shard of a run's frozen input."""
    return SeekerBlock.from_buffer(*_read(run_id, Side.SEEKERS, shard))


def read_vacancies_of(run_id: int) -> VacancyBlock:
    """All vacancies of a run's frozen input."""
    return VacancyBlock.from_buffer(*_read(run_id, Side.VACANCIES, 0))


def read_rows(run_id: int, side: Side, ids: list[int]) -> dict[int, bytes]:
    """Single packed rows of a run's frozen input by database id; those that were not in it are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Joining an empty array unpacks ids and offsets once, OFFSET 0 has each id looked for once; both would be
            # done several times a row otherwise.
            """WITH part AS MATERIALIZED (
                   SELECT id, ids || '{}'::int[] AS ids, offsets || '{}'::int[] AS offsets
                   FROM jobmatching_runinput WHERE run_id = %s AND side = %s
               ), found AS MATERIALIZED (
                   SELECT part.id AS part, wanted.id, part.offsets[at.place] AS start,
                       part.offsets[at.place + 1] AS stop
                   FROM part
                   CROSS JOIN unnest(%s::int[]) wanted(id)
                   CROSS JOIN LATERAL (SELECT array_position(part.ids, wanted.id) AS place OFFSET 0) at
                   WHERE at.place IS NOT NULL
               )
               SELECT found.id, substring(input.data FROM found.start + 1 FOR found.stop - found.start)
               FROM found JOIN jobmatching_runinput input ON input.id = found.part""",
            [run_id, side, ids],
        )
        return {pk: bytes(row) for pk, row in cursor.fetchall()}


def _read(run_id: int, side: Side, part: int) -> tuple[bytes, npt.NDArray[np.int64]]:
    ((data, offsets),) = fetch_binary(
        """SELECT data, (SELECT string_agg(int4send(starts), ''::bytea ORDER BY place)
                         FROM unnest(offsets) WITH ORDINALITY AS row(starts, place))
           FROM jobmatching_runinput WHERE run_id = %s AND side = %s AND part = %s""",
        [run_id, side.value, part],
    )
    return data, np.frombuffer(offsets, dtype=">i4").astype(np.int64)
