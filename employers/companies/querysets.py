"""Words about employers."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission


class EmployerQuerySet(models.QuerySet[Any]):
    """Employers."""

    def acted_for_by(self, user: AnyUser, day: date) -> "EmployerQuerySet":
        """Employers that the person acts for on `day`."""
        if not user.is_authenticated:
            return self.none()
        in_force = Q(memberships__valid_to__isnull=True) | Q(memberships__valid_to__gte=day)
        return self.filter(in_force, memberships__user=user, memberships__valid_from__lte=day)

    def visible_to(self, user: AnyUser) -> "EmployerQuerySet":
        """Employers served by an area in which the person works with vacancies."""
        return self.filter(area__in=areas_where(user, Permission.VACANCIES_VIEW))
