"""Words about the access log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from portal.privacy.access.enums import ONE_PERSON, Action, AnomalyState


class EntryQuerySet(models.QuerySet[Any]):
    """Rows of the access log."""

    def of_subject(self, subject: int) -> "EntryQuerySet":
        """Rows about one person (by the GIN index)."""
        return self.filter(subjects__contains=[subject])

    def by_user(self, user_id: int) -> "EntryQuerySet":
        return self.filter(user_id=user_id)

    def between(self, start: datetime | None, end: datetime | None) -> "EntryQuerySet":
        """Rows from `start` on and before `end` (aware); None leaves that side open. Prunes months."""
        found = self.filter(at__gte=start) if start else self.all()
        return found.filter(at__lt=end) if end else found

    def doing(self, actions: Iterable[Action | str]) -> "EntryQuerySet":
        return self.filter(action__in=list(actions))

    def opened(self) -> "EntryQuerySet":
        """Rows that opened the data of one person."""
        return self.doing(sorted(ONE_PERSON))

    def refused(self) -> "EntryQuerySet":
        """Rows in which nothing was shown: the user was refused."""
        return self.doing([Action.DENIED])

    def not_refused(self) -> "EntryQuerySet":
        return self.exclude(action=Action.DENIED)

    def latest_first(self) -> "EntryQuerySet":
        return self.order_by("-at", "-id")


class ReasonQuerySet(models.QuerySet[Any]):
    """Reasons given."""

    def in_force(self, user_id: int, subject: int, now: datetime) -> "ReasonQuerySet":
        """Reasons that open the page of `subject` to a user at `now`, latest first."""
        return self.filter(user_id=user_id, subject=subject, valid_until__gt=now).order_by("-at", "-pk")


class AnomalyQuerySet(models.QuerySet[Any]):
    """Anomalies."""

    def new(self) -> "AnomalyQuerySet":
        return self.filter(state=AnomalyState.NEW)
