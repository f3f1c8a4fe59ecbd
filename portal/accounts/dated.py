"""What holds from a first day to a last day, both included; no last day means until further notice."""

from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

RowT = TypeVar("RowT", bound=models.Model)


class DatedQuerySet(models.QuerySet[RowT]):
    """Words about rows with `valid_from` and `valid_to`."""

    def active(self, day: date) -> Self:
        """Those in force on `day` (first and last day included)."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def coming(self, day: date) -> Self:
        """Those that begin after `day`."""
        return self.filter(valid_from__gt=day)

    def not_over(self, day: date) -> Self:
        """Those in force on `day` or coming."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def days_of_row() -> Func:
    """The days of a row as a range of dates, for constraints that forbid overlaps."""
    return Func(
        "valid_from",
        "valid_to",
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    """The last day of a row is not before its first."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message=_("The last day must not be before the first day."),
    )
