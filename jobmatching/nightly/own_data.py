"""What a jobseeker is given of the own data by matching: matches with their reasons, near misses, changes by night."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.enums import ChangeKind, Side
from jobmatching.nightly.explaining.pairs import Pair, tell_pairs
from jobmatching.nightly.explaining.stories import PairStory
from jobmatching.nightly.explaining.words import RequirementNames
from jobmatching.nightly.models import (
    Match,
    MatchChange,
    MatchResult,
    NearMiss,
    RunInput,
    SeekerVector,
)
from jobmatching.nightly.querysets import IS_NEW
from portal.privacy.subject.rows import columns_of, covered, plain, row_of
from portal.privacy.subject.sections import Cell, Column, Exporter, Section, Told, of_model
from portal.runs.models import JobRun

_AT_ONCE: Final = 100
"""Pairs explained at a time."""

STATES: Final = {
    "met": gettext_lazy("met"),
    "partly": gettext_lazy("partly met"),
    "missing": gettext_lazy("missing"),
    "unknown": gettext_lazy("not known"),
    "not_asked": gettext_lazy("not asked"),
}


def _matches(seeker: JobSeeker) -> Section:
    """Every stored match of the current result, best first, whether it is shown in a list or not."""
    columns = [
        Column("vacancy", _("Vacancy")),
        Column("employer", _("Employer")),
        Column("score", _("Points")),
        Column("possible", _("Points possible")),
        Column("new", _("New since the night before")),
        Column("reasons", _("Why: criterion, result, what is asked, what you have, from where it is known")),
    ]
    result = MatchResult.objects.newest()
    if result is None:
        return Section(columns, [], _("Matching has not been run yet."))
    stored = Match.objects.filter(run_id=result.run_id, seeker_id=seeker.pk).best_first()
    rows = [_of_story(story) for story in _stories(result, seeker, list(stored))]
    note = _("Matching of %(day)s by rules %(rules)s. Matches propose; a person decides, always.") % {
        "day": result.for_date.isoformat(),
        "rules": result.rules.version,
    }
    return Section(columns, rows, note)


def _stories(result: MatchResult, seeker: JobSeeker, matches: Sequence[Match]) -> Iterator[PairStory]:
    """The stories of stored pairs, piece by piece."""
    person = JobSeeker.objects.for_page().get(pk=seeker.pk)
    for start in range(0, len(matches), _AT_ONCE):
        some = matches[start : start + _AT_ONCE]
        vacancies = Vacancy.objects.for_page().in_bulk([match.vacancy_id for match in some])
        pairs = [
            Pair(vacancies[match.vacancy_id], person, bool(match.flags & IS_NEW))
            for match in some
            if match.vacancy_id in vacancies
        ]
        yield from tell_pairs(result, pairs)


def _of_story(story: PairStory) -> dict[str, Cell]:
    return {
        "vacancy": Told(story.vacancy.pk, story.vacancy.title),
        "employer": str(story.vacancy.employer),
        "score": story.score,
        "possible": story.possible,
        "new": plain(story.is_new),
        "reasons": [_reason(criterion) for criterion in story.criteria],
    }


def _reason(criterion: Any) -> str:
    """One criterion as a sentence (Any: CriterionStory)."""
    points = f" {criterion.had}/{criterion.possible}" if criterion.possible is not None else ""
    told = f"{criterion.label}: {STATES[criterion.state.name.lower()]}{points}"
    parts = [criterion.asks, criterion.has, *criterion.sources]
    return " · ".join([told, *(part for part in parts if part)])


def _near_misses(seeker: JobSeeker) -> Section:
    columns = [
        Column("vacancy", _("Vacancy")),
        Column("employer", _("Employer")),
        Column("score", _("Points")),
        Column("requirement", _("What alone keeps from a match")),
    ]
    result = MatchResult.objects.newest()
    if result is None:
        return Section(columns, [])
    names = RequirementNames(result.rules)
    misses = list(NearMiss.objects.filter(run_id=result.run_id, seeker_id=seeker.pk).best_first())
    vacancies = _vacancies(miss.vacancy_id for miss in misses)
    rows: list[dict[str, Cell]] = [
        {**_vacancy(miss.vacancy_id, vacancies), "score": miss.score, "requirement": names.name(miss.requirement)}
        for miss in misses
    ]
    return Section(columns, rows)


def _changes(seeker: JobSeeker) -> Section:
    """What each past night changed, with the rules that it matched by."""
    columns = [
        Column("night", _("Night")),
        Column("rules", _("Rules")),
        Column("vacancy", _("Vacancy")),
        Column("employer", _("Employer")),
        Column("kind", _("Change")),
        Column("score", _("Points")),
    ]
    changes = list(MatchChange.objects.filter(seeker_id=seeker.pk).order_by("run_id", "vacancy_id"))
    runs = JobRun.objects.in_bulk({change.run_id for change in changes})
    vacancies = _vacancies(change.vacancy_id for change in changes)
    rows: list[dict[str, Cell]] = []
    for change in changes:
        run = runs.get(change.run_id)
        rows.append(
            {
                "night": run.for_date.isoformat() if run else change.run_id,
                "rules": run.rules_version if run else "",
                **_vacancy(change.vacancy_id, vacancies),
                "kind": Told(change.kind, str(ChangeKind(change.kind).label)),
                "score": change.score,
            }
        )
    return Section(columns, rows, _("Pairs that were new, gone or had other points than the night before."))


def _packed(seeker: JobSeeker) -> Section:
    """Copies that matching makes for itself."""
    names = ("built_for", "stale_on", "dirty")
    vector = SeekerVector.objects.defer("data").filter(seeker=seeker.pk).first()
    frozen = RunInput.objects.filter(side=Side.SEEKERS, ids__contains=[seeker.pk]).order_by("run_id")
    runs = JobRun.objects.filter(pk__in=frozen.values("run_id")).order_by("pk")
    row: dict[str, Cell] = row_of(vector, names) if vector else {}
    row["runs"] = [f"{run.for_date.isoformat()} ({run.rules_version})" for run in runs]
    columns = [*columns_of(SeekerVector, names), Column("runs", _("Frozen in the input of the nights"))]
    return Section(
        columns,
        [row],
        _(
            "Numbers made from the profile for matching: occupations, skills, languages, permits, places and working"
            " times. They tell nothing that the profile does not. Each night's result also keeps your pairs packed,"
            " for the comparison with the next night."
        ),
    )


def _vacancies(ids: Iterable[int]) -> dict[int, Vacancy]:
    return Vacancy.objects.select_related("employer").in_bulk(set(ids))


def _vacancy(pk: int, vacancies: dict[int, Vacancy]) -> dict[str, Cell]:
    """The vacancy with its employer; one that has been deleted is told by its number."""
    found = vacancies.get(pk)
    if found is None:
        return {"vacancy": Told(pk, _("vacancy %(number)s, since deleted") % {"number": pk})}
    return {"vacancy": Told(pk, found.title), "employer": str(found.employer)}


MATCHES: Final = Exporter(
    "matches",
    gettext_lazy("Matches"),
    _matches,
    covered(Match, ("run_id", "vacancy_id", "seeker_id", "score", "occupation_points", "skills_points"))
    | covered(Match, ("states", "flags")),
    steps=3,
)
NEAR_MISSES: Final = Exporter(
    "near_misses",
    gettext_lazy("Near misses"),
    _near_misses,
    covered(NearMiss, ("run_id", "vacancy_id", "seeker_id", "score", "requirement")),
)
CHANGES: Final = Exporter(
    "match_changes",
    gettext_lazy("How matches changed night by night"),
    _changes,
    covered(MatchChange, ("run_id", "vacancy_id", "seeker_id", "kind", "score")),
    steps=2,
)
PACKED: Final = Exporter(
    "packed",
    gettext_lazy("Copies for matching"),
    _packed,
    of_model("jobmatching.SeekerVector", ("seeker", "data", "rules", "built_for", "stale_on", "dirty"))
    | of_model("jobmatching.RunInput", ("run", "side", "part", "rows", "data", "ids", "offsets"))
    | of_model("jobmatching.ResultKeys", ("run", "part", "data"))
    | of_model("jobmatching.ShardResult", ("run", "shard", "data", "seconds")),
)
