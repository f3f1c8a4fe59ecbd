"""What a matching run did, in words, for the pages of runs (PAGE_PANELS)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jobmatching.nightly.explaining.words import RequirementNames
from jobmatching.nightly.models import MatchingRules, RequirementUnlock
from jobmatching.nightly.night import JOB
from jobmatching.nightly.requirements import Kind
from jobmatching.nightly.run_words import SEEN, SHOWN_STEPS, SKIPPED, STEPS
from portal.runs.models import JobRun, RunState
from portal.ui import formats
from portal.ui.parts import Fact, KeyFigure, Step

MOST_REQUIREMENTS: Final = 12
FEWEST_SEEKERS: Final = 5
"""Groups of fewer people are not shown."""

TRAINABLE: Final = frozenset({Kind.LANGUAGE, Kind.LICENCE, Kind.CARD, Kind.EDUCATION})
"""Requirements that a course can give; the others are a matter of time or place."""


@dataclass(frozen=True)
class Unlocks:
    """A requirement's name, and what it would unlock."""

    name: str
    pairs: int
    seekers: int
    vacancies: int


@dataclass(frozen=True)
class Leverage:
    """Requirements that a course can give, and the others; `few`: how many are not shown for being about few people."""

    by_training: list[Unlocks]
    other: list[Unlocks]
    few: int


def counts_of_runs(request: HttpRequest, runs: list[JobRun]) -> tuple[str, dict[str, Any]] | None:
    """Per run of a list: jobseekers, vacancies, matches."""
    return "nightly/run_counts.html", {"heading": _("Result")}


def steps_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """The steps of a run, as `steps`: done, going on, still to come."""
    if run.job != JOB:
        return None
    names = list(SHOWN_STEPS)
    at = _place(run, names)
    steps = [
        Step(str(SHOWN_STEPS[name]), done=place < at, current=place == at and run.is_active)
        for place, name in enumerate(names)
    ]
    return "ui/steps.html", {"steps": steps, "label": _("Steps of the run")}


def _place(run: JobRun, names: list[str]) -> int:
    """Which of the shown steps the run is at; their number when it has succeeded."""
    if run.state == RunState.SUCCEEDED:
        return len(names)
    order = list(STEPS)
    # Shards are done by other processes, which do not name a step: what follows the freezing is the matching.
    step = "match" if run.step == "freeze" and run.total else run.step
    if step not in order:
        return 0 if run.state == RunState.RUNNING else -1
    return max(place for place, name in enumerate(names) if order.index(name) <= order.index(step))


def result_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """All that a run did: key figures, changes, who was left out and why, training leverage, seconds per step."""
    if run.job != JOB:
        return None
    counts: Mapping[str, Any] = run.counts
    return "nightly/run_result.html", {
        "run": run,
        "figures": _figures(counts) if run.state == RunState.SUCCEEDED else [],
        "changes": _facts(
            counts, {"new": _("New pairs"), "gone": _("Pairs that are gone"), "moved": _("Pairs whose score changed")}
        ),
        "seen": _facts(counts, SEEN),
        "skipped_known": "skipped" in counts,
        "skipped": _left_out(counts.get("skipped", {})),
        "skipped_total": sum(counts.get("skipped", {}).values()),
        "seconds": _seconds(run),
        "leverage": leverage(run) if run.state == RunState.SUCCEEDED else None,
        "fewest": FEWEST_SEEKERS,
    }


def leverage(run: JobRun) -> Leverage | None:
    """What single requirements would unlock, most pairs first; None where the run's rules are no longer there."""
    version = MatchingRules.objects.filter(version=run.rules_version).defer("content").first()
    if version is None:
        return None
    names = RequirementNames(version)
    by_training: list[Unlocks] = []
    other: list[Unlocks] = []
    few = 0
    for unlock in RequirementUnlock.objects.filter(run=run).order_by("-pairs", "requirement"):
        if unlock.seekers < FEWEST_SEEKERS:
            few += 1
            continue
        kind = names.requirement(unlock.requirement).kind
        told = Unlocks(names.name(unlock.requirement), unlock.pairs, unlock.seekers, unlock.vacancies)
        (by_training if kind in TRAINABLE else other).append(told)
    return Leverage(by_training[:MOST_REQUIREMENTS], other[:MOST_REQUIREMENTS], few)


def _figures(counts: Mapping[str, Any]) -> list[KeyFigure]:
    of_seekers = _share(counts, "seekers_matched", "seekers")
    of_vacancies = _share(counts, "vacancies_matched", "vacancies")
    return [
        KeyFigure(_("Jobseekers"), formats.number(counts.get("seekers")), of_seekers),
        KeyFigure(_("Vacancies"), formats.number(counts.get("vacancies")), of_vacancies),
        KeyFigure(_("Matches"), formats.number(counts.get("pairs_kept"))),
        KeyFigure(_("Near misses"), formats.number(counts.get("near_misses"))),
    ]


def _share(counts: Mapping[str, Any], part: str, whole: str) -> str:
    """What share has at least one match."""
    if not counts.get(whole) or part not in counts:
        return ""
    share = formats.percent(100 * counts[part] / counts[whole], 0)
    return _("%(share)s have a match") % {"share": share}


def _facts(counts: Mapping[str, Any], words: Mapping[str, str | Promise]) -> list[Fact]:
    """The counts that are there, in the order of their words."""
    return [Fact(str(label), formats.number(counts[name])) for name, label in words.items() if name in counts]


def _left_out(skipped: Mapping[str, int]) -> list[Fact]:
    """Who was left out by reason; a reason that has no words yet is not left unsaid."""
    unnamed = [Fact(name, formats.number(skipped[name])) for name in sorted(set(skipped) - set(SKIPPED))]
    return _facts(skipped, SKIPPED) + unnamed


def _seconds(run: JobRun) -> list[Fact]:
    """Seconds of each step, in the order of the work; unknown steps last."""
    order = [name for name in STEPS if name in run.seconds] + sorted(set(run.seconds) - set(STEPS))
    return [Fact(str(STEPS.get(name, name)), formats.seconds_span(run.seconds[name])) for name in order]
