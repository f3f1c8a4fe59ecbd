"""What the nightly check of the access log did, for the pages of runs (PAGE_PANELS)."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.privacy.access.night import JOB
from portal.runs.models import JobRun
from portal.ui import formats
from portal.ui.parts import Fact

_COUNTS: Final[dict[str, Promise]] = {
    "rows": _("Rows of the log"),
    "seals": _("Seals"),
    "unsealed": _("Rows without a seal yet"),
    "findings": _("Not as it was sealed"),
    "days": _("Days looked at"),
    "anomalies": _("New anomalies"),
    "months_made": _("Months made ahead"),
}


def result_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """What was checked and what was found."""
    if run.job != JOB:
        return None
    facts = [
        Fact(str(label), formats.number(run.counts[name])) for name, label in _COUNTS.items() if name in run.counts
    ]
    return "access/run_result.html", {"facts": facts, "seal": run.result_hash}
