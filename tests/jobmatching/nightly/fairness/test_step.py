"""The step of the night on a small area: what it stores is what plain queries count; once, and never again."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobmatching.models import FairnessFigure, FairnessReport, JobSeeker, Match
from jobmatching.nightly import night as matching
from jobmatching.nightly import tasks
from jobmatching.nightly.enums import MATCHING
from jobmatching.nightly.fairness import night
from jobmatching.nightly.fairness.coarse import to_five
from jobmatching.nightly.fairness.enums import JOB, UNKNOWN, Dimension, Measure
from jobmatching.nightly.fairness.people import People
from jobmatching.nightly.querysets import BY_VACANCY
from portal.classifications.enums import LanguageLevel
from portal.classifications.models import Language
from portal.runs.models import JobRun, RunState
from portal.runs.services import open_run
from portal.runs.stopping import stop
from tests.factories import SeekerLanguageFactory
from tests.jobmatching.nightly.conftest import DAY


def figures(**which: Any) -> dict[str, FairnessFigure]:
    return {one.group: one for one in FairnessFigure.objects.filter(**which).order_by("place")}


def people_of(run: JobRun) -> People:
    return People.of_run(run.pk, run.for_date)


def groups_of(run: JobRun, dimension: Dimension) -> dict[int, str]:
    """Group of each person, by id."""
    people = people_of(run)
    grouping = people.groupings[dimension]
    return {pk: grouping.groups[at] for pk, at in zip(people.ids.tolist(), grouping.of.tolist(), strict=True)}


# --- Who is in which group -------------------------------------------------------------------------------------------
def test_everybody_of_the_run_is_counted_in_one_group_of_each_dimension(area: None) -> None:
    run = matching.run_here(DAY)
    matched = set(JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True))
    for dimension in people_of(run).groupings:
        assert set(groups_of(run, dimension)) == matched
    assert run.counts["seekers"] == len(matched)


def test_groups_are_those_of_the_register(area: None) -> None:
    run = matching.run_here(DAY)
    sex, age, home = (groups_of(run, one) for one in (Dimension.SEX, Dimension.AGE, Dimension.MUNICIPALITY))
    service = groups_of(run, Dimension.SERVICE_LANGUAGE)
    for person in JobSeeker.objects.matchable(DAY).select_related("home", "service_language").order_by("pk"):
        assert sex[person.pk] == (person.sex or UNKNOWN)
        assert home[person.pk] == (person.home.code if person.home else UNKNOWN)
        assert service[person.pk] == (person.service_language.code if person.service_language else UNKNOWN)
        born = person.birth_date
        years = DAY.year - born.year - ((DAY.month, DAY.day) < (born.month, born.day))
        first, last = age[person.pk].split("-")
        assert int(first) <= years <= int(last or 200)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2001, 11, 21), "0-24"),
        (date(2001, 11, 20), "25-29"),
        (date(1996, 11, 20), "30-39"),
        (date(1971, 11, 21), "50-54"),
        (date(1971, 11, 20), "55-59"),
        (date(1940, 1, 1), "60-"),
    ],
)
def test_a_birthday_on_the_day_counts(area: None, born: date, band: str) -> None:
    run = matching.run_here(DAY)
    person = JobSeeker.objects.matchable(DAY).order_by("pk")[0]
    JobSeeker.objects.filter(pk=person.pk).update(birth_date=born)
    assert groups_of(run, Dimension.AGE)[person.pk] == band


@pytest.mark.parametrize(
    ("spoken", "group"),
    [((), UNKNOWN), (("fi",), "fi"), (("sv",), "sv"), (("smn",), "sami"), (("ru",), "other"), (("fi", "sv"), "other")],
)
def test_mother_tongue_as_known(area: None, spoken: tuple[str, ...], group: str) -> None:
    run = matching.run_here(DAY)
    person = JobSeeker.objects.matchable(DAY).order_by("pk")[0]
    person.languages_held.all().delete()
    SeekerLanguageFactory(seeker=person, language=Language.objects.get(code="en"), level=LanguageLevel.B2)
    for code in spoken:
        SeekerLanguageFactory(seeker=person, language=Language.objects.get(code=code), level=LanguageLevel.L1)
    assert groups_of(run, Dimension.MOTHER_TONGUE)[person.pk] == group


def test_the_occupation_is_the_first_wish_or_else_the_latest_work(area: None) -> None:
    run = matching.run_here(DAY)
    people = people_of(run)
    told = dict(zip(people.ids.tolist(), people.occupation.tolist(), strict=True))
    for person in JobSeeker.objects.matchable(DAY).order_by("pk"):
        wish = person.wishes.order_by("order", "pk").select_related("occupation").first()
        work = [one for one in person.work_history.select_related("occupation").order_by("pk") if one.occupation]
        latest = max(
            work,
            key=lambda one: (one.ended_on is None, one.ended_on or date.min, one.started_on, -one.pk),
            default=None,
        )
        occupation = wish.occupation if wish else latest.occupation if latest else None
        assert told[person.pk] == (int(occupation.isco[:2]) if occupation and occupation.isco else -1)


# --- The figures -----------------------------------------------------------------------------------------------------
def test_what_is_stored_is_what_plain_queries_count(area: None) -> None:
    run = matching.run_here(DAY)
    own = night.run_here(DAY)

    lists: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for match in Match.objects.filter(run_id=run.pk).order_by("pk"):
        if match.flags & BY_VACANCY:
            lists[match.vacancy_id].append((-match.score, match.seeker_id))
    ranks: dict[int, list[int]] = defaultdict(list)
    for rows in lists.values():
        for rank, (_score, seeker) in enumerate(sorted(rows), start=1):
            ranks[seeker].append(rank)
    group = groups_of(run, Dimension.SEX)
    sizes, shown = Counter(group.values()), 0
    for measure, count in (
        (Measure.SELECTED, lambda one: bool(one)),
        (Measure.FIRST_TEN, lambda one: bool(one) and min(one) <= 10),
        (Measure.PLACES, len),
        (Measure.RANK, sum),
    ):
        for name, figure in figures(dimension=Dimension.SEX, measure=measure).items():
            if figure.cell != "shown":
                continue
            shown += 1
            assert figure.numerator == to_five(sum(count(ranks[pk]) for pk, sex in group.items() if sex == name))
            assert figure.n == to_five(
                sizes[name] if measure != Measure.RANK else sum(bool(ranks[pk]) for pk in group if group[pk] == name)
            )
    assert shown >= 2
    people = to_five(len(group))
    assert (own.state, own.counts["people"], own.counts["matching_run"]) == (RunState.SUCCEEDED, people, run.pk)
    covered = figures(measure=Measure.COVERED_VACANCIES)["all"]
    assert (covered.n, covered.numerator) == (run.counts["vacancies"], sum(len(rows) >= 5 for rows in lists.values()))
    matched = figures(measure=Measure.COVERED_SEEKERS)["all"]
    assert (matched.n, matched.numerator) == (to_five(run.counts["seekers"]), to_five(run.counts["seekers_matched"]))


def test_run_again_it_changes_nothing_even_when_the_register_has_changed(area: None) -> None:
    matching.run_here(DAY)
    night.run_here(DAY)
    before = list(FairnessFigure.objects.order_by("pk").values())
    JobSeeker.objects.update(sex="", birth_date=date(1990, 1, 1))

    again = night.run_here(DAY)

    assert list(FairnessFigure.objects.order_by("pk").values()) == before
    assert (again.state, again.attempt, again.counts.get("already")) == (RunState.SUCCEEDED, 2, 1)


def test_the_same_input_gives_the_same_figures(area: None) -> None:
    for day in (DAY, DAY + timedelta(days=1)):
        matching.run_here(day)
        night.run_here(day)
    one, other = FairnessReport.objects.order_by("run_id")
    assert one.run_id != other.run_id
    told = [
        list(
            report.figures.order_by("dimension", "measure", "place").values_list(
                "group", "measure", "n", "value", "ratio", "within"
            )
        )
        for report in (one, other)
    ]
    assert told[0] == told[1]
    assert FairnessReport.objects.all().of_day(None) == other
    assert list(FairnessReport.objects.all().latest_of_each_day()) == [other, one]


def test_a_day_has_one_report_however_often_it_is_matched(area: None) -> None:
    """Between two runs of a day one person is hidden: a second report would be that person."""
    first = matching.run_here(DAY)
    night.run_here(DAY)
    before = list(FairnessFigure.objects.order_by("pk").values())
    JobSeeker.objects.filter(pk=people_of(first).ids[0]).update(non_disclosure=True)

    matching.run_here(DAY)
    again = night.run_here(DAY)

    assert FairnessReport.objects.get().run_id == first.pk
    assert list(FairnessFigure.objects.order_by("pk").values()) == before
    assert again.counts.get("already") == 1


def test_who_has_come_under_non_disclosure_since_is_in_no_count(area: None) -> None:
    run = matching.run_here(DAY)
    hidden = [match.seeker_id for match in Match.objects.filter(run_id=run.pk).order_by("-score", "pk")[:3]]
    JobSeeker.objects.filter(pk__in=hidden).update(non_disclosure=True)
    left = len(set(hidden))

    night.run_here(DAY)

    assert FairnessReport.objects.get().people == to_five(run.counts["seekers"] - left)
    assert figures(measure=Measure.COVERED_SEEKERS)["all"].n == to_five(run.counts["seekers"] - left)


def test_small_groups_are_stored_without_any_figure(area: None) -> None:
    run = matching.run_here(DAY)
    few = list(groups_of(run, Dimension.SEX))[:3]
    JobSeeker.objects.exclude(pk__in=few).filter(sex="").update(sex="female")
    JobSeeker.objects.filter(pk__in=few).update(sex="")
    night.run_here(DAY)
    for measure in (Measure.SELECTED, Measure.EXPOSURE, Measure.RANK):
        told = figures(dimension=Dimension.SEX, measure=measure)
        assert told[UNKNOWN].cell == "small"
        assert told[UNKNOWN].n is None
        assert "guard" in {figure.cell for figure in told.values()}


def test_the_database_keeps_hidden_rows_empty(area: None) -> None:
    matching.run_here(DAY)
    night.run_here(DAY)
    report = FairnessReport.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        FairnessFigure.objects.create(
            report=report, dimension=Dimension.SEX, group="x", place=9, measure=Measure.PLACES, cell="small", n=3
        )


# --- In the night ----------------------------------------------------------------------------------------------------
def test_without_a_result_there_is_nothing_to_look_at(area: None) -> None:
    run = night.run_here(DAY)
    assert (run.state, run.counts) == (RunState.SUCCEEDED, {"results": 0})
    assert not FairnessReport.objects.exists()


def test_it_follows_matching(area: None, django_capture_on_commit_callbacks: Any) -> None:
    run = open_run(MATCHING, timezone.localdate())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.prepare_run.delay(run.pk)
    assert FairnessReport.objects.get().run_id == run.pk
    own = JobRun.objects.get(job=JOB)
    run.refresh_from_db()
    assert (own.for_date, own.state, own.rules_version) == (run.for_date, RunState.SUCCEEDED, run.rules_version)


def test_a_hidden_result_is_still_looked_at(area: None) -> None:
    matching.run_here(DAY)
    stop(MATCHING, None, "The lists look wrong.", hide=True)
    night.run_here(DAY)
    assert FairnessReport.objects.exists()


def test_an_error_is_kept_on_the_run(area: None, monkeypatch: pytest.MonkeyPatch) -> None:
    matching.run_here(DAY)

    def break_down(*_: object) -> None:
        raise ValueError("Salainen")

    with monkeypatch.context() as broken:
        broken.setattr(night, "report", break_down)
        with pytest.raises(ValueError, match="Salainen"):
            night.run_here(DAY)
    failed = JobRun.objects.get(job=JOB)
    assert (failed.state, failed.error) == (RunState.FAILED, "ValueError")
    assert not FairnessReport.objects.exists()
    assert night.run_here(DAY + timedelta(days=1)).counts["people"]
