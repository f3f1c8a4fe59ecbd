"""What matching brings to the pages of vacancies and jobseekers (settings.PAGE_PANELS)."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.explaining.near import near_groups
from jobmatching.nightly.explaining.pairs import Pair, tell_pairs
from jobmatching.nightly.explaining.stories import PairStory
from jobmatching.nightly.explaining.words import CRITERION_LABELS
from jobmatching.nightly.models import Match, MatchResult, RunInput
from jobmatching.nightly.noting import note_opened, note_people
from jobmatching.nightly.permissions import works_with
from jobmatching.nightly.querysets import IS_NEW, people_shown_to
from jobmatching.nightly.shown import (
    candidates_elsewhere,
    candidates_of,
    count_candidates,
    near_misses_elsewhere,
    near_misses_of,
    vacancies_elsewhere,
    vacancies_of,
)
from jobmatching.nightly.standing import Standing, standing_of
from jobmatching.nightly.stopping.notice import notice
from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.ui.parts import Choice

PER_PAGE: Final = 25
NEAR: Final = "lahelta"


@dataclass(frozen=True)
class Row:
    """A pair as one line of a list, seen from one side: `other` is the vacancy or the jobseeker on the other side."""

    story: PairStory
    other: Vacancy | JobSeeker
    other_name: str
    other_place: str
    other_url: str
    open_other: str
    is_open: bool
    toggle_url: str
    fragment_url: str


def candidates(request: HttpRequest, vacancy: Vacancy) -> tuple[str, dict[str, Any]] | None:
    """The candidates of a vacancy, or its near misses, for those who work with the vacancy."""
    if not works_with(request.user, vacancy):
        return None
    result, stop = MatchResult.objects.now_and_stop()
    context: dict[str, Any] = {
        "run": result.run if result else None,
        "stop": stop,
        "view": "near" if request.GET.get("nakyma") == NEAR else "candidates",
        "labels": list(CRITERION_LABELS.values()),
        "tabs_label": _("Lists of candidates"),
        "tabs": [],
        "vacancy": vacancy,
    }
    if result is None:
        return "nightly/candidates.html", context
    near = near_misses_of(vacancy, result, request.user)
    matches = candidates_of(vacancy, result, request.user)
    page: Page[Match] = Paginator(matches, PER_PAGE).get_page(request.GET.get("sivu"))
    near_count = near.count()
    context |= {
        "near_count": near_count, "tabs": _tabs(request, page.paginator.count, near_count),
        "weights": result.rules.weights,
    }  # fmt: skip
    opened = request.GET.get("avaa", "")
    if context["view"] == "near":
        context["near_groups"] = near_groups(vacancy, list(near), result, request.user)
        note_people(request, vacancy, [one.seeker.pk for group in context["near_groups"] for one in group.people])
        context["elsewhere"] = near_misses_elsewhere(vacancy, result, request.user)
    else:
        context["elsewhere"] = candidates_elsewhere(vacancy, result, request.user)
        rows = rows_of_vacancy(request, result, vacancy, list(page.object_list), opened)
        note_people(request, vacancy, [row.story.seeker.pk for row in rows])
        for row in rows:
            if row.is_open:
                note_opened(request, vacancy, row.story.seeker.pk)
        page.object_list = rows  # type: ignore[assignment]
        context["page_obj"] = page
        context["in_run"] = (
            bool(page.paginator.count)
            or RunInput.objects.filter(run_id=result.run_id, side="V", ids__contains=[vacancy.pk]).exists()
        )
    return "nightly/candidates.html", context


def rows_of_vacancy(
    request: HttpRequest, result: MatchResult, vacancy: Vacancy, matches: list[Match], opened: str
) -> list[Row]:
    """Lines of candidates of one vacancy; `opened` is the id of the one whose reasons are shown."""
    seekers = people_shown_to(request.user).for_page().in_bulk([match.seeker_id for match in matches])
    pairs = [
        Pair(vacancy, seekers[match.seeker_id], bool(match.flags & IS_NEW))
        for match in matches
        if match.seeker_id in seekers
    ]
    rows = []
    for story in tell_pairs(result, pairs):
        is_open = opened == str(story.seeker.pk)
        rows.append(
            Row(
                story, story.seeker, story.seeker.name, str(story.seeker.home or ""),
                reverse("seekers:page", args=[story.seeker.pk]), _("Open the jobseeker"), is_open,
                _toggled(request, reverse("vacancies:page", args=[vacancy.pk]), story.seeker.pk, is_open),
                reverse("matching:candidate", args=[vacancy.pk, story.seeker.pk]) + ("" if is_open else "?avaa=1"),
            )
        )  # fmt: skip
    return rows


def matches_of_seeker(request: HttpRequest, seeker: JobSeeker) -> tuple[str, dict[str, Any]] | None:
    """The best vacancies of a jobseeker."""
    if not may(request.user, Permission.MATCHES_VIEW):
        return None
    result, stop = MatchResult.objects.now_and_stop()
    context: dict[str, Any] = {
        "run": result.run if result else None, "stop": stop,
        "labels": list(CRITERION_LABELS.values()), "seeker": seeker,
    }  # fmt: skip
    context["standing"] = standing = standing_of(seeker, result)
    if result is not None and standing == Standing.SHOWN:
        matches = vacancies_of(seeker, result, request.user)
        page: Page[Match] = Paginator(matches, PER_PAGE).get_page(request.GET.get("sivu"))
        page.object_list = rows_of_seeker(request, result, seeker, list(page.object_list), request.GET.get("avaa", ""))  # type: ignore[assignment]
        context |= {
            "page_obj": page, "elsewhere": vacancies_elsewhere(seeker, result, request.user),
            "weights": result.rules.weights,
        }  # fmt: skip
    return "nightly/seeker_matches.html", context


def rows_of_seeker(
    request: HttpRequest, result: MatchResult, seeker: JobSeeker, matches: list[Match], opened: str
) -> list[Row]:
    """Lines of vacancies of one jobseeker."""
    vacancies = Vacancy.objects.visible_to(request.user).for_page().in_bulk([match.vacancy_id for match in matches])
    pairs = [
        Pair(vacancies[match.vacancy_id], seeker, bool(match.flags & IS_NEW))
        for match in matches
        if match.vacancy_id in vacancies
    ]
    rows = []
    for story in tell_pairs(result, pairs):
        is_open = opened == str(story.vacancy.pk)
        place = ", ".join([story.vacancy.employer.name, *(str(place) for place in story.vacancy.municipalities.all())])
        rows.append(
            Row(
                story, story.vacancy, story.vacancy.title, place,
                reverse("vacancies:page", args=[story.vacancy.pk]), _("Open the vacancy"), is_open,
                _toggled(request, request.path, story.vacancy.pk, is_open),
                reverse("matching:vacancy_of_seeker", args=[seeker.pk, story.vacancy.pk])
                + ("" if is_open else "?avaa=1"),
            )
        )  # fmt: skip
    return rows


def counts_of_vacancies(request: HttpRequest, vacancies: list[Vacancy]) -> tuple[str, dict[str, Any]] | None:
    """How many candidates each vacancy of a list has, and how many are new since the night before."""
    if not may(request.user, Permission.MATCHES_VIEW):
        return None
    counts = count_candidates(vacancies, request.user)
    return "nightly/vacancy_counts.html", {"heading": _("Candidates"), "counts": counts} | notice()


def _tabs(request: HttpRequest, candidates_count: int, near_count: int) -> list[Choice]:
    view = request.GET.get("nakyma")
    return [
        Choice("?", _("Candidates"), candidates_count, current=view != NEAR),
        Choice(f"?nakyma={NEAR}", _("Near misses"), near_count, current=view == NEAR),
    ]


def _toggled(request: HttpRequest, path: str, pk: int, is_open: bool) -> str:
    """The same list with this line opened, or closed when it is open."""
    query = request.GET.copy()
    query.pop("avaa", None)
    if not is_open:
        query["avaa"] = str(pk)
    return f"{path}?{query.urlencode()}"
