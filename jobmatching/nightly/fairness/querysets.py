"""Words about reports of equal treatment."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from jobmatching.nightly.fairness.models import FairnessReport


class FairnessReportQuerySet(models.QuerySet[Any]):
    """Reports of equal treatment."""

    def latest_of_each_day(self) -> "FairnessReportQuerySet":
        """The last report of each day, newest day first: a day that was matched again has several."""
        return self.order_by("-for_date", "-run_id").distinct("for_date")

    def of_day(self, day: date | None) -> "FairnessReport | None":
        """The last report of a day; of the newest day unless one is given. None where there is none."""
        reports = self if day is None else self.filter(for_date=day)
        return reports.order_by("-for_date", "-run_id").first()
