"""How many matches a jobseeker has: in the list of jobseekers and on the tab of the person's page (PAGE_PANELS)."""

from typing import Any

from django.db.models import Count, F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.models import Match
from jobmatching.nightly.querysets import IS_NEW
from portal.accounts.permissions import AnyUser, may
from portal.accounts.roles import Permission


def _shown_to(user: AnyUser) -> Any:
    """The current result's best vacancies of jobseekers, as far as the person may see the vacancies."""
    matches = Match.objects.current().among_best_of_seeker()
    return matches.filter(vacancy_id__in=Vacancy.objects.visible_to(user).order_by().values("pk"))


def new_matches(request: HttpRequest, seekers: list[JobSeeker]) -> tuple[str, dict[str, Any]] | None:
    """How many new matches each jobseeker of a list has since the night before."""
    if not may(request.user, Permission.MATCHES_VIEW):
        return None
    matched = [seeker.pk for seeker in seekers if not seeker.non_disclosure]
    rows = (
        _shown_to(request.user)
        .filter(seeker_id__in=matched)
        .annotate(fresh=F("flags").bitand(IS_NEW))
        .filter(fresh__gt=0)
        .order_by()
        .values("seeker_id")
        .annotate(new=Count("vacancy_id"))
    )
    counts = {row["seeker_id"]: row["new"] for row in rows} if matched else {}
    return "nightly/new_matches.html", {"heading": _("New matches"), "css_class": "k-num", "counts": counts}


def match_count(request: HttpRequest, seeker: JobSeeker) -> tuple[str, dict[str, Any]] | None:
    """How many matches a jobseeker has, as `count`."""
    if seeker.non_disclosure or not may(request.user, Permission.MATCHES_VIEW):
        return None
    return "nightly/new_matches.html", {"count": _shown_to(request.user).filter(seeker_id=seeker.pk).count()}
