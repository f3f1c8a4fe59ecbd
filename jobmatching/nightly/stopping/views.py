"""The page of the stop switch: how it stands, what has been, stopping with a confirmation, and going on."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobmatching.nightly.enums import MATCHING
from jobmatching.nightly.stopping.forms import LiftForm, StopForm
from jobmatching.nightly.tasks import tell_of_stops
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.runs.models import JobRun, JobStop
from portal.runs.schedule import last_due, next_due
from portal.runs.stopping import AlreadyStopped, NotStopped, lift, stop, stop_in_force
from portal.ui.formats import moment

PER_PAGE: Final = 25


@permission_required(Permission.RUNS_VIEW)
@require_http_methods(["GET", "HEAD"])
def switch(request: HttpRequest) -> HttpResponse:
    """Whether matching is stopped, since when and why; the history of stops; the ways on for those who may."""
    stops = JobStop.objects.of(MATCHING).select_related("stopped_by", "lifted_by")
    page = Paginator(stops, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "nightly/stopping/switch.html",
        {
            "stop": stop_in_force(MATCHING),
            "page_obj": page,
            "now": timezone.now(),
            "next_due": next_due(timezone.now()),
            "may_stop": may(request.user, Permission.MATCHING_STOP),
        },
    )


@permission_required(Permission.MATCHING_STOP)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_matching(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, say what would happen, and stop when that is confirmed."""
    if stop_in_force(MATCHING):
        messages.info(request, _("Matching is stopped already."))
        return redirect("matching:switch")
    form = StopForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "nightly/stopping/stop.html", {"form": form})
    if "confirmed" not in request.POST:
        going_on = JobRun.objects.active().of(MATCHING).first()
        return render(request, "nightly/stopping/confirm.html", {"form": form, "going_on": going_on})
    if "change" in request.POST:
        return render(request, "nightly/stopping/stop.html", {"form": form})
    try:
        stop(MATCHING, _person(request), form.cleaned_data["reason"], until=form.until_moment, hide=form.hides)
    except AlreadyStopped:
        messages.info(request, _("Matching is stopped already."))
    else:
        _tell_soon()
        messages.success(
            request, _("Matching has been stopped. No run starts before the stop is lifted. Those concerned are told.")
        )
    return redirect("matching:switch")


@permission_required(Permission.MATCHING_STOP)
@require_http_methods(["GET", "HEAD", "POST"])
def lift_stop(request: HttpRequest) -> HttpResponse:
    """Show the stop that holds, ask why matching may go on, and let it go on."""
    held = stop_in_force(MATCHING)
    if held is None:
        messages.info(request, _("Matching is not stopped."))
        return redirect("matching:switch")
    form = LiftForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "nightly/stopping/lift.html", {"form": form, "stop": held})
    try:
        lift(MATCHING, _person(request), form.cleaned_data["reason"])
    except NotStopped:
        messages.info(request, _("Matching is not stopped."))
    else:
        _tell_soon()
        messages.success(request, _goes_on(held.since))
    return redirect("matching:switch")


def _goes_on(since: datetime) -> str:
    """What happens next: a night is made up for where one was missed since the stop began."""
    now = timezone.now()
    if last_due(now) >= since:
        return _("Matching goes on. The night that was missed is made up for within minutes. Those concerned are told.")
    return _("Matching goes on. The next run starts %(at)s. Those concerned are told.") % {"at": moment(next_due(now))}


def _tell_soon() -> None:
    """A worker writes the notices; the sweeper does, should the message be lost."""
    transaction.on_commit(tell_of_stops.delay, robust=True)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
