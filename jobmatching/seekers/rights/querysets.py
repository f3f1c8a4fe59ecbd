"""Words about requests, restrictions and documents."""

from datetime import date, datetime
from typing import Any

from django.db import models

from jobmatching.seekers.rights.enums import ExportState, RequestKind, RequestState
from portal.accounts.permissions import AnyUser


class RequestQuerySet(models.QuerySet[Any]):
    """Requests of people about their own data."""

    def open(self) -> "RequestQuerySet":
        return self.filter(state=RequestState.OPEN)

    def accepted_objections(self) -> "RequestQuerySet":
        """Objections to matching that were accepted, wholly or in part."""
        return self.filter(kind=RequestKind.OBJECTION, state__in=(RequestState.ACCEPTED, RequestState.PARTLY))

    def late(self, day: date) -> "RequestQuerySet":
        """Open ones whose last day has gone by."""
        return self.open().filter(due_on__lt=day)

    def visible_to(self, user: AnyUser) -> "RequestQuerySet":
        """Requests of the people whom somebody may see."""
        from jobmatching.seekers.models import JobSeeker

        return self.filter(seeker__in=JobSeeker.objects.visible_to(user).order_by().values("pk"))

    def for_list(self) -> "RequestQuerySet":
        """All that one list shows, the most urgent first."""
        return self.select_related("seeker", "handler").order_by("due_on", "received_on", "pk")


class RestrictionQuerySet(models.QuerySet[Any]):
    """Restrictions of processing."""

    def in_force(self) -> "RestrictionQuerySet":
        return self.filter(lifted_at__isnull=True)


class ExportQuerySet(models.QuerySet[Any]):
    """Documents of all data of a person."""

    def to_be_emptied(self, now: datetime) -> "ExportQuerySet":
        """Those whose content has had its days."""
        return self.filter(state=ExportState.READY, expires_at__lte=now)

    def without_content(self) -> "ExportQuerySet":
        """For lists: the content is large, and encrypted anyhow."""
        return self.defer("content")
