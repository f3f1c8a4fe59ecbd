"""Words about the events of the history."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


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


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
