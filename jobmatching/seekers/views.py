"""Jobseekers as those who serve them see them. Every row comes through `visible_to`; no name stands in an address."""

from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobmatching.seekers.contact.showing import contact_of
from jobmatching.seekers.enums import PauseKind, SpellStatus
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.exports import MOST_ROWS
from jobmatching.seekers.filters import ENDED
from jobmatching.seekers.forms import PauseForm, ResumeForm
from jobmatching.seekers.heads import head_of, seeker_or_404
from jobmatching.seekers.listing import AREA, OWN, Listing, asked, chips_in_force, listing_of
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import reason_required
from jobmatching.seekers.profile import profile_of, skills_by_work
from jobmatching.seekers.rights.services import restriction_of
from jobmatching.seekers.services import ObjectionStands, may_resume, pause_matching, resume_matching
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, record
from portal.privacy.identity import as_identity_code, looks_like_a_code
from portal.ui import words
from portal.ui.limits import Limit, limited
from portal.ui.panels import Panel, panels
from portal.ui.parts import Choice
from portal.ui.sorting import Heading, heading

PER_PAGE: Final = 25


# --- The list ------------------------------------------------------------------------------------------------------
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
def seeker_list(request: HttpRequest) -> HttpResponse:
    """The jobseekers that the person serves, or the whole area's; filters, order and page stand in the address."""
    listing = listing_of(request)
    paginator = Paginator(listing.found, PER_PAGE)
    if listing.count is not None:
        paginator.count = listing.count
    page = paginator.get_page(request.GET.get("page"))
    record(
        request,
        Action.SEARCH if listing.words else Action.LIST,
        view="seekers:list",
        seekers=[seeker.pk for seeker in page],
        words=listing.words,
        about=f"{asked(listing)}, page {page.number}",
    )
    row_panels = panels("seeker.row", request, list(page))
    return render(
        request,
        "seekers/list.html",
        {
            "listing": listing,
            "filter": listing.filter,
            "page_obj": page,
            "scopes": _scopes(request, listing),
            "headings": _headings(request, listing, row_panels),
            "chips": chips_in_force(request, listing),
            "filters_kept": _kept(request.GET).urlencode(),
            "form_keeps": _form_keeps(request, listing),
            "clear_url": f"?{urlencode({'scope': listing.scope})}",
            "with_ended_url": _with_ended(request.GET),
            "may_export": may(request.user, Permission.SEEKERS_EXPORT),
            "may_import": may(request.user, Permission.SEEKERS_IMPORT),
            "export_url": f"{reverse('seekers:export')}?{request.GET.urlencode()}",
            "most_rows": MOST_ROWS,
            "row_panels": row_panels,
            "now": timezone.now(),
        },
    )


def _scopes(request: HttpRequest, listing: Listing) -> list[Choice]:
    choices = []
    for scope, label in ((OWN, _("Own")), (AREA, _("Whole area"))):
        query = request.GET.copy()
        query["scope"] = scope
        query.pop("page", None)
        choices.append(Choice(f"?{query.urlencode()}", label, listing.counts[scope], listing.scope == scope))
    return choices


def _headings(request: HttpRequest, listing: Listing, row_panels: list[Panel]) -> list[Heading]:
    columns = [
        ("name", _("Name")),
        ("municipality", _("Municipality")),
        ("situation", _("Situation")),
        ("", _("Occupation wished")),
    ]
    if listing.scope == AREA:
        columns.append(("coach", _("Personal coach")))
    return [
        *(heading(request.GET, name, label, listing.order) for name, label in columns),
        heading(request.GET, "since", _("In the situation"), listing.order, number=True),
        *(Heading(panel.context["heading"], number=panel.context.get("css_class") == "k-num") for panel in row_panels),
    ]


def _kept(query: QueryDict) -> QueryDict:
    """What a new search for words keeps of the address."""
    kept = query.copy()
    for name in ("page", words.PARAMETER):
        kept.pop(name, None)
    return kept


def _form_keeps(request: HttpRequest, listing: Listing) -> dict[str, object]:
    """What the filter panel carries on unchanged."""
    keeps: dict[str, object] = {"scope": listing.scope}
    if listing.key:
        keeps[words.PARAMETER] = listing.key
    if "order" in request.GET:
        keeps["order"] = listing.order
    return keeps


def _with_ended(query: QueryDict) -> str:
    """The same list with every situation, also ended searches."""
    changed = query.copy()
    changed.pop("page", None)
    changed.setlist("situation", [*SpellStatus.values, ENDED])
    return f"?{changed.urlencode()}"


@sensitive_post_parameters("q")
@permission_required(Permission.SEEKERS_VIEW)
@limited(Limit.SEARCH)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep the words typed in the session and go to the list with a key in their place.

    From the search field of the bar (no `filters` posted) the search goes over the whole area.
    """
    query = _kept(QueryDict(request.POST.get("filters", f"scope={AREA}")))
    typed = words.tidy(request.POST.get("q", ""))
    code = as_identity_code(typed)
    if code:
        return _found_by_code(request, code, query)
    if looks_like_a_code(typed):
        messages.warning(request, _("The identity code has a mistake. Check each sign and search again."))
        return redirect(f"{reverse('seekers:list')}?{query.urlencode()}")
    if typed:
        query[words.PARAMETER] = words.keep(request, typed)
    return redirect(f"{reverse('seekers:list')}?{query.urlencode()}")


def _found_by_code(request: HttpRequest, code: str, query: QueryDict) -> HttpResponse:
    """To the page of the one who has the identity code; it is kept nowhere, neither in the session nor in the log."""
    found = JobSeeker.objects.visible_to(request.user).with_identity_code(code).values_list("pk", flat=True).first()
    record(
        request,
        Action.SEARCH,
        view="seekers:search",
        seekers=[found] if found else [],
        about="by identity code",
    )
    if found:
        return redirect("seekers:page", found)
    messages.info(request, _("You have no jobseeker with this identity code. Check the code."))
    return redirect(f"{reverse('seekers:list')}?{query.urlencode()}")


# --- One person ----------------------------------------------------------------------------------------------------
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required()
def seeker_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's profile: wishes, work, skills, languages, permits, travel and times, and what is still unknown."""
    seeker = seeker_or_404(request, pk, whole=True)
    profile = profile_of(seeker, skills_by_work(seeker), timezone.localdate())
    shown = {
        "profile": profile,
        "may_reveal": may(request.user, Permission.IDENTITY_REVEAL),
        "contact": contact_of(seeker),
    }
    return render(request, "seekers/page.html", {**head_of(request, seeker, "seekers:page"), **shown})


@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required()
def seeker_matches(request: HttpRequest, pk: int) -> HttpResponse:
    """The panels that other parts bring about a person: matches."""
    seeker = seeker_or_404(request, pk, whole=True)
    shown = [] if seeker.non_disclosure else panels("seeker.page", request, seeker)
    return render(request, "seekers/matches.html", {**head_of(request, seeker, "seekers:matches"), "panels": shown})


def _restricted(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing about matching changes while the processing is restricted."""
    messages.info(request, _("The processing is restricted: matching is neither paused nor taken up meanwhile."))
    return redirect("seekers:page", pk)


@permission_required(Permission.SEEKERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason and pause the matching of a person."""
    seeker = seeker_or_404(request, pk)
    if restriction_of(pk) is not None:
        return _restricted(request, pk)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if seeker.matching_paused_at is not None:
        messages.info(request, _("Matching is paused already."))
        return redirect("seekers:page", pk)
    if form.is_valid():
        try:
            pause_matching(pk, form.cleaned_data["reason"], PauseKind(form.cleaned_data["kind"]))
        except NotPossible:
            messages.info(request, _("Matching is paused already."))
        else:
            messages.success(request, _("Matching is paused. The jobseeker is in no list of candidates any more."))
        return redirect("seekers:page", pk)
    return render(request, "seekers/pause.html", {"seeker": seeker, "form": form})


@permission_required(Permission.SEEKERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Show why matching is paused, ask why it goes on, and take the person into matching again.

    Against an accepted objection only those who decide on requests do it.
    """
    seeker = seeker_or_404(request, pk)
    if restriction_of(pk) is not None:
        return _restricted(request, pk)
    if seeker.matching_paused_at is None:
        messages.info(request, _("Matching is not paused."))
        return redirect("seekers:page", pk)
    person = request.user
    assert isinstance(person, User)  # the permission was asked for
    form = ResumeForm(request.POST if request.method == "POST" else None)
    allowed = may_resume(seeker, person)
    if not allowed and request.method == "POST":
        raise PermissionDenied
    if not form.is_valid():
        return render(request, "seekers/resume.html", {"seeker": seeker, "form": form, "may_resume": allowed})
    try:
        resume_matching(pk, form.cleaned_data["reason"], person)
    except ObjectionStands as stands:
        raise PermissionDenied from stands
    except NotPossible:
        messages.info(request, _("Matching is not paused."))
    else:
        messages.success(request, _("Matching goes on. The next run takes the jobseeker in."))
    return redirect("seekers:page", pk)
