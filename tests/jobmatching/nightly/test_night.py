"""The night, run whole on a small area: what it finds, and what it does when something goes wrong."""

import errno
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from employers.enums import VacancyState
from employers.models import Vacancy
from jobmatching.engine import reference
from jobmatching.models import JobSeeker, Match, MatchChange, MatchingRules, MatchResult, NearMiss, RequirementUnlock
from jobmatching.nightly import freezing, night, vectors
from jobmatching.nightly.places import Places
from jobmatching.nightly.requirements import Layout
from jobmatching.nightly.rules_versions import NoRulesInForce, engine_rules, in_force
from jobmatching.nightly.seeker_columns import EPOCH, read_seekers
from jobmatching.nightly.states import unpack_states
from jobmatching.nightly.vacancy_columns import read_vacancies
from portal.runs.models import JobRun, RunState
from portal.runs.services import RunGoingOn, begin, fail, open_run
from tests.jobmatching.nightly.conftest import DAY


def kept(run: JobRun) -> set[tuple[int, int, int]]:
    """Pairs and scores of a stored run."""
    return set(Match.objects.filter(run_id=run.pk).values_list("vacancy_id", "seeker_id", "score").order_by("pk"))


def test_a_run_finds_what_the_oracle_finds(area: None) -> None:
    run = night.run_here(DAY)

    version = in_force()
    rules, layout, places = engine_rules(version), Layout.from_code_lists(), Places.read(version.municipality_codes)
    seeker_ids = list(JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True))
    vacancy_ids = list(Vacancy.objects.open(DAY).order_by("pk").values_list("pk", flat=True))
    outcome = reference.run(
        read_seekers(seeker_ids, rules, layout, places, DAY).columns,
        read_vacancies(vacancy_ids, rules, layout, places),
        rules,
        (DAY - EPOCH).days,
    )
    assert kept(run) == {(vacancy, seeker, score) for vacancy, seeker, score, *_marks in outcome.pairs}
    stored = NearMiss.objects.filter(run_id=run.pk).values_list("vacancy_id", "seeker_id", "score", "requirement")
    assert set(stored.order_by("pk")) == outcome.near_misses
    unlocks = RequirementUnlock.objects.filter(run=run).values_list("requirement", "pairs", "seekers", "vacancies")
    assert {code: numbers for code, *numbers in unlocks.order_by("pk")} == {
        code: list(numbers) for code, numbers in outcome.unlocks.items()
    }
    assert run.counts["pairs_looked_at"] == len(seeker_ids) * len(vacancy_ids)


def test_points_add_up_and_no_kept_pair_misses_anything(area: None) -> None:
    run = night.run_here(DAY)

    for match in Match.objects.filter(run_id=run.pk).order_by("pk"):
        assert 0 <= match.experience_points <= match.score <= 1_000_000
        assert "MISSING" not in {state.name for state in unpack_states(match.states)[3:]}


@pytest.mark.parametrize("shards", [2, 5])
def test_the_number_of_shards_changes_nothing(area: None, shards: int) -> None:
    whole = night.run_here(DAY)
    cut = night.run_here(DAY, shards)

    assert cut.result_hash == whole.result_hash
    assert kept(cut) == kept(whole)


def test_the_same_day_again_has_no_changes(area: None) -> None:
    night.run_here(DAY)
    again = night.run_here(DAY)

    assert (again.counts["new"], again.counts["gone"], again.counts["moved"]) == (0, 0, 0)
    assert not MatchChange.objects.filter(run_id=again.pk).exists()


def test_what_is_new_gone_and_moved_is_told(area: None) -> None:
    first = night.run_here(DAY)
    before = kept(first)
    vacancy = Match.objects.filter(run_id=first.pk).order_by("pk").values_list("vacancy_id", flat=True)[0]
    Vacancy.objects.filter(pk=vacancy).update(state=VacancyState.CLOSED, closed_at=timezone.now())

    second = night.run_here(DAY)

    after = kept(second)
    pairs_before, pairs_after = {pair[:2] for pair in before}, {pair[:2] for pair in after}
    changes = {
        kind: set(
            MatchChange.objects.filter(run_id=second.pk, kind=kind)
            .values_list("vacancy_id", "seeker_id")
            .order_by("pk")
        )
        for kind in ("new", "gone", "moved")
    }
    assert changes["gone"] == pairs_before - pairs_after
    assert changes["new"] == pairs_after - pairs_before
    assert changes["moved"] == {pair[:2] for pair in after - before} - changes["new"]
    assert {pair for pair in changes["gone"] if pair[0] == vacancy} == {p for p in pairs_before if p[0] == vacancy}


def test_an_edit_in_mid_run_does_not_change_the_run(area: None) -> None:
    undisturbed = night.run_here(DAY, 3)
    run = open_run(night.JOB, DAY)
    shards = night.prepare(run.pk, 3)
    night.do_shard(run.pk, shards[0])

    JobSeeker.objects.update(max_travel_minutes=1, ready_to_move=False, matching_paused_at=timezone.now())
    Vacancy.objects.update(remote=True)
    for shard in shards[1:]:
        night.do_shard(run.pk, shard)
    assert night.finish(run.pk)

    run.refresh_from_db()
    assert run.result_hash == undisturbed.result_hash


def test_a_run_broken_off_and_taken_up_again_gives_the_same_result(area: None) -> None:
    undisturbed = night.run_here(DAY, 4)
    run = open_run(night.JOB, DAY)
    first = night.prepare(run.pk, 4)
    night.do_shard(run.pk, first[2])
    assert not night.finish(run.pk)  # three shards are still missing

    missing = night.prepare(run.pk, 4)  # the task was delivered again to another worker
    assert missing == [shard for shard in first if shard != first[2]]
    for shard in [*missing, first[2]]:  # one of them twice
        night.do_shard(run.pk, shard)
    assert night.finish(run.pk)
    assert not night.finish(run.pk)  # the second merge has nothing to do

    run.refresh_from_db()
    assert (run.state, run.result_hash) == (RunState.SUCCEEDED, undisturbed.result_hash)


def test_a_worker_killed_right_after_freezing_loses_nothing(area: None) -> None:
    undisturbed = night.run_here(DAY, 3)
    run = open_run(night.JOB, DAY)
    night.prepare(run.pk, 3)
    JobRun.objects.filter(pk=run.pk).update(total=0, done=0)  # frozen, but how much was never written

    assert night.prepare(run.pk, 3) == [0, 1, 2]
    for shard in range(3):
        night.do_shard(run.pk, shard)
    assert night.finish(run.pk)

    run.refresh_from_db()
    assert (run.result_hash, run.done) == (undisturbed.result_hash, run.total)


def test_nothing_is_merged_before_the_input_is_frozen(area: None) -> None:
    run = open_run(night.JOB, DAY)
    begin(run)

    assert not night.finish(run.pk)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_run_given_up_in_mid_merge_is_not_published(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    good = night.run_here(DAY)
    build = night.build_result

    def build_too_long(run: JobRun, version: MatchingRules) -> object:
        built = build(run, version)
        fail(run.pk, "The run did not end in time.")
        return built

    monkeypatch.setattr(night, "build_result", build_too_long)

    with pytest.raises(night.NotFinished, match="did not end in time"):
        night.run_here(DAY)

    assert JobRun.objects.get(for_date=DAY, attempt=2).state == RunState.FAILED
    assert MatchResult.objects.now().run_id == good.pk


def test_a_failed_run_is_seen_and_leaves_the_result_in_place(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    good = night.run_here(DAY)

    def break_down(*_args: object, **_kwargs: object) -> bytes:
        raise OSError(errno.ENOSPC, "the disk is full while writing of Salainen")

    with monkeypatch.context() as broken:
        broken.setattr(night, "match_shard", break_down)
        with pytest.raises(OSError, match="Salainen"):
            night.run_here(DAY + timedelta(days=1))

    failed = JobRun.objects.get(for_date=DAY + timedelta(days=1))
    assert failed.state == RunState.FAILED
    assert failed.error == "OSError (ENOSPC)"
    assert MatchResult.objects.now().run_id == good.pk
    assert night.run_here(DAY + timedelta(days=1)).attempt == 2


def test_one_run_at_a_time(area: None) -> None:
    going_on = open_run(night.JOB, DAY)

    with pytest.raises(RunGoingOn) as refused:
        open_run(night.JOB, DAY + timedelta(days=1))

    assert refused.value.run == going_on


def test_without_rules_the_run_fails_and_says_why(area: None) -> None:
    MatchingRules.objects.all().delete()

    with pytest.raises(NoRulesInForce):
        night.run_here(DAY)

    assert JobRun.objects.get(for_date=DAY).error == "NoRulesInForce: No matching rules are in force."


def test_nobody_and_nothing_to_match(area: None) -> None:
    JobSeeker.objects.update(matching_paused_at=timezone.now())
    Vacancy.objects.update(state=VacancyState.DRAFT)

    run = night.run_here(DAY)

    assert run.state == RunState.SUCCEEDED
    assert (run.counts["seekers"], run.counts["vacancies"], run.counts["pairs_kept"]) == (0, 0, 0)


def test_rules_drafted_before_any_municipality_leave_travel_unknown(area: None) -> None:
    MatchingRules.objects.update(municipality_codes=[])

    run = night.run_here(DAY)

    travel = {unpack_states(match.states)[3].name for match in Match.objects.filter(run_id=run.pk).order_by("pk")}
    assert "UNKNOWN" in travel
    assert travel <= {"UNKNOWN", "NOT_ASKED"}  # not asked where the work can be done from anywhere


def test_a_broken_row_is_left_out_and_counted(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = list(JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True))
    broken = everybody[len(everybody) // 2]
    read = vectors.read_seekers

    def fail_for_one(ids: list[int], *rest: object) -> object:
        if broken in ids:
            raise ValueError("not a row")
        return read(ids, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(vectors, "read_seekers", fail_for_one)

    run = night.run_here(DAY)

    assert run.counts["skipped"]["seeker_broken"] == 1
    assert run.counts["seekers"] == len(everybody) - 1
    assert not Match.objects.filter(run_id=run.pk, seeker_id=broken).exists()


def test_who_is_paused_hidden_in_service_or_not_searching_is_not_matched(area: None) -> None:
    first = night.run_here(DAY)
    people = list(
        dict.fromkeys(Match.objects.filter(run_id=first.pk).order_by("pk").values_list("seeker_id", flat=True))
    )[:4]
    paused, hidden, in_service, ended = JobSeeker.objects.filter(pk__in=people).order_by("pk")
    JobSeeker.objects.filter(pk=paused.pk).update(matching_paused_at=timezone.now())
    JobSeeker.objects.filter(pk=hidden.pk).update(non_disclosure=True)
    in_service.spells.update(full_time_service=True)
    ended.spells.filter(ended_on=None).update(ended_on=F("started_on") + timedelta(days=1))

    second = night.run_here(DAY)

    assert not Match.objects.filter(run_id=second.pk, seeker_id__in=people).exists()
    assert not NearMiss.objects.filter(run_id=second.pk, seeker_id__in=people).exists()


def test_the_reason_why_somebody_is_left_out_is_empty_for_those_who_are_matched(area: None) -> None:
    paused, in_service, ended = JobSeeker.objects.matchable(DAY).order_by("pk")[:3]
    JobSeeker.objects.filter(pk=paused.pk).update(matching_paused_at=timezone.now())
    in_service.spells.update(full_time_service=True)
    ended.spells.update(started_on=DAY - timedelta(days=9), ended_on=DAY)
    everybody = JobSeeker.objects.filter(non_disclosure=False).with_reason_left_out(DAY).order_by("pk")
    reasons = {person.pk: person.left_out for person in everybody}

    assert {pk for pk, reason in reasons.items() if not reason} == set(
        JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True)
    )
    assert (reasons[paused.pk], reasons[in_service.pk], reasons[ended.pk]) == (
        "matching_paused",
        "in_full_time_service",
        "search_not_open",
    )
    counted = Counter(reason for reason in reasons.values() if reason)
    assert night.run_here(DAY).counts["skipped"] == {f"seeker_{reason}": n for reason, n in counted.items()}


def test_only_the_current_and_the_previous_result_stay(area: None) -> None:
    runs = [night.run_here(DAY + timedelta(days=n)) for n in range(3)]

    assert set(MatchResult.objects.values_list("run_id", flat=True).order_by("pk")) == {runs[1].pk, runs[2].pk}
    assert not Match.objects.filter(run_id=runs[0].pk).exists()
    assert Match.objects.filter(run_id=runs[1].pk).exists()
    # What has changed is kept for longer, with the class of its own.
    assert {f"jobmatching_matchchange_{run.pk}" for run in runs} <= tables_of_runs()


def tables_of_runs() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^jobmatching_.*_[0-9]+$'")
        return {name for (name,) in cursor.fetchall()}


def test_what_a_failed_run_has_left_goes_with_the_next_one(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_args: object) -> None:
        raise RuntimeError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(night, "publish", break_down)
        with pytest.raises(RuntimeError):
            night.run_here(DAY)
    failed = JobRun.objects.get(for_date=DAY)
    assert f"jobmatching_match_{failed.pk}" in tables_of_runs()

    good = night.run_here(DAY)

    assert tables_of_runs() == {f"jobmatching_{kind}_{good.pk}" for kind in ("match", "nearmiss", "matchchange")}


@pytest.mark.slow
def test_a_clean_up_that_was_broken_off_is_done_by_the_next_one(committed_area: str) -> None:
    """Killed between detaching and dropping, or while it waited for a reader: the next night is not held up by it."""
    first, second = (night.run_here(DAY + timedelta(days=n)) for n in range(2))
    name = connection.settings_dict["NAME"]
    reader = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE jobmatching_match DETACH PARTITION jobmatching_match_{first.pk}")
    try:
        reader.settings_dict["NAME"] = name
        with reader.cursor() as reading:
            reading.execute("BEGIN; SELECT count(*) FROM jobmatching_nearmiss")
            detach = f"ALTER TABLE jobmatching_nearmiss DETACH PARTITION jobmatching_nearmiss_{first.pk} CONCURRENTLY"
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 500")
                with pytest.raises(OperationalError):
                    cursor.execute(detach)
    finally:
        reader.close()
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")

    third = night.run_here(DAY + timedelta(days=2))

    of_results = {name.rsplit("_", 1)[1] for name in tables_of_runs() if "matchchange" not in name}
    assert of_results == {str(second.pk), str(third.pk)}
    assert set(MatchResult.objects.order_by("pk").values_list("pk", flat=True)) == {second.pk, third.pk}


def test_someone_without_a_coded_occupation_stays_among_the_matches(area: None) -> None:
    """Unknown is not no: nothing known of the occupation, nothing known to be missing."""
    match = Match.objects.filter(run_id=night.run_here(DAY).pk).order_by("-score", "pk")[0]
    seeker = JobSeeker.objects.get(pk=match.seeker_id)
    seeker.wishes.all().delete()
    seeker.work_history.all().delete()
    seeker.skills_held.all().delete()

    again = night.run_here(DAY)

    rows = Match.objects.filter(run_id=again.pk, seeker_id=seeker.pk).order_by("pk")
    assert rows
    assert all(unpack_states(row.states)[0].name == "UNKNOWN" for row in rows)
    assert all(row.score >= in_force().weights["floor"] for row in rows)


def test_frozen_rows_can_be_read_one_by_one(area: None) -> None:
    run = night.run_here(DAY, 3)
    ids = list(JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True))

    rows = freezing.read_rows(run.pk, "S", [ids[0], ids[-1], 2_000_000_000])  # type: ignore[arg-type]

    assert set(rows) == {ids[0], ids[-1]}
    blocks = [freezing.read_seeker_shard(run.pk, shard) for shard in range(3)]
    assert sorted(np.concatenate([block.ids for block in blocks]).tolist()) == ids


def test_the_input_hash_names_the_day_and_the_rows(area: None) -> None:
    first = night.run_here(DAY)
    same = night.run_here(DAY)
    JobSeeker.objects.filter(pk=JobSeeker.objects.matchable(DAY).order_by("pk")[0].pk).update(ready_to_move=True)
    changed = night.run_here(DAY)

    assert same.input_hash == first.input_hash
    assert changed.input_hash != first.input_hash
    assert night.run_here(date(2026, 11, 21)).input_hash != changed.input_hash
