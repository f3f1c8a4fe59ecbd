"""How old runs of nightly jobs go, with who started and stopped them."""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Kept
from portal.privacy.retention.own import Named, NamesInRows
from portal.privacy.retention.rules import BulkRule, Removed
from portal.runs.models import JobRun, JobStop


class OldRuns(BulkRule):
    """Runs that nobody has to answer for any more. One whose result is still kept loses only who started it."""

    code = "old_runs"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Runs of nightly jobs")
    covers = frozenset({"runs.JobRun"})

    def find(self, before: date) -> Removed:
        return Removed(len(self._old(before)))

    def remove(self, before: date) -> Removed:
        gone = []
        for run in self._old(before):
            try:
                with transaction.atomic():
                    run.delete()
            except ProtectedError:
                if run.started_by_id is None:
                    continue
                JobRun.objects.filter(pk=run.pk).update(started_by=None)
            gone.append(str(run.pk))
        return Removed(len(gone), tuple(gone))

    @staticmethod
    def _old(before: date) -> list[JobRun]:
        ended = JobRun.objects.filter(for_date__lt=before).exclude(pk__in=JobRun.objects.active().values("pk"))
        return list(ended.order_by("pk"))


class NamesInStops(NamesInRows):
    """Who stopped a job and who let it go on."""

    code = "names_in_stops"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Names in stops of nightly jobs")
    covers = frozenset({"runs.JobStop"})


OLD_RUNS: Final = OldRuns()
NAMES_IN_STOPS: Final = NamesInStops(Named(JobStop, "since", ("stopped_by", "lifted_by")))
