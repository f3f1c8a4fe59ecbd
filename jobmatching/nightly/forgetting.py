"""Take jobseekers, vacancies and whole runs out of everything that matching has derived and kept.

What a run has frozen and found is packed many people to a row; here single people are cut out of these rows, wherever
they stand: vectors, frozen input, keys of results, matches, near misses and changes, also in tables that a failed run
has left behind. A run whose frozen input has been cut no longer gives the hash that it had: its counts say how many
people have been forgotten since.

Nobody is cut out while a run of matching is active: it has read them already and would bring them back.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from jobmatching.engine.changes import ScoredKeys
from jobmatching.nightly.copying import execute_binary, fetch_binary
from jobmatching.nightly.enums import Side
from jobmatching.nightly.models import ResultKeys, RunInput, SeekerVector, ShardResult, VacancyVector
from jobmatching.nightly.night import JOB
from jobmatching.nightly.storing import drop_table, tables_of_runs
from portal.runs.errors import Tellable
from portal.runs.models import JobRun

FORGOTTEN: Final = "forgotten"
"""The count of a run that tells how many people have been cut out of its input since it was made."""


class MatchingGoesOn(Tellable):
    """A run of matching is active; try again when it has ended."""

    def __init__(self) -> None:
        super().__init__("A matching run is going on: wait for its end.")


def forget_seekers(ids: Sequence[int]) -> None:
    """Cut jobseekers out of everything derived. Raises MatchingGoesOn. The second call finds nothing to do."""
    if not ids:
        return
    _refuse_while_matching()
    with transaction.atomic():
        SeekerVector.objects.filter(seeker__in=ids).delete()
        _forget(Side.SEEKERS, "seeker_id", ids, lambda keys: keys & 0xFFFFFFFF)


def forget_vacancies(ids: Sequence[int]) -> None:
    """Cut vacancies out of everything derived. Raises MatchingGoesOn. The second call finds nothing to do."""
    if not ids:
        return
    _refuse_while_matching()
    with transaction.atomic():
        VacancyVector.objects.filter(vacancy__in=ids).delete()
        _forget(Side.VACANCIES, "vacancy_id", ids, lambda keys: keys >> 32)


def left_behind() -> list[int]:
    """Ids of jobseekers of whom something derived is kept although they are no longer there.

    Nobody should be: a run that was started while people were being deleted may have frozen them before.
    """
    changes = [table.name for table in tables_of_runs() if table.parent == "jobmatching_matchchange"][-2:]
    parts = [f"SELECT unnest(ids) FROM jobmatching_runinput WHERE side = '{Side.SEEKERS.value}'"]  # noqa: S608  no input
    parts += [f"SELECT seeker_id FROM {name}" for name in changes]  # noqa: S608  names of ours
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT kept.id FROM ({" UNION ALL ".join(parts)}) kept(id)
                WHERE NOT EXISTS (SELECT FROM jobmatching_jobseeker seeker WHERE seeker.id = kept.id)
                ORDER BY 1"""  # noqa: S608  SQL of ours
        )
        return [pk for (pk,) in cursor.fetchall()]


def old_runs(before: date) -> list[int]:
    """Runs of matching of days before `before` of which something about people is still kept."""
    kept = {table.run_id for table in tables_of_runs()}
    for model in (RunInput, ResultKeys, ShardResult):
        kept |= set(model.objects.order_by().values_list("run_id", flat=True).distinct())
    old = JobRun.objects.filter(pk__in=kept, job=JOB, for_date__lt=before, result=None)
    return sorted(old.exclude(pk__in=JobRun.objects.active().order_by().values("pk")).values_list("pk", flat=True))


def forget_runs(ids: Sequence[int]) -> None:
    """Drop all that is kept about people of whole runs: partitions, frozen input, keys. The runs themselves stay.

    Outside a transaction a partition is taken away without making readers wait.
    """
    wanted = set(ids)
    for table in tables_of_runs():
        if table.run_id in wanted:
            drop_table(table)
    for model in (RunInput, ResultKeys, ShardResult):
        model.objects.filter(run__in=wanted).delete()


def _refuse_while_matching() -> None:
    if JobRun.objects.active().filter(job=JOB).exists():
        raise MatchingGoesOn


def _forget(
    side: Side, column: str, ids: Sequence[int], id_of: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]
) -> None:
    """Cut ids of one side out of tables, frozen input and keys. `id_of` takes the id of the side from keys of pairs."""
    numbers = sorted(int(pk) for pk in ids)
    with connection.cursor() as cursor:
        for table in tables_of_runs():
            cursor.execute(f"DELETE FROM {table.name} WHERE {column} = ANY(%s)", [numbers])  # noqa: S608  names of ours
    # Lists of single shards are of no use once their run has ended; clean-up after the next run would drop them.
    ShardResult.objects.exclude(run__in=JobRun.objects.active().order_by().values("pk")).delete()
    _cut_input(side, numbers)
    _cut_keys(numbers, id_of)


def _cut_input(side: Side, ids: Sequence[int]) -> None:
    """Cut packed rows out of frozen inputs; the database joins what is left, and nothing of it comes here."""
    parts = RunInput.objects.select_for_update().filter(side=side, ids__overlap=list(ids)).order_by("pk")
    for pk, run_id in parts.values_list("pk", "run_id"):
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [list(ids), pk])
            cut = cursor.fetchall()
            cursor.execute("SELECT length(data) FROM jobmatching_runinput WHERE id = %s", [pk])
            (length,) = cursor.fetchone()
            # What lies between the rows cut out, as (start, length); substring counts from 1.
            starts = [1, *(end + 1 for _place, _start, end in cut)]
            ends = [*(start for _place, start, _end in cut), length]
            cursor.execute(
                _CUT, [starts, [end + 1 - start for start, end in zip(starts, ends, strict=True)],
                       [place for place, _start, _end in cut], pk],
            )  # fmt: skip
            _count_forgotten(run_id, len(cut))


_PLACES: Final = """
SELECT at.place, input.offsets[at.place], input.offsets[at.place + 1]
FROM jobmatching_runinput input
CROSS JOIN unnest(%s::int[]) wanted(id)
CROSS JOIN LATERAL (SELECT array_position(input.ids, wanted.id) AS place) at
WHERE input.id = %s AND at.place IS NOT NULL
ORDER BY 1
"""
_CUT: Final = """
WITH spans AS (SELECT * FROM unnest(%s::int[], %s::int[]) AS span(start, length)),
     cut AS (SELECT unnest(%s::int[]) AS place),
     input AS (SELECT id, ids, offsets, data FROM jobmatching_runinput WHERE id = %s),
     kept AS (
         SELECT one.id, one.place, one.length FROM input CROSS JOIN LATERAL (
             SELECT of_row.id, of_row.place, lead(at.start) OVER (ORDER BY at.place) - at.start AS length
             FROM unnest(input.offsets) WITH ORDINALITY at(start, place)
             LEFT JOIN unnest(input.ids) WITH ORDINALITY of_row(id, place) ON of_row.place = at.place
         ) one
         WHERE one.id IS NOT NULL AND NOT EXISTS (SELECT FROM cut WHERE cut.place = one.place)
     ),
     placed AS (SELECT id, place, sum(length) OVER (ORDER BY place) AS ends FROM kept)
UPDATE jobmatching_runinput target SET
    rows = (SELECT count(*) FROM placed),
    ids = (SELECT COALESCE(array_agg(id ORDER BY place), '{}') FROM placed),
    offsets = (SELECT array_prepend(0, COALESCE(array_agg(ends::int ORDER BY place), '{}')) FROM placed),
    data = COALESCE((SELECT string_agg(substring(input.data FROM spans.start FOR spans.length), ''::bytea
                                       ORDER BY spans.start)
                     FROM spans WHERE spans.length > 0), ''::bytea)
FROM input WHERE target.id = input.id
"""


def _cut_keys(ids: Sequence[int], id_of: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]) -> None:
    """Cut pairs out of the keys that the next run is compared with; part by part, 48 megabytes each at most."""
    wanted = np.asarray(ids, dtype=np.int64)
    for pk in ResultKeys.objects.order_by("pk").values_list("pk", flat=True):
        ((content,),) = fetch_binary("SELECT data FROM jobmatching_resultkeys WHERE id = %s FOR UPDATE", [pk])
        pairs = ScoredKeys.loads(content)
        stays = ~np.isin(id_of(pairs.keys), wanted)
        if not stays.all():
            left = ScoredKeys(pairs.keys[stays], pairs.scores[stays])
            execute_binary("UPDATE jobmatching_resultkeys SET data = %s WHERE id = %s", [left.dumps(), pk])


def _count_forgotten(run_id: int, people: int) -> None:
    run = JobRun.objects.select_for_update().get(pk=run_id)
    run.counts[FORGOTTEN] = run.counts.get(FORGOTTEN, 0) + people
    run.save(update_fields=["counts"])
