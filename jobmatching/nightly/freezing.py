"""The frozen input of a run: copies of the vectors of that day, in the database, with one hash.

Everything a shard reads lies under the run's id, so that an edit made while the run goes on does not change it, and a
task that is delivered twice reads the same. The rows never leave the database: it cuts, joins and hashes them itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import Count, Q

from employers.vacancies.models import Vacancy
from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.nightly.copying import fetch_binary
from jobmatching.nightly.enums import Side
from jobmatching.nightly.models import MatchingRules, RunInput
from jobmatching.nightly.vectors import Owner, Refreshed, VectorBuilder, outdated
from jobmatching.seekers.models import JobSeeker, RegistrationSpell
from portal.runs.models import JobRun

ROUNDS: Final = 3
"""How often vectors are brought up to date before a run freezes them; what is edited even then is left out, counted."""

SHARD_ROWS: Final = 128_000
"""Jobseekers of one shard at most: a task of ten seconds, and about a hundred megabytes.

Fewer and larger shards leave less to merge; `shards` asks for more where more workers share the night.
"""


@dataclass
class Prepared:
    """What was made ready for a run, and who was left out and why."""

    built: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


def bring_vectors_up_to_date(version: MatchingRules, as_of: date) -> Prepared:
    """Build again every vector that the day's run would read and that is not right for the day.

    People edit meanwhile: what became outdated while the others were built is built in another round, up to ROUNDS.
    """
    builder = VectorBuilder(version, as_of)
    prepared = Prepared()
    seekers, seeker_params = JobSeeker.objects.matchable(as_of).values("id").order_by().query.sql_with_params()
    vacancies, vacancy_params = Vacancy.objects.open(as_of).values("id").order_by().query.sql_with_params()
    broken: dict[Owner, set[int]] = {"seeker": set(), "vacancy": set()}
    sides: tuple[tuple[Owner, str, tuple[Any, ...], Callable[[list[int]], Refreshed]], ...] = (
        ("seeker", seekers, seeker_params, builder.seekers),
        ("vacancy", vacancies, vacancy_params, builder.vacancies),
    )
    for _round in range(ROUNDS):
        built = 0
        for owner, sql, params, build in sides:
            ids = outdated(owner, sql, list(params), version, as_of)
            refreshed = build([pk for pk in ids if pk not in broken[owner]])
            broken[owner] |= refreshed.broken.keys()
            built += refreshed.built
        prepared.built += built
        if not built:
            break
    prepared.skipped = {f"{owner}_broken": len(ids) for owner, ids in broken.items() if ids} | _left_out(as_of)
    return prepared


def _left_out(as_of: date) -> dict[str, int]:
    """How many jobseekers the status rules leave out, by the first reason that holds. No trace of non-disclosure."""
    spells = RegistrationSpell.objects.open_on(as_of).order_by()
    # IN, where EXISTS reads better: the database makes one set of it instead of looking for each person.
    searching = Q(pk__in=spells.values("seeker"))
    counted = JobSeeker.objects.filter(non_disclosure=False).aggregate(
        seeker_search_not_open=Count("pk", filter=~searching),
        seeker_matching_paused=Count("pk", filter=searching & Q(matching_paused_at__isnull=False)),
        seeker_in_full_time_service=Count(
            "pk",
            filter=Q(pk__in=spells.filter(full_time_service=True).values("seeker"), matching_paused_at__isnull=True),
        ),
    )
    return {reason: count for reason, count in counted.items() if count}


@transaction.atomic
def freeze(run: JobRun, version: MatchingRules, as_of: date, shards: int | None = None) -> int:
    """Copy the day's vectors under the run's id and return how many shards there are; does nothing the second time.

    `shards` asks for a number of slices; never fewer than keep a slice under SHARD_ROWS. Sets the run's counts of
    seekers and vacancies and its input hash (date, rules digest and every row).
    """
    done = RunInput.objects.filter(run=run, side=Side.SEEKERS).count()
    if done:
        return done
    seekers, seeker_params = (
        JobSeeker.objects.matchable(as_of).values("id", "home_id").order_by().query.sql_with_params()
    )
    vacancies, vacancy_params = Vacancy.objects.open(as_of).values("id").order_by().query.sql_with_params()
    right = "vector.rules_id = %s AND NOT vector.dirty AND vector.built_for <= %s AND vector.stale_on > %s"
    right_params: list[Any] = [version.pk, as_of, as_of]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TEMPORARY TABLE frozen_seekers ON COMMIT DROP AS
                SELECT vector.seeker_id AS id, vector.data, seeker.home_id
                FROM jobmatching_seekervector vector JOIN ({seekers}) seeker ON seeker.id = vector.seeker_id
                WHERE {right}""",  # noqa: S608  SQL made by a queryset of ours
            [*seeker_params, *right_params],
        )
        rows = cursor.rowcount
        cursor.execute(f"SELECT count(*) FROM ({seekers}) seeker", seeker_params)  # noqa: S608  SQL made by a queryset
        left_out = cursor.fetchone()[0] - rows - run.counts.get("skipped", {}).get("seeker_broken", 0)
        if left_out > 0:
            run.counts.setdefault("skipped", {})["seeker_edited_meanwhile"] = left_out
        parts = max(1, shards or 1, -(-rows // SHARD_ROWS))
        cursor.execute(
            f"""CREATE TEMPORARY TABLE frozen_vacancies ON COMMIT DROP AS
                SELECT vacancy_id AS id, data, 0 AS home_id FROM jobmatching_vacancyvector vector
                WHERE vector.vacancy_id IN ({vacancies}) AND {right}""",  # noqa: S608  SQL made by a queryset of ours
            [*vacancy_params, *right_params],
        )
        for side, table, pieces in ((Side.SEEKERS, "frozen_seekers", parts), (Side.VACANCIES, "frozen_vacancies", 1)):
            cursor.execute(
                f"""INSERT INTO jobmatching_runinput (run_id, side, part, rows, ids, offsets, data)
                    SELECT %s, %s, part, count(*), array_agg(id ORDER BY home_id, id),
                           array_prepend(0, array_agg(ends_at::int ORDER BY home_id, id)),
                           string_agg(data, ''::bytea ORDER BY home_id, id)
                    FROM (
                        SELECT cut.*, sum(length(data)) OVER (PARTITION BY part ORDER BY home_id, id) AS ends_at
                        FROM (SELECT *, ntile(%s) OVER (ORDER BY home_id, id) - 1 AS part FROM {table}) cut
                    ) placed GROUP BY part""",  # noqa: S608  names of ours
                [run.pk, side, pieces],
            )
            cursor.execute(
                """INSERT INTO jobmatching_runinput (run_id, side, part, rows, ids, offsets, data)
                   SELECT %s, %s, 0, 0, '{}', '{0}', ''
                   WHERE NOT EXISTS (SELECT FROM jobmatching_runinput WHERE run_id = %s AND side = %s)""",
                [run.pk, side, run.pk, side],
            )
        cursor.execute("DROP TABLE frozen_seekers, frozen_vacancies")
        cursor.execute(
            """SELECT side, part, rows, encode(sha256(data), 'hex') FROM jobmatching_runinput
               WHERE run_id = %s ORDER BY side, part""",
            [run.pk],
        )
        frozen = cursor.fetchall()
    digest = hashlib.sha256(f"{as_of.isoformat()} {version.digest}".encode())
    for side, part, count, content in frozen:
        digest.update(f"\n{side} {part} {count} {content}".encode())
    run.input_hash = digest.hexdigest()
    run.rules_version = version.version
    run.counts |= {
        "seekers": sum(count for side, _part, count, _content in frozen if side == Side.SEEKERS),
        "vacancies": sum(count for side, _part, count, _content in frozen if side == Side.VACANCIES),
    }
    run.save(update_fields=["input_hash", "rules_version", "counts"])
    return sum(1 for side, *_rest in frozen if side == Side.SEEKERS)


def read_seeker_shard(run_id: int, shard: int) -> SeekerBlock:
    """The jobseekers of one shard of a run's frozen input."""
    content, offsets = _read(run_id, Side.SEEKERS, shard)
    return SeekerBlock.from_buffer(content, offsets)


def read_vacancies_of(run_id: int) -> VacancyBlock:
    """All vacancies of a run's frozen input."""
    content, offsets = _read(run_id, Side.VACANCIES, 0)
    return VacancyBlock.from_buffer(content, offsets)


def read_rows(run_id: int, side: Side, ids: list[int]) -> dict[int, bytes]:
    """Single packed rows of a run's frozen input by database id; those that were not in it are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT wanted.id, substring(input.data FROM input.offsets[at.place] + 1
                                           FOR input.offsets[at.place + 1] - input.offsets[at.place])
               FROM jobmatching_runinput input
               CROSS JOIN unnest(%s::int[]) wanted(id)
               CROSS JOIN LATERAL (SELECT array_position(input.ids, wanted.id) AS place) at
               WHERE input.run_id = %s AND input.side = %s AND at.place IS NOT NULL""",
            [ids, run_id, side],
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
