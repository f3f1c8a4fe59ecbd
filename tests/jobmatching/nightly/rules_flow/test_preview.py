"""A preview says what a night under other rules would say, in figures alone, and changes nothing that people see."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from jobmatching.engine.rules import Weights
from jobmatching.models import JobSeeker, Match, MatchResult, SeekerVector
from jobmatching.nightly import night
from jobmatching.nightly.enums import MATCHING, Side
from jobmatching.nightly.fairness.coarse import to_five
from jobmatching.nightly.fairness.enums import Dimension, Measure
from jobmatching.nightly.fairness.people import People
from jobmatching.nightly.fairness.places import Places, Shares
from jobmatching.nightly.fairness.report import report
from jobmatching.nightly.models import MatchingRules, RunInput
from jobmatching.nightly.querysets import BY_VACANCY
from jobmatching.nightly.rules_flow import job, preview
from jobmatching.nightly.rules_flow.differences import differences
from jobmatching.nightly.rules_flow.services import draft_from, put_in_force
from jobmatching.nightly.rules_versions import engine_rules, in_force
from portal.accounts.models import User
from portal.runs.models import JobRun, RunState
from portal.runs.services import RunGoingOn, open_run
from portal.runs.stopping import JobStopped, stop
from tests.factories import UserFactory
from tests.jobmatching.nightly.conftest import DAY

OTHER = replace(Weights(), occupation=20, skills=70, experience=10, k_vacancy=12)


@pytest.fixture
def drafter(area: None) -> User:
    return UserFactory()


def frozen(run: JobRun) -> set[int]:
    parts = RunInput.objects.filter(run=run, side=Side.SEEKERS).order_by("part").values_list("ids", flat=True)
    return {pk for part in parts for pk in part}


def a_draft(drafter: User, weights: Weights = OTHER) -> MatchingRules:
    return draft_from(in_force(), weights, "Skills should weigh more.", drafter)


def ranks_of(run: JobRun) -> dict[tuple[int, int], int]:
    """(vacancy, jobseeker) -> place in the vacancy's list, as the night has stored it."""
    rows = Match.objects.filter(run_id=run.pk).order_by("vacancy_id", "-score", "seeker_id")
    ranks: dict[tuple[int, int], int] = {}
    filled: Counter[int] = Counter()
    for vacancy, seeker, flags in rows.values_list("vacancy_id", "seeker_id", "flags"):
        if flags & BY_VACANCY:
            filled[vacancy] += 1
            ranks[vacancy, seeker] = filled[vacancy]
    return ranks


def test_the_same_rules_change_nothing(drafter: User) -> None:
    run = night.run_here(DAY)
    version = a_draft(drafter, engine_rules(in_force()).weights)
    told = job.run_here(version).figures
    assert (told["lists"], told["lists_first_ten"], told["new"], told["gone"]) == (0, 0, 0, 0)
    assert told["places"] == to_five(len(ranks_of(run)))
    assert all(one["before"] == one["after"] for one in [*told["everybody"], *told["groups"]])


def test_it_says_what_the_night_then_finds(drafter: User) -> None:
    first = night.run_here(DAY)
    version = a_draft(drafter)
    told = job.run_here(version).figures
    put_in_force(version, UserFactory(), "Seen and agreed.")
    second = night.run_here(DAY)

    before, after = ranks_of(first), ranks_of(second)
    changed, stayed = before.keys() ^ after.keys(), before.keys() & after.keys()
    new, gone = after.keys() - before.keys(), before.keys() - after.keys()
    assert (told["new"], told["gone"]) == (to_five(len(new)), to_five(len(gone)))
    up, down = ({pair for pair in stayed if (after[pair] - before[pair]) * way > 0} for way in (-1, 1))
    assert (told["up"], told["down"]) == (to_five(len(up)), to_five(len(down)))
    assert up
    assert down
    assert told["seekers"] == to_five(len({seeker for _vacancy, seeker in changed | up | down}))
    assert told["lists"] == len({vacancy for vacancy, _seeker in changed}) > 0
    told_of_all = {one["measure"]: one for one in told["everybody"]}
    for one, run in (("before", first), ("after", second)):
        shares = Shares.of(Places.of_run(run.pk), np.array(sorted(frozen(run)), np.int64))
        places = told_of_all[Measure.PLACES][one]
        assert places == pytest.approx(shares.places.mean(), abs=0.1)
        covered = told_of_all[Measure.COVERED_SEEKERS][one]
        assert covered is None or covered == pytest.approx(shares.matched.mean(), abs=0.02)


def test_slices_change_nothing(drafter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    night.run_here(DAY)
    version = a_draft(drafter)
    whole = job.run_here(version)
    monkeypatch.setattr(preview, "SLICE", 37)
    cut = job.run_here(version)
    assert cut.figures == whole.figures
    assert cut.run.total > whole.run.total


def test_nothing_that_people_see_or_the_night_reads_is_touched(drafter: User) -> None:
    run = night.run_here(DAY)
    vectors = list(SeekerVector.objects.order_by("pk").values_list("pk", "rules_id", "built_for"))
    job.run_here(a_draft(drafter))
    result = MatchResult.objects.now()
    assert result is not None
    assert result.run_id == run.pk
    assert list(SeekerVector.objects.order_by("pk").values_list("pk", "rules_id", "built_for")) == vectors


def test_it_holds_no_person_and_no_pair(drafter: User) -> None:
    night.run_here(DAY)
    told = job.run_here(a_draft(drafter)).figures
    assert set(told) == {
        "people", "vacancies", "lists_first_ten", "lists", "places", "few", "seekers", "new", "gone", "up", "down",
        "everybody", "groups",
    }  # fmt: skip
    assert not {"seeker", "seeker_id", "vacancy_id", "pairs"} & set(json.dumps(told).replace('"', " ").split())


def test_small_groups_are_hidden_there_too(drafter: User) -> None:
    few = list(JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True)[:3])
    JobSeeker.objects.filter(sex="").update(sex="female")
    JobSeeker.objects.filter(pk__in=few).update(sex="")
    night.run_here(DAY)
    told = job.run_here(a_draft(drafter)).figures
    rows = [one for one in told["groups"] if one["dimension"] == Dimension.SEX]
    hidden = [one for one in rows if one["cell"] != "shown"]
    for measure in {one["measure"] for one in rows}:
        alone = {one["group"] for one in hidden if one["measure"] == measure}
        assert len(alone) != 1  # a group that is hidden alone could be counted from the others
    assert {one["group"] for one in hidden} > {"unknown"}
    assert all((one["n"], one["before"], one["after"]) == (None, None, None) for one in hidden)


def test_a_change_for_fewer_than_five_people_is_told_as_that_alone(
    drafter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.run_here(DAY)
    monkeypatch.setattr(preview, "FEWEST", 100_000)
    told = job.run_here(a_draft(drafter)).figures
    assert told["few"]
    assert [told[name] for name in ("seekers", "new", "gone", "up", "down")] == [None] * 5
    assert (told["everybody"], told["groups"]) == ([], [])


def test_a_group_of_which_few_are_touched_has_no_figure(drafter: User) -> None:
    """Three of a group of many people move: the group's figures before and after would be about the three."""
    run = night.run_here(DAY)
    people = People.of_run(run.pk, DAY)
    grouping = people.groupings[Dimension.SEX]
    large = int(np.bincount(grouping.of).argmax())
    other = next(at for at in range(len(grouping.groups)) if at != large and (grouping.of == at).sum() > 10)
    touched = np.concatenate([people.ids[grouping.of == large][:3], people.ids[grouping.of == other][:9]])
    assert preview._of_few(people, touched)[Dimension.SEX] >= {grouping.groups[large]}
    lines = report(people, Shares.of(Places.of_run(run.pk), people.ids), run.counts["vacancies"])
    told = preview._groups(lines, lines, preview._of_few(people, touched))
    of_group = [one for one in told if (one["dimension"], one["group"]) == (Dimension.SEX, grouping.groups[large])]
    assert of_group
    assert all((one["n"], one["before"], one["after"]) == (None, None, None) for one in of_group)


def test_who_has_come_under_non_disclosure_since_is_not_looked_at(drafter: User) -> None:
    run = night.run_here(DAY)
    person = Match.objects.filter(run_id=run.pk).order_by("-score", "pk")[0].seeker_id
    JobSeeker.objects.filter(pk=person).update(non_disclosure=True)
    JobSeeker.objects.filter(pk__in=range(person - 9, person)).update(non_disclosure=True)
    left = JobSeeker.objects.filter(non_disclosure=False, pk__in=frozen(run)).count()
    assert left <= run.counts["seekers"] - 5
    assert job.run_here(a_draft(drafter)).figures["people"] == to_five(left)


# --- As a run --------------------------------------------------------------------------------------------------------
def test_it_is_a_run_with_its_starter_and_its_end(drafter: User) -> None:
    night.run_here(DAY)
    made = job.run_here(a_draft(drafter), drafter)
    run = JobRun.objects.get(job=job.JOB)
    assert (run.state, run.started_by, made.compared_with) == (RunState.SUCCEEDED, drafter, in_force())
    assert run.percent == 100
    assert made.digest == made.rules.digest


def test_while_matching_is_stopped_there_is_no_preview(drafter: User) -> None:
    night.run_here(DAY)
    version = a_draft(drafter)
    stop(MATCHING, None, "The lists look wrong.")
    with pytest.raises(JobStopped):
        job.start(version, drafter)
    assert not JobRun.objects.filter(job=job.JOB).exists()


def test_stopped_before_a_worker_takes_it_nothing_is_matched(drafter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    night.run_here(DAY)
    made = job.start(a_draft(drafter), drafter)
    stop(MATCHING, None, "The lists look wrong.")
    with pytest.raises(JobStopped):
        job.work(made.run_id)
    made.refresh_from_db()
    assert made.figures is None


def test_one_preview_at_a_time_and_none_without_a_night(drafter: User) -> None:
    version = a_draft(drafter)
    with pytest.raises(job.NothingToCompareWith):
        job.start(version, drafter)
    night.run_here(DAY)
    open_run(job.JOB, DAY)
    with pytest.raises(RunGoingOn):
        job.start(version, drafter)


# --- In words --------------------------------------------------------------------------------------------------------
def test_differences_are_told_in_words_and_numbers(drafter: User) -> None:
    version = a_draft(drafter)
    told = {
        one.label: (one.before.replace("\xa0", " "), one.after.replace("\xa0", " "))
        for one in differences(version, in_force())
    }
    assert told == {
        "Ammatti": ("45 %", "20 %"), "Osaaminen": ("40 %", "70 %"), "Kokemus": ("15 %", "10 %"),
        "Ehdokkaita työpaikkaa kohden enintään": ("50", "12"),
    }  # fmt: skip
    assert differences(in_force(), in_force()) == []
    MatchingRules.objects.filter(pk=version.pk).update(municipality_codes=["240"], classification_version="2")
    version.refresh_from_db()
    assert {"Kunnat", "Luokituksen versio"} <= {one.label for one in differences(version, in_force())}
