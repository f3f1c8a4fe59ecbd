"""How what retention itself keeps goes: marks of deletions, and the names of people in its own decisions and proofs."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Kept
from portal.privacy.retention.models import (
    RetentionClass,
    RetentionProposal,
    RetentionReport,
    Tombstone,
)
from portal.privacy.retention.rules import BulkRule, Removed


class Tombstones(BulkRule):
    """Marks of deletions: of no use once no backup from before the deletion is kept."""

    code = "tombstones"
    kept = Kept.FOR_REPLAY
    label = _("Marks of deletions")
    covers = frozenset({"privacy.Tombstone"})

    def find(self, before: date) -> Removed:
        return Removed(Tombstone.objects.filter(deleted_on__lt=before).count())

    def remove(self, before: date) -> Removed:
        old = Tombstone.objects.filter(deleted_on__lt=before)
        marks = tuple(old.order_by("pk").values_list("mark", flat=True))
        old.delete()
        return Removed(len(marks), marks)


@dataclass(frozen=True)
class Named:
    """A model whose rows name people."""

    model: type[models.Model]
    dated: str
    """The field that tells from which day the time of a row counts."""
    fields: tuple[str, ...]
    """The fields that name people; they can be empty."""
    only: Q = field(default_factory=Q)
    """Which rows, where not all."""


class NamesInRows(BulkRule):
    """Rows stay for what they say; who decided or started something is taken out of them once its time is over."""

    def __init__(self, *people: Named) -> None:
        self._people = people

    def find(self, before: date) -> Removed:
        return Removed(sum(self._old(named, before).count() for named in self._people))

    def remove(self, before: date) -> Removed:
        keys: list[str] = []
        for named in self._people:
            pks = list(self._old(named, before).order_by("pk").values_list("pk", flat=True))
            keys += [f"{named.model._meta.label} {pk}" for pk in pks]
            named.model._default_manager.filter(pk__in=pks).update(**dict.fromkeys(named.fields))
        return Removed(len(keys), tuple(keys))

    @staticmethod
    def _old(named: Named, before: date) -> models.QuerySet[Any]:
        limit: date | datetime = before
        if isinstance(named.model._meta.get_field(named.dated), models.DateTimeField):
            limit = timezone.make_aware(datetime.combine(before, time.min))
        filled = Q()
        for name in named.fields:
            filled |= Q(**{f"{name}__isnull": False})
        return named.model._default_manager.filter(filled, named.only, **{f"{named.dated}__lt": limit})


class NamesInProofs(NamesInRows):
    """Who proposed, approved and started what retention did."""

    code = "names_in_proofs"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Names in decisions and proofs of retention")
    covers = frozenset({"privacy.RetentionClass", "privacy.RetentionProposal", "privacy.RetentionReport"})


TOMBSTONES: Final = Tombstones()
NAMES_IN_PROOFS: Final = NamesInProofs(
    # A time that is in force keeps its names, however old it is: it counts from the day on which it ended.
    Named(RetentionClass, "valid_to", ("proposed_by", "approved_by")),
    Named(RetentionProposal, "decided_at", ("proposed_by", "decided_by")),
    Named(RetentionReport, "finished_at", ("started_by",)),
)
