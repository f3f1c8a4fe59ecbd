"""Words about the access log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Q

from portal.privacy.access.enums import ONE_PERSON, Action, AnomalyState, Purpose

INQUIRY_DAYS: Final = 90
"""So long after an auditor's look nobody outside audit is told of it."""
OF_AUDIT: Final = Q(purpose=Purpose.AUDIT) | Q(view__startswith="audit:")
"""What auditors did, the reasons that they gave included."""


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

    def told_outside_audit(self, subject: int, now: datetime) -> "EntryQuerySet":
        """Rows about a person without those of an inquiry that may be going on: whom it is about could read them.

        An inquiry counts as going on while an anomaly that names the person is not explained, and for INQUIRY_DAYS
        after an auditor has looked.
        """
        from portal.privacy.access.models import AccessAnomaly

        if AccessAnomaly.objects.filter(subjects__contains=[subject]).exclude(state=AnomalyState.EXPLAINED).exists():
            return self.exclude(OF_AUDIT)
        return self.exclude(OF_AUDIT, at__gt=now - timedelta(days=INQUIRY_DAYS))

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
