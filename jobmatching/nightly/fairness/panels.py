"""What a run of the figures of equal treatment did, for the page of runs (PAGE_PANELS)."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobmatching.nightly.fairness.enums import JOB
from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.runs.models import JobRun, RunState
from portal.ui import formats
from portal.ui.parts import Fact

COUNTS: Final[dict[str, Promise]] = {
    "people": _("Jobseekers counted"),
    "vacancies": _("Vacancies"),
    "figures": _("Figures"),
    "hidden": _("Figures not shown, since they would be about few people"),
    "flags": _("Figures below four fifths of the highest"),
}

STEPS: Final[dict[str, Promise]] = {
    "people": _("Put people into groups"),
    "places": _("Read the places in lists"),
    "figures": _("Calculate the figures"),
    "store": _("Store the figures"),
}


def result_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """How many figures there are, or why there are none; the way to them for those who may see them."""
    if run.job != JOB or run.state != RunState.SUCCEEDED:
        return None
    return "nightly/fairness/run_result.html", {
        "counts": [
            Fact(str(label), formats.number(run.counts[name])) for name, label in COUNTS.items() if name in run.counts
        ],
        "seconds": [
            Fact(str(label), formats.seconds_span(run.seconds[name]))
            for name, label in STEPS.items()
            if name in run.seconds
        ],
        "already": "already" in run.counts,
        "may_see": may(request.user, Permission.FAIRNESS_VIEW),
    }
