"""Lists over several people: open requests with their last days, and whose data is about to be deleted."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.retention import CODE, JOBSEEKERS
from jobmatching.seekers.rights.enums import RequestKind
from jobmatching.seekers.rights.listing import DECIDED, LATE, MINE, OPEN, Requests, requests_of
from jobmatching.seekers.rights.models import SubjectRequest
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, record
from portal.privacy.retention.models import RetentionNotice
from portal.privacy.retention.rules import RELEASED_BY, Block
from portal.privacy.retention.work import blocks_of
from portal.ui.limits import Limit, limited
from portal.ui.parts import Choice
from portal.ui.spreadsheets.writing import as_csv

PER_PAGE: Final = 25
MOST_ROWS: Final = 2_000


@permission_required(Permission.SUBJECT_REQUESTS)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests of the people whom one may see: open ones first, the most urgent on top."""
    listing = requests_of(request.GET, _user(request), timezone.localdate())
    page = Paginator(listing.found, PER_PAGE).get_page(request.GET.get("page"))
    record(request, Action.LIST, view="seekers:requests", seekers=sorted({one.seeker_id for one in page}))
    return render(
        request,
        "rights/requests.html",
        {
            "page_obj": page,
            "views": _views(request, listing),
            "kinds": [("", _("all")), *RequestKind.choices],
            "listing": listing,
            "may_decide": may(request.user, Permission.SUBJECT_DECIDE),
            "today": timezone.localdate(),
            "now": timezone.now(),
        },
    )


@permission_required(Permission.SUBJECT_DECIDE)
@limited(Limit.EXPORT)
@require_safe
def requests_file(request: HttpRequest) -> HttpResponse:
    """The list as CSV, without names: number of the request, what was asked, days, state, handler."""
    listing = requests_of(request.GET, _user(request), timezone.localdate())
    rows = list(listing.found[:MOST_ROWS])
    record(request, Action.EXPORT, view="seekers:requests_file", seekers=sorted({one.seeker_id for one in rows}))
    header = [
        _("Number"), _("What is asked"), _("Received"), _("To be answered by"), _("More time taken"), _("State"),
        _("Decided"), _("Person told"), _("Handled by"),
    ]  # fmt: skip
    response = HttpResponse(as_csv(header, (_row(one) for one in rows)), content_type="text/csv; charset=utf-8")
    name = _("requests-file")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _row(one: SubjectRequest) -> list[object]:
    decided = timezone.localdate(one.decided_at).isoformat() if one.decided_at else ""
    return [
        one.pk,
        one.get_kind_display(),
        one.received_on.isoformat(),
        one.due_on.isoformat(),
        one.extended_on.isoformat() if one.extended_on else "",
        one.get_state_display(),
        decided,
        one.told_on.isoformat() if one.told_on else "",
        str(one.handler or ""),
    ]


def _views(request: HttpRequest, listing: Requests) -> list[Choice]:
    words = {OPEN: _("Open"), MINE: _("Mine"), LATE: _("Late"), DECIDED: _("Decided")}
    choices = []
    for view, label in words.items():
        query = request.GET.copy()
        query["nakyma"] = view
        query.pop("page", None)
        choices.append(Choice(f"?{query.urlencode()}", label, listing.counts[view], listing.view == view))
    return choices


@permission_required(Permission.SUBJECT_REQUESTS)
@require_safe
def departing(request: HttpRequest) -> HttpResponse:
    """Whose data is about to be deleted: of the people whom one may see, first those whom one is told of."""
    user = _user(request)
    seen = JobSeeker.objects.visible_to(user).filter(pk=OuterRef("object_id"))
    told = RetentionNotice.objects.filter(Exists(seen), rule=CODE)
    mine = request.GET.get("nakyma") != "kaikki"
    counts = {"own": told.filter(responsible=user).count(), "all": told.count()}
    notices = (told.filter(responsible=user) if mine else told).order_by("delete_on", "object_id")
    page: Any = Paginator(notices, PER_PAGE).get_page(request.GET.get("page"))
    ids = [notice.object_id for notice in page]
    record(request, Action.LIST, view="seekers:departing", seekers=ids)
    people = JobSeeker.objects.visible_to(user).select_related("coach").in_bulk(ids)
    blocks = blocks_of(JOBSEEKERS, ids)
    rows = [
        (
            notice,
            people[notice.object_id],
            [(block.label, RELEASED_BY[block]) for block in Block if block in blocks.get(notice.object_id, ())],
        )
        for notice in page
        if notice.object_id in people
    ]
    return render(
        request,
        "rights/departing.html",
        {
            "page_obj": page,
            "rows": rows,
            "views": [
                Choice("?", _("Told to you"), counts["own"], mine),
                Choice("?nakyma=kaikki", _("All that you see"), counts["all"], not mine),
            ],
            "today": timezone.localdate(),
        },
    )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the permission was asked for
    return request.user
