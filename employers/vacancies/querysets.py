"""Words about vacancies."""

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from employers.companies.models import Employer
from employers.enums import VacancyState
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission


class VacancyQuerySet(models.QuerySet[Any]):
    """Vacancies."""

    def open(self, day: date) -> "VacancyQuerySet":
        """Published, and still taking applications on `day`."""
        morning = timezone.make_aware(datetime.combine(day, time.min))
        return self.filter(Q(apply_until__isnull=True) | Q(apply_until__gte=morning), state=VacancyState.PUBLISHED)

    def visible_to(self, user: AnyUser) -> "VacancyQuerySet":
        """Vacancies of the areas in which the person works with vacancies, and of the employers the person acts for."""
        if not user.is_authenticated:
            return self.none()
        own = Employer.objects.acted_for_by(user, timezone.localdate()).values("pk")
        return self.filter(Q(area__in=areas_where(user, Permission.VACANCIES_VIEW)) | Q(employer__in=own))

    def for_list(self) -> "VacancyQuerySet":
        """All that one list shows, in a stable order: last day to apply first, those without one last."""
        return (
            self.select_related("employer", "area")
            .prefetch_related("municipalities", "occupations")
            .order_by(models.F("apply_until").asc(nulls_last=True), "pk")
        )

    def for_page(self) -> "VacancyQuerySet":
        """All that the vacancy's own page shows."""
        from employers.vacancies.models import VacancyLanguage, VacancySkill

        return self.select_related("employer", "area", "education_level").prefetch_related(
            "municipalities",
            "occupations",
            "licences",
            "cards",
            Prefetch("required_skills", VacancySkill.objects.select_related("skill")),
            Prefetch("required_languages", VacancyLanguage.objects.select_related("language")),
        )
