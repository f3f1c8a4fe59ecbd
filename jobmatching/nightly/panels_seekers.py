"""How many matches a jobseeker has: in the list of jobseekers and on the tab of the person's page (PAGE_PANELS)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jobmatching.models import JobSeeker
from jobmatching.nightly.models import MatchResult
from jobmatching.nightly.shown import Shown, count_vacancies
from jobmatching.nightly.standing import Standing, standing_of
from jobmatching.nightly.stopping.notice import notice
from portal.accounts.permissions import may
from portal.accounts.roles import Permission


def _shown(request: HttpRequest, seekers: list[JobSeeker]) -> dict[int, Shown]:
    """How many vacancies of the current result each jobseeker is shown with; nobody under non-disclosure."""
    matched = [seeker for seeker in seekers if not seeker.non_disclosure]
    return count_vacancies(matched, request.user) if matched else {}


def new_matches(request: HttpRequest, seekers: list[JobSeeker]) -> tuple[str, dict[str, Any]] | None:
    """How many new matches each jobseeker of a list has since the night before."""
    if not may(request.user, Permission.MATCHES_VIEW):
        return None
    counts = {pk: shown.new for pk, shown in _shown(request, seekers).items() if shown.new}
    told = {"heading": _("New matches"), "css_class": "k-num", "counts": counts}
    return "nightly/new_matches.html", told | notice()


def match_count(request: HttpRequest, seeker: JobSeeker) -> tuple[str, dict[str, Any]] | None:
    """How many matches a jobseeker has, as `count`; None where none are shown, whether there are any or not."""
    if seeker.non_disclosure or not may(request.user, Permission.MATCHES_VIEW):
        return None
    shown = _shown(request, [seeker]).get(seeker.pk)
    return "nightly/new_matches.html", {"count": shown.pairs if shown else _none(seeker)}


def _none(seeker: JobSeeker) -> int | None:
    """0 where the run has found nothing; None where there is no count: hidden results, or somebody not in matching."""
    if standing_of(seeker, None) != Standing.SHOWN:
        return None
    result = MatchResult.objects.now()
    return 0 if result is not None and standing_of(seeker, result) == Standing.SHOWN else None
