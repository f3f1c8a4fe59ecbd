"""What retention brings to the pages of runs (PAGE_PANELS)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.privacy.retention.models import RetentionReport
from portal.privacy.retention.night import JOB
from portal.privacy.retention.rules import Block, rules
from portal.runs.models import JobRun, RunState
from portal.ui.parts import Step


def result_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """What a run of retention did, rule by rule, with the way to its proof for those who may see it."""
    if run.job != JOB:
        return None
    report = RetentionReport.objects.filter(run=run).first()
    labels = {rule.code: rule.label for rule in rules()}
    blocks = dict(Block.choices)
    lines = report.lines.select_related("row") if report else []
    return "retention/run_result.html", {
        "report": report,
        "lines": [
            (
                line,
                labels.get(line.rule, line.rule),
                [(blocks.get(code, code), count) for code, count in line.blocked.items()],
            )
            for line in lines
        ],
        "may_view": may(request.user, Permission.RETENTION_VIEW),
        "not_followed": run.counts.get("not_followed", {}),
    }


def steps_of_run(request: HttpRequest, run: JobRun) -> tuple[str, dict[str, Any]] | None:
    """The rules of a run of retention, as `steps`: followed, being followed, still to come."""
    if run.job != JOB:
        return None
    codes = [rule.code for rule in rules()]
    if run.state == RunState.SUCCEEDED:
        at = len(codes)
    else:
        at = codes.index(run.step) if run.step in codes else min(run.done, len(codes))
    steps = [
        Step(str(rule.label), done=place < at, current=place == at and run.is_active)
        for place, rule in enumerate(rules())
    ]
    return "ui/steps.html", {"steps": steps, "label": _("Steps of the run")}
