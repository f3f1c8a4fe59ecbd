"""How long vacancies and employers are kept, and how they go."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, When
from django.db.models.functions import Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from employers.companies.models import Employer, Membership
from employers.enums import VacancyState
from employers.vacancies.models import Vacancy
from employers.vacancies.services import ENDED
from portal.privacy.fields import Kept
from portal.privacy.retention.rules import Block, Due, ObjectRule, Standing


class Vacancies(ObjectRule):
    """Vacancies that were closed or filled, whose time to apply is over, or that were never published.

    The time counts from the day on which the vacancy ended; of one that nobody has closed, from the last day to apply;
    of a draft, from its last change. A published vacancy without a last day to apply is kept until somebody closes it.
    """

    code = "vacancies"
    kept = Kept.WITH_VACANCY
    label = _("Vacancies")
    covers = frozenset({"employers.Vacancy", "employers.VacancyTransition"})

    def due(self, before: date) -> Iterator[Due]:
        found = _over(Vacancy.objects.all(), before).order_by("since", "pk")
        yield from (Due(pk, since) for pk, since in found.values_list("pk", "since"))

    def lock(self, pk: int, before: date) -> Standing:
        if not Vacancy.objects.filter(pk=pk).exists():
            return Standing.GONE
        if not list(Vacancy.objects.order_by().select_for_update(skip_locked=True).filter(pk=pk).values_list("pk")):
            return Standing.BUSY
        return Standing.DUE if _over(Vacancy.objects.filter(pk=pk), before).exists() else Standing.NOT_DUE

    def all_ids(self) -> Iterable[int]:
        return Vacancy.objects.order_by("pk").values_list("pk", flat=True)

    def delete(self, pk: int) -> None:
        Vacancy.objects.get(pk=pk).delete()


class Employers(ObjectRule):
    """Employers without vacancies whose details nobody has changed, and for whom nobody has acted, for long.

    The time counts from the last vacancy that ended, or from the last change of the employer's own details where that
    is later. While vacancies are kept, so is their employer.
    """

    code = "employers"
    kept = Kept.WITH_EMPLOYER
    label = _("Employers")
    covers = frozenset({"employers.Employer"})

    def due(self, before: date) -> Iterator[Due]:
        found = _left(Employer.objects.all(), before).order_by("since", "pk")
        yield from (Due(pk, since) for pk, since in found.values_list("pk", "since"))

    def lock(self, pk: int, before: date) -> Standing:
        if not Employer.objects.filter(pk=pk).exists():
            return Standing.GONE
        if not list(Employer.objects.order_by().select_for_update(skip_locked=True).filter(pk=pk).values_list("pk")):
            return Standing.BUSY
        return Standing.DUE if _left(Employer.objects.filter(pk=pk), before).exists() else Standing.NOT_DUE

    def all_ids(self) -> Iterable[int]:
        return Employer.objects.order_by("pk").values_list("pk", flat=True)

    def delete(self, pk: int) -> None:
        Employer.objects.get(pk=pk).delete()

    def blocks(self, pks: Collection[int]) -> Mapping[int, Collection[Block]]:
        kept = Vacancy.objects.filter(employer__in=pks).order_by().values_list("employer_id", flat=True).distinct()
        return {pk: {Block.HAS_VACANCIES} for pk in kept}


def _over(vacancies: models.QuerySet[Any], before: date) -> models.QuerySet[Any]:
    """Vacancies whose time was counted from a day before `before`; adds `since`."""
    unpublished = (VacancyState.DRAFT, VacancyState.SUBMITTED)
    told: models.QuerySet[Any] = vacancies.annotate(
        since=Case(
            When(state__in=sorted(ENDED), then=TruncDate("closed_at")),
            When(state__in=sorted(unpublished), then=TruncDate("updated_at")),
            default=TruncDate("apply_until"),
        )
    )
    over: models.QuerySet[Any] = told.filter(since__lt=before)
    return over


def _left(employers: models.QuerySet[Any], before: date) -> models.QuerySet[Any]:
    """Employers of whom nothing has happened since a day before `before`, and for whom nobody acts; adds `since`."""
    acting = Membership.objects.filter(employer=OuterRef("pk"), valid_to__isnull=True, user__is_active=True)
    told: models.QuerySet[Any] = employers.annotate(
        since=Greatest(TruncDate("updated_at"), TruncDate(Max("vacancies__closed_at")), Max("memberships__valid_to"))
    )
    left: models.QuerySet[Any] = told.filter(~Exists(acting), since__lt=before)
    return left


VACANCIES: Final = Vacancies()
EMPLOYERS: Final = Employers()
