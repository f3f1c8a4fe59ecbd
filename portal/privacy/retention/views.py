"""Pages about retention: classes with their times, how a time is changed, dry runs and proofs. No person is shown."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.fields import Kept
from portal.privacy.retention import overview
from portal.privacy.retention.classes import (
    NoTimeInForce,
    NotPossible,
    approve,
    in_force,
    kept_of,
    propose,
    reject,
    withdraw,
)
from portal.privacy.retention.forms import DayForm, DecisionForm, ProposalForm
from portal.privacy.retention.models import (
    ProposalState,
    RetentionClass,
    RetentionLine,
    RetentionProposal,
    RetentionReport,
)
from portal.privacy.retention.night import dry_run
from portal.privacy.retention.rules import RELEASED_BY, Block, rules

PER_PAGE: Final = 25


# --- Classes -------------------------------------------------------------------------------------------------------
@permission_required(Permission.RETENTION_VIEW)
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Every retention class: how long, on which ground, what it covers, how much is due."""
    lines = overview.class_lines(timezone.localdate())
    return render(
        request,
        "retention/classes.html",
        {
            "lines": lines,
            "ahead": overview.AHEAD[1:],
            "blocks": [(Block(code).label, words) for code, words in RELEASED_BY.items()],
            "now": timezone.now(),
        },
    )


@permission_required(Permission.RETENTION_VIEW)
@require_safe
def class_page(request: HttpRequest, code: str) -> HttpResponse:
    """One class: its times from the first on, proposals, and each field that it covers."""
    kept = _kept(code)
    rows = RetentionClass.objects.filter(code=code).select_related("proposed_by", "approved_by").order_by("-valid_from")
    proposals = RetentionProposal.objects.filter(code=code).select_related("proposed_by", "decided_by")
    day = timezone.localdate()
    return render(
        request,
        "retention/class.html",
        {
            "kept": kept,
            "rows": rows,
            "row": next((row for row in rows if row.valid_from <= day <= (row.valid_to or day)), None),
            "proposals": proposals,
            "open_proposal": next((one for one in proposals if one.state == ProposalState.OPEN), None),
            "covered": overview.covered_by(kept),
            "rules": [rule for rule in rules() if rule.kept is kept],
            "may_propose": may(request.user, Permission.RETENTION_PROPOSE),
        },
    )


@permission_required(Permission.RETENTION_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_time(request: HttpRequest, code: str) -> HttpResponse:
    """Propose another time for a class."""
    kept = _kept(code)
    try:
        row = in_force(kept, timezone.localdate())
    except NoTimeInForce as none:
        raise Http404 from none
    first = {"months": row.months, "notice_days": row.notice_days, "source": row.source}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            proposal = propose(code, form.new_time(), _user(request))
        except NotPossible as impossible:
            form.add_error(None, str(impossible))
        else:
            messages.success(request, _("The proposal waits for a manager's decision."))
            return redirect("retention:proposal", proposal.pk)
    return render(request, "retention/propose.html", {"kept": kept, "row": row, "form": form})


@permission_required(Permission.RETENTION_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposed time with its effect; a manager decides on it here."""
    proposal = get_object_or_404(RetentionProposal.objects.select_related("proposed_by", "decided_by"), pk=pk)
    may_decide = may(request.user, Permission.RETENTION_APPROVE) and proposal.proposed_by_id != request.user.pk
    if request.method == "POST" and not may_decide:
        messages.error(request, _("Somebody else with the right to decide does it."))
        return redirect("retention:proposal", pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _decided(request, proposal, form)
    kept = _kept(proposal.code)
    day = timezone.localdate()
    is_open = proposal.state == ProposalState.OPEN
    return render(
        request,
        "retention/proposal.html",
        {
            "proposal": proposal,
            "kept": kept,
            "row": RetentionClass.objects.active(day).filter(code=proposal.code).first(),
            "is_open": is_open,
            "effect": _effect(kept, proposal) if is_open else [],
            "form": form,
            "may_decide": may_decide and is_open,
            "may_withdraw": is_open and proposal.proposed_by_id == request.user.pk,
        },
    )


@permission_required(Permission.RETENTION_PROPOSE)
@require_POST
def withdraw_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    proposal = get_object_or_404(RetentionProposal, pk=pk)
    _try(request, lambda: withdraw(pk, _user(request)), _("The proposal was withdrawn."))
    return redirect("retention:class", proposal.code)


def _decided(request: HttpRequest, proposal: RetentionProposal, form: DecisionForm) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "approve":
        done = _("The time was changed. What is due is deleted by the new time from its first day on.")
        _try(request, lambda: approve(proposal.pk, _user(request), reason), done)
    else:
        _try(request, lambda: reject(proposal.pk, _user(request), reason), _("The proposal was rejected."))
    return redirect("retention:class", proposal.code)


def _effect(kept: Kept, proposal: RetentionProposal) -> list[tuple[str, int, int]]:
    """Per rule of the class: its words, how much is due on the proposal's day by the present and by the new time."""
    day = proposal.valid_from
    now = overview.due_under(kept, in_force(kept, day).months, day)
    then = overview.due_under(kept, proposal.months, day)
    return [(label, now[label], then[label]) for label in now]


# --- Dry runs and proofs -------------------------------------------------------------------------------------------
@permission_required(Permission.RETENTION_VIEW)
@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """What a run of a day would do. Nothing is written."""
    form = DayForm(request.GET or None)
    day = form.chosen()
    planned = dry_run(day)
    return render(
        request,
        "retention/trial.html",
        {
            "form": form,
            "day": day,
            "lines": [
                (line, [(block.label, RELEASED_BY[block], count) for block, count in sorted(line.blocked.items())])
                for line in planned.lines
            ],
            "not_followed": planned.not_followed,
            "total": sum(line.deleted for line in planned.lines),
            "now": timezone.now(),
        },
    )


@permission_required(Permission.RETENTION_VIEW)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The proofs of all runs, latest first."""
    found = RetentionReport.objects.select_related("started_by").prefetch_related("lines")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "retention/reports.html", {"page_obj": page})


@permission_required(Permission.RETENTION_VIEW)
@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof of one run, rule by rule."""
    report = get_object_or_404(RetentionReport.objects.select_related("started_by", "run"), pk=pk)
    labels = {rule.code: rule.label for rule in rules()}
    lines = [(line, labels.get(line.rule, line.rule), _blocked(line)) for line in report.lines.select_related("row")]
    return render(request, "retention/report.html", {"report": report, "lines": lines})


def _blocked(line: RetentionLine) -> list[tuple[str, int]]:
    known = dict(Block.choices)
    return [(str(known.get(code, code)), count) for code, count in line.blocked.items()]


# --- Common to these pages -----------------------------------------------------------------------------------------
def _kept(code: str) -> Kept:
    try:
        return kept_of(code)
    except KeyError:
        raise Http404 from None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the permission was asked for
    return request.user


def _try(request: HttpRequest, step: Callable[[], object], done: str) -> None:
    """Take a step and say that it is done, or why it was not possible."""
    try:
        step()
    except NotPossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(request, done)
