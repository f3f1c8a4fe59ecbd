"""Words about the events of the history."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils import timezone


@dataclass(frozen=True)
class Withheld:
    """What somebody may not learn of: labels of whole kinds of rows, and (label, column) of single fields."""

    kinds: frozenset[str] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()


NOTHING: Final = Withheld()


def mark_of(owner: models.Model) -> str:
    """How an object is named among the others of an event."""
    return f"{owner._meta.label_lower}:{owner.pk}"


class HistoryEventQuerySet(models.QuerySet[Any]):
    """Events of the history. Who may see them is decided with the object that they are about."""

    def about(self, owner: models.Model) -> "HistoryEventQuerySet":
        """All that happened to an object and to the rows that belong to it, or that name it beside their owner."""
        return self.filter(
            Q(owner_model=owner._meta.label_lower, owner_id=owner.pk) | Q(also__contains=[mark_of(owner)])
        )

    def without(self, withheld: Withheld) -> "HistoryEventQuerySet":
        """Leaves out kinds of rows, and changes of nothing but withheld columns."""
        found = self.exclude(model__in=withheld.kinds) if withheld.kinds else self
        for label in {label for label, _column in withheld.columns}:
            columns = [column for one, column in withheld.columns if one == label]
            # `after` holds the columns that have changed, and no others.
            found = found.exclude(
                Exact(_after_without(columns), Value({}, models.JSONField())), model=label, operation="U"
            )
        return found

    def owners(self, model: type[models.Model]) -> set[int]:
        """Numbers of the objects of a kind to which anything has happened."""
        found = self.filter(owner_model=model._meta.label_lower, owner_id__isnull=False)
        return set(found.order_by().values_list("owner_id", flat=True).distinct())

    def of_field(self, label: str, column: str = "") -> "HistoryEventQuerySet":
        """Events of one kind of row; with `column`, those in which it was given, changed or taken away."""
        of_model = self.filter(model=label)
        return of_model.filter(Q(before__has_key=column) | Q(after__has_key=column)) if column else of_model

    def between(self, first: date | None, last: date | None) -> "HistoryEventQuerySet":
        """Events of these days, both included."""
        found = self
        if first:
            found = found.filter(at__gte=_morning(first))
        return found.filter(at__lt=_morning(last + timedelta(days=1))) if last else found

    def newest_first(self) -> "HistoryEventQuerySet":
        """In the order in which they were written, the last one first."""
        return self.order_by("-pk")


def _after_without(columns: list[str]) -> Func:
    """What has changed beside some columns."""
    left_out = Cast(Value(columns, ArrayField(models.TextField())), ArrayField(models.TextField()))
    return Func(F("after"), left_out, template="(%(expressions)s)", arg_joiner=" - ", output_field=models.JSONField())


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
