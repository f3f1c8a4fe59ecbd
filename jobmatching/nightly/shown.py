"""Which of the stored pairs a person is shown, and how many: the best whose other side they may see.

What is stored: a run keeps for each vacancy its 50 best jobseekers (`Weights.k_vacancy`), for each jobseeker the 20
best vacancies (`k_seeker`) and for each vacancy at most 10 near misses (`near_miss_k`). These are the best of the whole
installation, whatever the area: people look for work beyond the border of their own.

What is shown: people see jobseekers and vacancies of their own areas. The list is therefore cut after that and not
before: of all pairs of a vacancy that are stored, for its own sake or for the jobseeker's, the 50 best that the person
may see; so also for a jobseeker. Where there is one area, these are exactly the best that were kept. Where there are
several, people of other areas take places among the 50. The list of an area then goes on with those who have the
vacancy among their own 20 best; somebody who comes after the 50th and has 20 better vacancies is in no list. Near
misses are stored for vacancies alone: their list only gets shorter. The page says so where others are among those kept
(`candidates_elsewhere` and the like).

Nobody under non-disclosure is shown or counted, and what is said of other areas looks past them: the page is the same
whether there is such a person or not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.models import Match, MatchResult, NearMiss
from jobmatching.nightly.querysets import IS_NEW, people_of_other_areas, people_shown_to
from portal.accounts.permissions import AnyUser

Owner = Literal["vacancy_id", "seeker_id"]
_MOST: dict[Owner, str] = {"vacancy_id": "k_vacancy", "seeker_id": "k_seeker"}
"""The weight that says how many are shown to each owner of a list."""


@dataclass(frozen=True)
class Shown:
    """How many pairs a list shows, and how many of them the previous run did not have."""

    pairs: int
    new: int


def candidates_of(vacancy: Vacancy, result: MatchResult, user: AnyUser) -> "QuerySet[Match]":
    """The candidates of a vacancy that the person is shown, best first."""
    pairs: QuerySet[Match] = _of_people(Match.objects.filter(run_id=result.run_id, vacancy_id=vacancy.pk), user)
    return pairs[: most(result, "vacancy_id")]


def vacancies_of(seeker: JobSeeker, result: MatchResult, user: AnyUser) -> "QuerySet[Match]":
    """The vacancies of a jobseeker that the person is shown, best first."""
    pairs: QuerySet[Match] = _of_vacancies(Match.objects.filter(run_id=result.run_id, seeker_id=seeker.pk), user)
    return pairs[: most(result, "seeker_id")]


def near_misses_of(vacancy: Vacancy, result: MatchResult, user: AnyUser) -> "QuerySet[NearMiss]":
    """The near misses of a vacancy that the person is shown, best first."""
    pairs: QuerySet[NearMiss] = _of_people(NearMiss.objects.filter(run_id=result.run_id, vacancy_id=vacancy.pk), user)
    return pairs


def count_candidates(vacancies: Iterable[Vacancy], user: AnyUser) -> dict[int, Shown]:
    """How many candidates each vacancy shows now, by its id; those without any are left out. One query."""
    pairs = Match.objects.current().filter(vacancy_id__in=[vacancy.pk for vacancy in vacancies])
    return _count(_of_people(pairs, user), "vacancy_id")


def count_vacancies(seekers: Iterable[JobSeeker], user: AnyUser) -> dict[int, Shown]:
    """How many vacancies each jobseeker shows now, by the id; those without any are left out. One query.

    Whoever is not in matching today has none, whatever the night has stored.
    """
    asked = JobSeeker.objects.filter(pk__in=[seeker.pk for seeker in seekers]).matchable(timezone.localdate())
    pairs = Match.objects.current().filter(seeker_id__in=asked.order_by().values("pk"))
    return _count(_of_vacancies(pairs, user), "seeker_id")


def most(result: MatchResult, owner: Owner) -> int:
    """How many pairs a list shows at most: as many as the run kept for each owner."""
    return int(result.rules.weights[_MOST[owner]])


def candidates_elsewhere(vacancy: Vacancy, result: MatchResult, user: AnyUser) -> bool:
    """Whether jobseekers of other areas are among those kept for the vacancy."""
    kept = Match.objects.filter(run_id=result.run_id, vacancy_id=vacancy.pk).among_best_of_vacancy()
    return bool(kept.filter(seeker_id__in=people_of_other_areas(user).values("pk")).exists())


def near_misses_elsewhere(vacancy: Vacancy, result: MatchResult, user: AnyUser) -> bool:
    """Whether jobseekers of other areas are among the near misses kept for the vacancy."""
    kept = NearMiss.objects.filter(run_id=result.run_id, vacancy_id=vacancy.pk)
    return bool(kept.filter(seeker_id__in=people_of_other_areas(user).values("pk")).exists())


def vacancies_elsewhere(seeker: JobSeeker, result: MatchResult, user: AnyUser) -> bool:
    """Whether vacancies of other areas are among those kept for the jobseeker."""
    kept = Match.objects.filter(run_id=result.run_id, seeker_id=seeker.pk).among_best_of_seeker()
    there = Vacancy.objects.filter(pk=OuterRef("vacancy_id"))
    return bool(kept.filter(Exists(there), ~Exists(there.visible_to(user))).exists())


def _of_people(pairs: Any, user: AnyUser) -> Any:
    """The pairs with people whom lists may show to the person, best first."""
    return pairs.best_first().filter(seeker_id__in=people_shown_to(user).order_by().values("pk"))


def _of_vacancies(pairs: Any, user: AnyUser) -> Any:
    """The pairs with vacancies that the person sees, best first."""
    return pairs.best_first().filter(vacancy_id__in=Vacancy.objects.visible_to(user).order_by().values("pk"))


def _count(pairs: Any, owner: Owner) -> dict[int, Shown]:
    """The lists as `best_first` cuts them, for many owners at once."""
    order = [F("score").desc(), F("seeker_id").asc(), F("vacancy_id").asc()]
    ranked = pairs.annotate(place=Window(RowNumber(), partition_by=[F(owner)], order_by=order))
    kept = Cast(KeyTextTransform(_MOST[owner], "rules__weights"), IntegerField())
    at_most = Subquery(MatchResult.objects.filter(current=True).values(kept=kept)[:1])
    rows = list(ranked.filter(place__lte=at_most).order_by().values_list(owner, "flags"))
    new = Counter(pk for pk, flags in rows if flags & IS_NEW)
    return {pk: Shown(n, new[pk]) for pk, n in Counter(pk for pk, _flags in rows).items()}
