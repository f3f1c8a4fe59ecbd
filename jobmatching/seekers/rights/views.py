"""The tab "Data protection" of a jobseeker's page, and the steps from it: requests, restriction, holds, erasure."""

from collections.abc import Callable
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.heads import head_of, seeker_or_404
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import reason_required
from jobmatching.seekers.retention import JOBSEEKERS
from jobmatching.seekers.rights import forms, services
from jobmatching.seekers.rights.enums import RequestKind, RequestState
from jobmatching.seekers.rights.erasure import erase_on_request, keeps_in_spite_of
from jobmatching.seekers.rights.keeping import keeping_of, keeps
from jobmatching.seekers.rights.models import Restriction, SubjectExport, SubjectRequest
from portal.accounts.models import User
from portal.accounts.permissions import areas_where, may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.retention import holds
from portal.privacy.retention.erasing import NotErased
from portal.privacy.retention.models import HoldKind, RetentionHold

HERE: Final = "seekers:rights"


# --- The tab -------------------------------------------------------------------------------------------------------
@permission_required(Permission.SUBJECT_REQUESTS)
@require_safe
@reason_required()
def tab(request: HttpRequest, pk: int) -> HttpResponse:
    """Requests of the person, restriction, how long the data is kept and what keeps it, documents made."""
    seeker = seeker_or_404(request, pk)
    today = timezone.localdate()
    return render(
        request,
        "rights/tab.html",
        {
            **head_of(request, seeker, HERE),
            "requests": seeker.requests.select_related("handler", "decided_by").order_by("-received_on", "-pk"),
            "restriction": services.restriction_of(pk),
            "restrictions": Restriction.objects.filter(seeker=pk, lifted_at__isnull=False).select_related("lifted_by"),
            "keeping": keeping_of(seeker, today),
            "exports": SubjectExport.objects.without_content().filter(seeker=pk).select_related("made_by"),
            "today": today,
            "may_decide": _may_decide(request, seeker),
            "may_export": may(request.user, Permission.SUBJECT_EXPORT),
        },
    )


# --- Requests ------------------------------------------------------------------------------------------------------
@permission_required(Permission.SUBJECT_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a request of the person."""
    seeker = seeker_or_404(request, pk)
    form = forms.RequestForm(_posted(request), initial={"received_on": timezone.localdate()})
    if form.is_valid():
        made = _tried(form, lambda: services.record_request(pk, form.received(), _user(request)))
        if made is not None:
            messages.success(request, _("The request was noted. You handle it."))
            return redirect("seekers:request", pk, made.pk)
    return render(request, "rights/request_new.html", {"seeker": seeker, "form": form})


_STEPS: Final = ("take", "extend", "decide", "told", "withdraw")


@permission_required(Permission.SUBJECT_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def request_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One request: how it came, until when it is answered, and the steps that are open to the person who looks."""
    seeker = seeker_or_404(request, pk)
    wanted = _request(pk, number)
    may_decide = _may_decide(request, seeker)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    steps = _forms_of(request, wanted, step, may_decide)
    if step == "decide" and not may_decide:
        raise PermissionDenied
    if step and step not in steps:
        messages.error(request, _("The request has been decided already."))
        return redirect("seekers:request", pk, number)
    if step and _taken(request, steps[step], wanted, step):
        return redirect("seekers:request", pk, number)
    found = keeps_in_spite_of(wanted) if wanted.kind == RequestKind.ERASURE else set()
    return render(
        request,
        "rights/request.html",
        {
            "seeker": seeker,
            "wanted": wanted,
            "steps": steps,
            "form": steps.get(step),
            "opened": step,
            "may_decide": may_decide,
            "may_import": may(request.user, Permission.SEEKERS_IMPORT),
            "is_erasure": wanted.kind == RequestKind.ERASURE,
            "keeps": keeps(found),
            "keeping": keeping_of(seeker, timezone.localdate()) if wanted.kind == RequestKind.ERASURE else None,
            "restriction": services.restriction_of(pk),
            "today": timezone.localdate(),
        },
    )


def _forms_of(
    request: HttpRequest, wanted: SubjectRequest, step: str, may_decide: bool
) -> dict[str, django_forms.Form]:
    """The forms of the steps that the request's state allows; the posted one is bound."""

    def bound(name: str) -> Any:
        return request.POST if name == step else None

    if not wanted.is_open:
        if wanted.told_on is None and wanted.state != RequestState.WITHDRAWN:
            return {"told": forms.ToldForm(bound("told"), auto_id="told_%s")}
        return {}
    found: dict[str, django_forms.Form] = {}
    if may_decide:
        kind = RequestKind(wanted.kind)
        found["decide"] = forms.DecideForm(bound("decide"), kind=kind, auto_id="decide_%s")
    if wanted.extended_on is None and timezone.localdate() <= wanted.due_on:
        found["extend"] = forms.ExtendForm(bound("extend"), auto_id="extend_%s")
    if wanted.handler_id != request.user.pk:
        found["take"] = django_forms.Form(bound("take"))
    found["withdraw"] = forms.WithdrawForm(bound("withdraw"), auto_id="withdraw_%s")
    return found


def _taken(request: HttpRequest, form: django_forms.Form, wanted: SubjectRequest, step: str) -> bool:
    """Take a step with its form; tells whether it was taken."""
    if not form.is_valid():
        return False
    user = _user(request)
    values = form.cleaned_data
    doing: dict[str, tuple[Callable[[], object], str]] = {
        "take": (lambda: services.take_over(wanted.pk, user), _("You handle the request now.")),
        "extend": (
            lambda: services.extend(wanted.pk, values["reason"], user),
            _("Two more months were taken. Tell the person, with the reason."),
        ),
        "decide": (
            lambda: services.decide(wanted.pk, form.decision(), user),  # type: ignore[attr-defined]
            _("The decision was noted."),
        ),
        "told": (lambda: services.note_told(wanted.pk, values["told_on"]), _("The day was noted.")),
        "withdraw": (
            lambda: services.withdraw(wanted.pk, values["note"], user),
            _("It was noted that the person took the request back."),
        ),
    }
    work, done = doing[step]
    if _tried(form, work) is None:
        return False
    messages.success(request, done)
    return True


# --- Erasure -------------------------------------------------------------------------------------------------------
@permission_required(Permission.SUBJECT_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def erasure(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Erase the person on a request, where nothing asks to keep the data. It cannot be undone."""
    seeker = seeker_or_404(request, pk)
    if not _may_decide(request, seeker):
        raise PermissionDenied
    wanted = _request(pk, number)
    if wanted.kind != RequestKind.ERASURE or not wanted.is_open:
        raise Http404
    if keeps_in_spite_of(wanted):
        messages.error(request, _("Something keeps the data. See what it is, and decide the request."))
        return redirect("seekers:request", pk, number)
    form = forms.EraseForm(_posted(request))
    if form.is_valid():
        try:
            erase_on_request(wanted.pk, _user(request))
        except NotErased as why:
            form.add_error(None, _("The data was not erased: %(why)s") % {"why": why})
        else:
            messages.success(request, _("The data was erased. The proof is kept without a name."))
            return redirect("seekers:list")
    return render(request, "rights/erase.html", {"seeker": seeker, "wanted": wanted, "form": form})


# --- Restriction of processing -------------------------------------------------------------------------------------
@permission_required(Permission.SUBJECT_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Restrict the processing of the person's data."""
    seeker = _to_decide(request, pk)
    if services.restriction_of(pk) is not None:
        messages.info(request, _("The processing is restricted already."))
        return redirect(HERE, pk)
    open_requests = SubjectRequest.objects.open().filter(seeker=pk)
    form = forms.RestrictForm(_posted(request))
    if form.is_valid():
        values = form.cleaned_data
        about = open_requests.filter(kind=RequestKind.RESTRICTION).first() or open_requests.first()
        if _tried(form, lambda: services.restrict(pk, values["ground"], values["reason"], _user(request), about)):
            messages.success(request, _("The processing is restricted: no matching, no lists. The data is kept."))
            return redirect(HERE, pk)
    return render(request, "rights/restrict.html", {"seeker": seeker, "form": form})


@permission_required(Permission.SUBJECT_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift the restriction; the person has been told before."""
    seeker = _to_decide(request, pk)
    restriction = services.restriction_of(pk)
    if restriction is None:
        messages.info(request, _("The processing is not restricted."))
        return redirect(HERE, pk)
    form = forms.LiftForm(_posted(request))
    if form.is_valid():
        values = form.cleaned_data
        if _tried(form, lambda: services.lift(restriction.pk, values["reason"], values["told_on"], _user(request))):
            messages.success(request, _lifted(seeker))
            return redirect(HERE, pk)
    return render(request, "rights/lift.html", {"seeker": seeker, "restriction": restriction, "form": form})


def _lifted(seeker: JobSeeker) -> str:
    """What follows when a restriction is lifted, as the person stands then."""
    if seeker.matching_paused_at is not None:
        return _("The restriction was lifted. Matching stays paused.")
    if not JobSeeker.objects.filter(pk=seeker.pk).matchable(timezone.localdate()).exists():
        return _(
            "The restriction was lifted. The person is matched again when the search is open and no full-time service "
            "goes on."
        )
    return _("The restriction was lifted. The next night takes the person into matching.")


# --- Holds on deletion ---------------------------------------------------------------------------------------------
@permission_required(Permission.SUBJECT_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the data beyond its time, for a reason."""
    seeker = seeker_or_404(request, pk)
    form = forms.HoldForm(_posted(request), may_decide=_may_decide(request, seeker))
    if form.is_valid():
        values = form.cleaned_data

        def set_hold() -> RetentionHold:
            kind = HoldKind(values["kind"])
            return holds.hold(JOBSEEKERS.code, pk, kind, values["reason"], values["review_on"], _user(request))

        if _tried(form, set_hold):
            messages.success(request, _("The data is kept until the hold is released."))
            return redirect(HERE, pk)
    return render(request, "rights/keep.html", {"seeker": seeker, "form": form})


@permission_required(Permission.SUBJECT_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def release(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Release a hold: the data goes when its time comes."""
    seeker = seeker_or_404(request, pk)
    found = get_object_or_404(RetentionHold, rule=JOBSEEKERS.code, object_id=pk, pk=number)
    if found.kind == HoldKind.LEGAL_HOLD and not _may_decide(request, seeker):
        raise PermissionDenied
    if found.released_at is not None:
        messages.info(request, _("The hold has been released already."))
        return redirect(HERE, pk)
    form = forms.ReleaseForm(_posted(request))
    if form.is_valid() and _tried(form, lambda: holds.release(found.pk, form.cleaned_data["reason"], _user(request))):
        messages.success(request, _("The hold was released."))
        return redirect(HERE, pk)
    return render(request, "rights/release.html", {"seeker": seeker, "hold": found, "form": form})


# --- Common to these pages -----------------------------------------------------------------------------------------
def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the permission was asked for
    return request.user


def _request(pk: int, number: int) -> SubjectRequest:
    """A request of this very person; 404 for one of somebody else."""
    rows = SubjectRequest.objects.select_related("handler", "recorded_by", "decided_by")
    found: SubjectRequest = get_object_or_404(rows, seeker=pk, pk=number)
    return found


def _may_decide(request: HttpRequest, seeker: JobSeeker) -> bool:
    """Whether the person decides on requests in the jobseeker's own area."""
    return seeker.area_id in areas_where(request.user, Permission.SUBJECT_DECIDE)


def _to_decide(request: HttpRequest, pk: int) -> JobSeeker:
    seeker = seeker_or_404(request, pk)
    if not _may_decide(request, seeker):
        raise PermissionDenied
    return seeker


def _tried(form: django_forms.Form, work: Callable[[], Any]) -> Any:
    """What the step made; None where it was not possible, which the form then says."""
    try:
        return work()
    except (NotPossible, holds.NotPossible) as impossible:
        form.add_error(None, str(impossible))
        return None
