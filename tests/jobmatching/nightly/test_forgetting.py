"""One person, one vacancy or a whole run is taken out of everything that matching keeps, and nobody else is touched."""

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from django.db import connection

from employers.enums import VacancyState
from employers.models import Vacancy
from jobmatching.engine.changes import ScoredKeys
from jobmatching.models import (
    JobSeeker,
    Match,
    MatchChange,
    MatchResult,
    NearMiss,
    ResultKeys,
    RunInput,
    SeekerVector,
    VacancyVector,
)
from jobmatching.nightly.enums import Side
from jobmatching.nightly.forgetting import (
    MatchingGoesOn,
    forget_runs,
    forget_seekers,
    forget_vacancies,
    left_behind,
    old_runs,
)
from jobmatching.nightly.freezing import read_rows, read_seeker_shard, read_vacancies_of
from jobmatching.nightly.night import run_here
from jobmatching.nightly.storing import read_keys, tables_of_runs
from portal.runs.models import JobRun
from portal.runs.services import open_run
from tests.factories import NOW
from tests.jobmatching.nightly.conftest import DAY

pytestmark = pytest.mark.usefixtures("area")


def all_derived(column: str, pk: int) -> dict[str, int]:
    """How many rows of each derived table are about an id."""
    counted = {model.__name__: model.objects.filter(**{column: pk}).count() for model in (Match, NearMiss, MatchChange)}
    side = Side.SEEKERS if column == "seeker_id" else Side.VACANCIES
    counted["RunInput"] = RunInput.objects.filter(side=side, ids__contains=[pk]).count()
    keys = [
        ScoredKeys.loads(bytes(row)).keys for row in ResultKeys.objects.order_by("pk").values_list("data", flat=True)
    ]
    counted["ResultKeys"] = sum(
        int(((one & 0xFFFFFFFF if side == Side.SEEKERS else one >> 32) == pk).sum()) for one in keys
    )
    return counted


def of_side(keys: npt.NDArray[np.int64], side: Side) -> npt.NDArray[np.int64]:
    """The ids of one side in keys of pairs."""
    return keys & 0xFFFFFFFF if side == Side.SEEKERS else keys >> 32


def everything_of_others(column: str, pk: int) -> list[Any]:
    """All that is kept about everybody but one id, in a form that can be compared."""
    told: list[Any] = []
    for model in (Match, NearMiss, MatchChange):
        told.append(list(model.objects.exclude(**{column: pk}).order_by("run_id", "vacancy_id", "seeker_id").values()))
    side = Side.SEEKERS if column == "seeker_id" else Side.VACANCIES
    for part in RunInput.objects.order_by("pk"):
        ids = [one for one in part.ids if not (part.side == side and one == pk)]
        told.append((part.side, part.part, read_rows(part.run_id, part.side, ids)))
    for result in MatchResult.objects.order_by("pk"):
        keys = read_keys(result.run_id)
        mine = of_side(keys.keys, side) == pk
        told.append((keys.keys[~mine].tolist(), keys.scores[~mine].tolist()))
    return told


@pytest.fixture
def two_nights() -> JobRun:
    """Two results are kept, with changes between them."""
    run_here(DAY - timedelta(days=1), shards=2)
    third_of_vacancies = Vacancy.objects.order_by("pk").values_list("pk", flat=True)[::3]
    Vacancy.objects.filter(pk__in=list(third_of_vacancies)).update(state=VacancyState.PAUSED)
    quarter_of_people = JobSeeker.objects.order_by("pk").values_list("pk", flat=True)[::4]
    JobSeeker.objects.filter(pk__in=list(quarter_of_people)).update(matching_paused_at=NOW)
    return run_here(DAY, shards=3)


def in_every_table(column: str) -> int:
    """An id that stands in matches, near misses and changes."""
    for pk in MatchChange.objects.order_by(column).values_list(column, flat=True).distinct():
        if all(all_derived(column, pk).values()):
            return int(pk)
    pytest.fail(f"No {column} is in every table: the small area is too small.")


def test_a_jobseeker_is_cut_out_of_every_table_and_nobody_else_is_touched(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    others = everything_of_others("seeker_id", pk)
    frozen = all_derived("seeker_id", pk)["RunInput"]
    forget_seekers([pk])
    assert not any(all_derived("seeker_id", pk).values())
    assert not SeekerVector.objects.filter(seeker=pk).exists()
    assert everything_of_others("seeker_id", pk) == others
    # The hash of these runs' input can no longer be made again, and they say why.
    assert sum(run.counts.get("forgotten", 0) for run in JobRun.objects.order_by("pk")) == frozen


def test_a_vacancy_is_cut_out_of_every_table_and_nothing_else_is_touched(two_nights: JobRun) -> None:
    pk = in_every_table("vacancy_id")
    others = everything_of_others("vacancy_id", pk)
    forget_vacancies([pk])
    assert not any(all_derived("vacancy_id", pk).values())
    assert not VacancyVector.objects.filter(vacancy=pk).exists()
    assert everything_of_others("vacancy_id", pk) == others


@pytest.mark.parametrize("which", ["first", "last", "middle", "first two", "all", "everybody but one"])
def test_what_is_left_of_a_frozen_part_can_be_read_row_by_row(which: str, two_nights: JobRun) -> None:
    part = RunInput.objects.filter(run=two_nights, side=Side.SEEKERS).order_by("part").first()
    ids = {
        "first": part.ids[:1],
        "last": part.ids[-1:],
        "middle": part.ids[7:8],
        "first two": part.ids[:2],
        "all": part.ids,
        "everybody but one": part.ids[:5] + part.ids[6:],
    }[which]
    stay = [pk for pk in part.ids if pk not in ids]
    before = read_rows(two_nights.pk, Side.SEEKERS, stay)
    forget_seekers(ids)
    block = read_seeker_shard(two_nights.pk, part.part)
    assert block.ids.tolist() == stay
    part.refresh_from_db()
    assert part.rows == len(stay)
    assert len(part.offsets) == len(stay) + 1
    assert part.offsets[-1] == len(bytes(part.data))
    assert read_rows(two_nights.pk, Side.SEEKERS, stay) == before


def test_forgetting_twice_changes_nothing_more(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    forget_seekers([pk])
    after = everything_of_others("seeker_id", pk)
    counts = JobRun.objects.get(pk=two_nights.pk).counts
    forget_seekers([pk])
    forget_seekers([])
    assert everything_of_others("seeker_id", pk) == after
    assert JobRun.objects.get(pk=two_nights.pk).counts == counts


def test_tables_that_a_failed_run_left_behind_are_cut_too(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE jobmatching_match_999999 (LIKE jobmatching_match)")
        cursor.execute("INSERT INTO jobmatching_match_999999 SELECT 999999, vacancy_id, seeker_id, score,"
                       " occupation_points, skills_points, states, flags FROM jobmatching_match")  # fmt: skip
    forget_seekers([pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE seeker_id = %s), count(*) FROM jobmatching_match_999999", [pk])
        mine, all_rows = cursor.fetchone()
        cursor.execute("DROP TABLE jobmatching_match_999999")
    assert (mine, all_rows > 0) == (0, True)


def test_nobody_is_forgotten_while_a_run_is_active(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    open_run("matching", DAY + timedelta(days=1))
    with pytest.raises(MatchingGoesOn):
        forget_seekers([pk])
    assert all(all_derived("seeker_id", pk).values())


def test_what_was_left_behind_is_found(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    assert left_behind() == []
    # As if a run had frozen the person just before.
    JobSeeker.objects.get(pk=pk).delete()
    assert left_behind() == [pk]
    forget_seekers([pk])
    assert left_behind() == []


def test_the_next_night_compares_with_what_is_left(two_nights: JobRun) -> None:
    pk = in_every_table("seeker_id")
    forget_seekers([pk])
    JobSeeker.objects.get(pk=pk).delete()
    third = run_here(DAY + timedelta(days=1), shards=2)
    assert not any(all_derived("seeker_id", pk).values())
    assert third.counts["gone"] == MatchChange.objects.filter(run_id=third.pk, kind="gone").count()


def test_old_runs_lose_what_they_keep_about_people_and_results_in_use_do_not(two_nights: JobRun) -> None:
    run_here(DAY + timedelta(days=1))
    runs = list(JobRun.objects.order_by("pk"))
    assert old_runs(DAY - timedelta(days=1)) == []
    assert old_runs(DAY + timedelta(days=30)) == [runs[0].pk]
    forget_runs([runs[0].pk])
    assert old_runs(DAY + timedelta(days=30)) == []
    assert runs[0].pk not in {table.run_id for table in tables_of_runs()}
    assert JobRun.objects.filter(pk=runs[0].pk).exists()
    assert MatchChange.objects.filter(run_id=runs[1].pk).exists()
    assert read_vacancies_of(runs[2].pk).ids.size
