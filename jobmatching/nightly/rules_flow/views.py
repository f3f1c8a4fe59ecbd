"""Pages of the rules: all versions, one version beside another, writing a draft, and the decision on a proposal."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobmatching.engine.rules import Weights
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.measuring.words import measurements
from jobmatching.nightly.models import MatchingRules, MatchResult
from jobmatching.nightly.rules_flow import page
from jobmatching.nightly.rules_flow.forms import APPROVE, DecisionForm, DraftForm, ReasonForm
from jobmatching.nightly.rules_flow.models import RulesPreview
from jobmatching.nightly.rules_flow.services import (
    FourEyes,
    NothingChanges,
    NotPreviewed,
    NotYours,
    TooManySteps,
    approve,
    authors,
    change_draft,
    draft_from,
    previewed,
    propose,
    reject,
    take_back,
    withdraw,
)
from jobmatching.nightly.rules_flow.states import WrongState
from jobmatching.nightly.rules_versions import AlreadyInForce
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.runs.errors import Tellable
from portal.runs.schedule import next_due
from portal.ui import formats

PER_PAGE: Final = 20
ENDED: Final = (RulesState.RETIRED, RulesState.REJECTED, RulesState.WITHDRAWN)
NEWEST_PREVIEWS: Final = 5


@permission_required(Permission.RULES_VIEW)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """The version in force, what waits for a decision, drafts, and those that have ended, with filter and pages."""
    found = _versions().order_by("-created_at", "-pk")
    state = request.GET.get("tila", "")
    ended = found.filter(state__in=[state] if state in ENDED else ENDED)
    return render(
        request,
        "nightly/rules/list.html",
        {
            "present": found.filter(state=RulesState.IN_FORCE).first(),
            "proposed": found.filter(state=RulesState.PROPOSED),
            "drafts": found.filter(state=RulesState.DRAFT),
            "page_obj": Paginator(ended, PER_PAGE).get_page(request.GET.get("page")),
            "states": [(one.value, one.label) for one in ENDED],
            "state": state if state in ENDED else "",
            "may_draft": may(request.user, Permission.RULES_DRAFT),
            "next_due": next_due(timezone.now()),
        },
    )


@permission_required(Permission.RULES_VIEW)
@require_safe
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: every number beside another version's, conditions, what has happened, previews, ways on."""
    version = get_object_or_404(_versions(), pk=pk)
    others = list(MatchingRules.objects.defer("content", "requirements").exclude(pk=pk).order_by("-created_at", "-pk"))
    other = page.compared_with(version, others, request.GET.get("vertaa", ""))
    groups = page.line_groups(version, other)
    previews = RulesPreview.objects.filter(rules=version).select_related("run", "compared_with", "night")
    return render(
        request,
        "nightly/rules/version.html",
        {
            "version": version,
            "other": other,
            "others": others,
            "groups": groups,
            "changes": sum(group.changed for group in groups),
            "more_changes": page.other_changes(version, other),
            "conditions": page.conditions(version),
            "classification": page.classification_of(version),
            "events": page.events(version),
            "previews": previews[:NEWEST_PREVIEWS],
            "matched_by": MatchResult.objects.filter(rules=version).order_by("run_id").first(),
            "next_due": next_due(timezone.now()),
            "measured": measurements(version.version),
            **_ways(request, version),
        },
    )


def _ways(request: HttpRequest, version: MatchingRules) -> dict[str, object]:
    """What the person may do with the version now."""
    drafts, decides = may(request.user, Permission.RULES_DRAFT), may(request.user, Permission.RULES_APPROVE)
    own = version.drafted_by_id == request.user.pk
    is_draft, is_proposed = version.state == RulesState.DRAFT, version.state == RulesState.PROPOSED
    written_by = authors(version)
    seen = previewed(version) if is_draft or is_proposed else True
    return {
        "may_copy": drafts,
        "may_edit": drafts and is_draft and own,
        "may_propose": drafts and is_draft and (own or version.drafted_by_id is None),
        "may_withdraw": drafts and is_draft and own,
        "may_take_back": drafts and is_proposed and request.user.pk in written_by,
        "may_preview": (drafts or decides) and (is_draft or is_proposed),
        "may_decide": decides and is_proposed and request.user.pk not in written_by,
        "must_wait": is_proposed and decides and request.user.pk in written_by,
        "previewed": seen,
    }


# --- Writing -------------------------------------------------------------------------------------------------------
@permission_required(Permission.RULES_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft that begins as a version is: also how rules of earlier times come back."""
    base = get_object_or_404(_versions(), pk=pk)
    weights = Weights.from_json(base.weights)
    form = DraftForm(request.POST if request.method == "POST" else None, weights=weights)
    if form.is_valid():
        try:
            made = draft_from(base, form.weights(), form.cleaned_data["purpose"], _user(request))
        except TooManySteps as many:
            form.add_error("experience_steps", _too_many(many))
        else:
            messages.success(
                request, _("The draft was saved. See next what it would change, then send it for approval.")
            )
            return redirect("matching:rules_version", made.pk)
    return render(request, "nightly/rules/draft.html", {"form": form, "base": base})


@permission_required(Permission.RULES_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own draft."""
    version = get_object_or_404(_versions(), pk=pk)
    if version.state != RulesState.DRAFT or version.drafted_by_id != request.user.pk:
        messages.error(request, _("Only whoever has written a draft changes it, and only while it is a draft."))
        return redirect("matching:rules_version", pk)
    weights = Weights.from_json(version.weights)
    form = DraftForm(request.POST if request.method == "POST" else None, weights=weights, purpose=version.purpose)
    if form.is_valid():
        try:
            change_draft(pk, form.weights(), form.cleaned_data["purpose"], _user(request))
        except TooManySteps as many:
            form.add_error("experience_steps", _too_many(many))
        except (NotYours, WrongState) as refused:
            messages.error(request, _why(refused))
            return redirect("matching:rules_version", pk)
        else:
            messages.success(request, _("The draft was saved. If numbers were changed, make a new preview."))
            return redirect("matching:rules_version", pk)
    return render(request, "nightly/rules/draft.html", {"form": form, "version": version})


@permission_required(Permission.RULES_DRAFT)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft before those who approve."""
    done = _("The draft was sent for approval. Somebody else than you decides on it.")
    return _step(request, pk, lambda by: propose(pk, by), done)


@permission_required(Permission.RULES_DRAFT)
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back to go on writing."""
    return _step(request, pk, lambda by: take_back(pk, by), _("The proposal is a draft again."))


@permission_required(Permission.RULES_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one's own draft, with the reason."""
    version = get_object_or_404(_versions(), pk=pk)
    if version.state != RulesState.DRAFT or version.drafted_by_id != request.user.pk:
        messages.error(request, _("Only whoever has written a draft withdraws it, and only while it is a draft."))
        return redirect("matching:rules_version", pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _step(request, pk, lambda by: withdraw(pk, by, reason), _("The draft was withdrawn."))
    return render(request, "nightly/rules/withdraw.html", {"version": version, "form": form})


# --- Deciding ------------------------------------------------------------------------------------------------------
@permission_required(Permission.RULES_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject a proposal of somebody else, with the reason."""
    version = get_object_or_404(_versions(), pk=pk)
    if version.state != RulesState.PROPOSED:
        messages.error(request, _("This version does not wait for a decision."))
        return redirect("matching:rules_version", pk)
    if request.user.pk in authors(version):
        messages.error(request, _why(FourEyes()))
        return redirect("matching:rules_version", pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["decision"] == APPROVE:
            done = _("Version %(version)s is in force. The next night matches by it.") % {"version": version.version}
            return _step(request, pk, lambda by: approve(pk, by, reason), done)
        return _step(request, pk, lambda by: reject(pk, by, reason), _("The proposal was rejected."))
    present = MatchingRules.objects.filter(state=RulesState.IN_FORCE).defer("content").first()
    groups = page.line_groups(version, present)
    seen = RulesPreview.objects.filter(rules=version, digest=version.digest, figures__isnull=False)
    return render(
        request,
        "nightly/rules/decide.html",
        {
            "version": version,
            "other": present,
            "changed": [line for group in groups for line in group.lines if line.changed],
            "more_changes": page.other_changes(version, present),
            "preview": seen.select_related("run", "night").first(),
            "previewed": previewed(version),
            "form": form,
            "next_due": next_due(timezone.now()),
        },
    )


# --- Common to these pages -----------------------------------------------------------------------------------------
def _versions() -> QuerySet[MatchingRules]:
    return MatchingRules.objects.defer("content").select_related("drafted_by", "approved_by", "based_on")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the permission was asked for
    return request.user


def _step(request: HttpRequest, pk: int, step: Callable[[User], object], done: str) -> HttpResponse:
    """Take a step and say that it is done, or why it was not possible; the version's page again."""
    get_object_or_404(MatchingRules.objects.only("pk"), pk=pk)
    try:
        step(_user(request))
    except (AlreadyInForce, FourEyes, NothingChanges, NotPreviewed, NotYours, WrongState) as refused:
        messages.error(request, _why(refused))
    else:
        messages.success(request, done)
    return redirect("matching:rules_version", pk)


def _why(refused: Tellable) -> str:
    """Why a step was not taken, and what to do instead."""
    match refused:
        case FourEyes():
            return _("You have drafted or proposed this version yourself: ask another person who may decide.")
        case NotYours():
            return _("Only whoever has written or proposed the version does this. Make a draft of your own from it.")
        case NothingChanges():
            return _("The draft says the same as the version in force. Change a number first, or withdraw the draft.")
        case NotPreviewed():
            return _("Make the preview first: nobody decides before seeing what would change.")
        case AlreadyInForce():
            return _("The version is in force already.")
    return _("The version has changed meanwhile: look at how it stands now.")


def _too_many(many: TooManySteps) -> str:
    return ngettext(
        "This classification leaves room for %(most)s step: leave out the others.",
        "This classification leaves room for %(most)s steps: leave out the others.",
        many.most,
    ) % {"most": formats.number(many.most)}
