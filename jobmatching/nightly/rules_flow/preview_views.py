"""Starting a preview of a version, following it, and what it says."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow import preview_page
from jobmatching.nightly.rules_flow.differences import differences
from jobmatching.nightly.rules_flow.job import NothingToCompareWith, start
from jobmatching.nightly.rules_flow.models import RulesPreview
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.suppression import FEWEST
from portal.runs.models import JobRun, RunState
from portal.runs.services import RunGoingOn
from portal.runs.stopping import JobStopped
from portal.ui import formats
from portal.ui.by_itself import fetched_by_itself
from portal.ui.limits import Limit, spend
from portal.ui.parts import Progress, Step


@permission_required(Permission.RULES_VIEW)
@require_POST
def start_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a worker compute what a draft or proposal would change; lead to the preview, or say why there is none."""
    version = get_object_or_404(MatchingRules.objects.defer("content"), pk=pk)
    if not may_preview(request, version):
        messages.error(request, _("A preview is made of drafts and proposals, by those who draft or decide."))
        return redirect("matching:rules_version", pk)
    if isinstance(request.user, User):
        spend(Limit.PREVIEW, request.user.pk)
    try:
        made = start(version, request.user if isinstance(request.user, User) else None)
    except NothingToCompareWith:
        messages.error(request, _("There is nothing to compare with yet: no night has succeeded under rules in force."))
    except JobStopped:
        messages.error(request, _("Matching has been stopped, so no preview is made either. Lift the stop first."))
    except RunGoingOn as going_on:
        _say_going_on(request, going_on.run)
    else:
        return redirect("matching:rules_preview", made.pk)
    return redirect("matching:rules_version", pk)


def may_preview(request: HttpRequest, version: MatchingRules) -> bool:
    """Whether the person may have a preview of the version made."""
    allowed = may(request.user, Permission.RULES_DRAFT) or may(request.user, Permission.RULES_APPROVE)
    return allowed and version.state in (RulesState.DRAFT, RulesState.PROPOSED)


def _say_going_on(request: HttpRequest, run: JobRun) -> None:
    other = RulesPreview.objects.filter(run=run).first()
    url = reverse("matching:rules_preview", args=[other.pk]) if other else reverse("matching:rules")
    told = _("Another preview is being made: one at a time. Try again when it has ended.")
    messages.warning(request, format_html('{} <a href="{}">{}</a>', told, url, _("Follow it")))


@permission_required(Permission.RULES_VIEW)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A preview: its progress, why it failed, or what would change."""
    return render(request, "nightly/rules/preview.html", _shown(request, _preview(pk)))


@fetched_by_itself
@permission_required(Permission.RULES_VIEW)
@require_safe
def preview_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, fetched every two seconds; with the last one comes the result, to its place on the page."""
    return render(request, "nightly/rules/preview_progress.html", _shown(request, _preview(pk)))


def _preview(pk: int) -> RulesPreview:
    found = RulesPreview.objects.select_related("rules", "compared_with", "night", "run__started_by")
    made: RulesPreview = get_object_or_404(
        found.defer(*(f"{version}__{name}" for version in ("rules", "compared_with") for name in ("content",))), pk=pk
    )
    return made


def _shown(request: HttpRequest, made: RulesPreview) -> dict[str, object]:
    context: dict[str, object] = {
        "preview": made,
        "version": made.rules,
        "run": made.run,
        "progress": _progress(made),
        "facts": preview_page.facts(made),
        "may_preview": may_preview(request, made.rules),
        "outdated": made.digest != made.rules.digest,
    }
    if made.figures is None:
        return context
    asked = preview_page.Asked.of(request.GET)
    return context | {
        "key_figures": preview_page.key_figures(made.figures),
        "places": preview_page.places(made.figures),
        "everybody": preview_page.everybody(made.figures),
        "worsened": preview_page.worsened(made.figures),
        "rows": preview_page.rows(made.figures, asked),
        "asked": asked,
        "dimensions": asked.dimensions(),
        "measures": asked.measures(),
        "differences": differences(made.rules, made.compared_with),
        "fewest": FEWEST,
    }


def _progress(made: RulesPreview) -> Progress:
    run = made.run
    going_on = run.is_active
    if run.state == RunState.QUEUED:
        said = _("The preview waits for a worker.")
    elif going_on:
        said = _("Running for %(time)s.") % {"time": formats.seconds_span(run.duration_s)}
    else:
        said = _("The preview has ended.")
    matching = run.step == "match" or run.state == RunState.SUCCEEDED
    steps = [
        Step(_("Put people into groups"), done=matching, current=going_on and run.step == "people"),
        Step(
            _("Match by both versions"), done=run.state == RunState.SUCCEEDED, current=going_on and run.step == "match"
        ),
    ]
    return Progress(
        label=_("Progress of the preview"),
        steps=steps,
        percent=run.percent if run.total or not going_on else None,
        poll_url=reverse("matching:rules_preview_progress", args=[made.pk]) if going_on else "",
        page_url=reverse("matching:rules_preview", args=[made.pk]),
        said=said,
    )
