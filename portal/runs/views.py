"""The history of runs, one run and its live progress, and starting one by hand.

What a job did is told by the part that knows it: the slots "run.list" (ways from the list), "run.row", "run.page" and
"run.progress" of PAGE_PANELS.
"""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.runs.models import JobRun, RunState
from portal.runs.schedule import late_jobs, next_due
from portal.runs.services import RunGoingOn
from portal.runs.starting import JOB_NAMES, START_LABELS, day_to_run, jobs, may_start, start
from portal.runs.stopping import JobStopped, stops_in_force
from portal.ui import formats
from portal.ui.by_itself import fetched_by_itself
from portal.ui.panels import panels
from portal.ui.parts import Fact, Progress

PER_PAGE: Final = 25


@permission_required(Permission.RUNS_VIEW)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run, latest first; the alarm when a night is late; the button for those who may start."""
    now = timezone.now()
    runs = JobRun.objects.select_related("started_by").order_by("-created_at", "-pk")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    stopped = stops_in_force(jobs(), now)
    return render(
        request,
        "runs/list.html",
        {
            "page_obj": page,
            "row_panels": panels("run.row", request, list(page)),
            "panels": panels("run.list", request, None),
            "late": [(job, JOB_NAMES.get(job, job)) for job in late_jobs(jobs(), now)],
            "jobs": [
                (job, START_LABELS.get(job, job))
                for job in jobs()
                if job not in stopped and may_start(request.user, job)
            ],
            "stopped": [(JOB_NAMES.get(job, job), one) for job, one in stopped.items()],
            "may_start": may(request.user, Permission.RUNS_START),
            "day": day_to_run(now),
            "next_due": next_due(now),
        },
    )


@permission_required(Permission.RUNS_VIEW)
@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, what it did, what went wrong, with which rules and input."""
    run = _run(pk)
    return render(request, "runs/page.html", _shown(request, run))


@fetched_by_itself
@permission_required(Permission.RUNS_VIEW)
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, fetched every two seconds; with the last one comes the result, to its place on the page."""
    run = _run(pk)
    return render(request, "runs/progress.html", _shown(request, run))


@permission_required(Permission.RUNS_START)
@require_POST
def start_run(request: HttpRequest) -> HttpResponse:
    """Start a job of the night now; where one goes on already, lead there."""
    job = request.POST.get("job", "")
    if job not in jobs():
        raise Http404
    if not may_start(request.user, job):
        raise PermissionDenied
    try:
        run = start(job, timezone.now(), request.user if isinstance(request.user, User) else None)
    except JobStopped:
        messages.error(request, _("Nothing was started: the job has been stopped."))
        return redirect("runs:list") if may(request.user, Permission.RUNS_VIEW) else redirect("home")
    except RunGoingOn as going_on:
        run = going_on.run
        messages.warning(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _("A run is going on already: one run at a time."),
                reverse("runs:page", args=[run.pk]),
                _("Follow it"),
            ),
        )
    else:
        messages.success(request, _("The run was started."))
    return redirect("runs:page", run.pk) if may(request.user, Permission.RUNS_VIEW) else redirect("home")


def _run(pk: int) -> JobRun:
    run: JobRun = get_object_or_404(JobRun.objects.select_related("started_by"), pk=pk)
    return run


def _shown(request: HttpRequest, run: JobRun) -> dict[str, object]:
    return {
        "run": run,
        "job_name": JOB_NAMES.get(run.job, run.job),
        "progress": _progress(request, run),
        "panels": () if run.is_active else panels("run.page", request, run),
        "facts": _facts(run),
        "may_start": may_start(request.user, run.job),
        "day": day_to_run(timezone.now()),
    }


def _progress(request: HttpRequest, run: JobRun) -> Progress:
    """The bar; a panel of the slot "run.progress" gives the steps of the job."""
    steps = [step for panel in panels("run.progress", request, run) for step in panel.context["steps"]]
    page = reverse("runs:page", args=[run.pk])
    going_on = run.is_active
    if run.state == RunState.QUEUED:
        said = _("The run waits for a worker.")
    elif going_on:
        said = _("Running for %(time)s.") % {"time": formats.seconds_span(run.duration_s)}
    else:
        said = _("The run has ended.")
    return Progress(
        label=_("Progress of the run"),
        steps=steps,
        percent=run.percent if run.total or not going_on else None,
        poll_url=reverse("runs:progress", args=[run.pk]) if going_on else "",
        page_url=page,
        said=said,
    )


def _facts(run: JobRun) -> list[Fact]:
    """When, how long, by whom, with what."""
    facts = [
        Fact(_("For the day"), formats.weekday_year(run.for_date)),
        Fact(_("Attempt"), formats.number(run.attempt)),
        Fact(_("Started by"), str(run.started_by or _("the night's timetable"))),
        Fact(_("Started"), formats.moment(run.started_at)),
        Fact(_("Ended"), formats.moment(run.finished_at)),
        Fact(_("Duration"), formats.seconds_span(run.duration_s)),
        Fact(_("Rules"), run.rules_version or formats.NOTHING),
    ]
    hashes = ((_("Hash of the input"), run.input_hash), (_("Hash of the result"), run.result_hash))
    return facts + [Fact(label, digest) for label, digest in hashes if digest]
