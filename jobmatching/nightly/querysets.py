"""Words about stored results."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, Subquery
from django.http import Http404
from django.utils import timezone

from jobmatching.nightly.enums import MATCHING
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.querysets import JobSeekerQuerySet
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission
from portal.runs.models import JobStop

if TYPE_CHECKING:
    from jobmatching.nightly.models import MatchResult

BY_VACANCY = 1
"""Flag of a pair that is among the vacancy's best."""
BY_SEEKER = 2
"""Flag of a pair that is among the jobseeker's best."""
IS_NEW = 4
"""Flag of a pair that the previous run did not have."""
HAS_MOVED = 8
"""Flag of a pair whose score differs from the previous run."""


class MatchResultQuerySet(models.QuerySet[Any]):
    """Stored results of runs."""

    def shown(self) -> "MatchResultQuerySet":
        """The current result, unless matching is stopped by somebody who hides what is stored meanwhile."""
        hiding = JobStop.objects.of(MATCHING).in_force(timezone.now()).filter(hides_results=True)
        return self.filter(~Exists(hiding), current=True)

    def now_and_stop(self) -> "tuple[MatchResult | None, JobStop | None]":
        """The result that people are shown, and the stop in force: one query while nobody has stopped matching."""
        stops = JobStop.objects.of(MATCHING).in_force(timezone.now())
        newest = self.filter(current=True).annotate(is_stopped=Exists(stops)).select_related("run", "rules")
        result: MatchResult | None = newest.defer("rules__content").first()
        stop: JobStop | None = stops.first() if result is None or result.is_stopped else None  # type: ignore[attr-defined]
        return (None if stop is not None and stop.hides_results else result), stop

    def now(self) -> "MatchResult | None":
        """The result that people are shown; None before the first run has succeeded, and while results are hidden."""
        return self.shown().select_related("run", "rules").defer("rules__content").first()

    def newest(self) -> "MatchResult | None":
        """The current result, hidden or not: for evidence and inquiries, never for lists of people."""
        return self.filter(current=True).select_related("run", "rules").defer("rules__content").first()


def _current_run() -> Subquery:
    from jobmatching.nightly.models import MatchResult

    return Subquery(MatchResult.objects.shown().values("run_id")[:1])


class MatchQuerySet(models.QuerySet[Any]):
    """Kept pairs."""

    def current(self) -> "MatchQuerySet":
        """Pairs of the current result; none while results are hidden."""
        return self.filter(run_id=_current_run())

    def among_best_of_vacancy(self) -> "MatchQuerySet":
        marked: MatchQuerySet = self.annotate(is_by_vacancy=models.F("flags").bitand(BY_VACANCY))
        return marked.filter(is_by_vacancy__gt=0)

    def among_best_of_seeker(self) -> "MatchQuerySet":
        marked: MatchQuerySet = self.annotate(is_by_seeker=models.F("flags").bitand(BY_SEEKER))
        return marked.filter(is_by_seeker__gt=0)

    def best_first(self) -> "MatchQuerySet":
        """In the order of the score; the lower id first where scores are equal."""
        return self.order_by("-score", "seeker_id", "vacancy_id")


class NearMissQuerySet(models.QuerySet[Any]):
    """Near misses."""

    def current(self) -> "NearMissQuerySet":
        """Near misses of the current result; none while results are hidden."""
        return self.filter(run_id=_current_run())

    def best_first(self) -> "NearMissQuerySet":
        return self.order_by("-score", "seeker_id", "vacancy_id")


def current_result_or_404() -> "MatchResult":
    """The current result; Http404 before the first run has succeeded, and while results are hidden."""
    from jobmatching.nightly.models import MatchResult

    result = MatchResult.objects.now()
    if result is None:
        raise Http404
    return result


def people_shown_to(user: AnyUser) -> JobSeekerQuerySet:
    """Jobseekers whom lists of matches and near misses may show to a person, and count.

    The night leaves out people under non-disclosure. One who comes under it by day still stands in the stored result:
    no list shows them then, not even to the named workers, since lists show names and homes. It is the same with those
    who have been paused, whose search has ended or whose processing has been restricted since the night.
    """
    return JobSeeker.objects.visible_to(user).matchable(timezone.localdate())


def people_of_other_areas(user: AnyUser) -> JobSeekerQuerySet:
    """Jobseekers whom a person does not see for their area alone; nobody under non-disclosure is among them.

    Only for asking whether there are any: no row of these is shown.
    """
    others = JobSeeker.objects.matchable(timezone.localdate())
    return others.exclude(area__in=areas_where(user, Permission.SEEKERS_VIEW))
