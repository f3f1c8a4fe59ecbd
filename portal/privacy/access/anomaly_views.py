"""The auditor's pages of anomalies: what looks strange, and what came of looking into it."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.access.anomalies import rows_behind
from portal.privacy.access.enums import ANOMALY_TRANSITIONS, Action, AnomalyKind, AnomalyState, Purpose
from portal.privacy.access.forms import AnomalyFilter, HandleForm
from portal.privacy.access.handling import NotPossible, OwnDoing, handle
from portal.privacy.access.models import AccessAnomaly, AccessLogEntry
from portal.privacy.access.querysets import AnomalyQuerySet
from portal.privacy.access.recording import record
from portal.privacy.access.searching import chips_with_days
from portal.privacy.access.showing import lines, names_of
from portal.privacy.access.state import state_of_log
from portal.privacy.access.thresholds import told_thresholds
from portal.ui.formats import number
from portal.ui.limits import Limit, limited
from portal.ui.parts import Fact
from portal.ui.spreadsheets.writing import as_csv

PER_PAGE: Final = 25
ROWS_PER_PAGE: Final = 50
MOST_ROWS: Final = 5_000


@permission_required(Permission.AUDIT_VIEW)
@require_safe
def anomalies(request: HttpRequest) -> HttpResponse:
    """Anomalies, latest first; those that nobody has handled unless others are asked for."""
    form, found = _listed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    names = names_of({anomaly.user_id for anomaly in shown})
    return render(
        request,
        "access/anomalies.html",
        {
            "form": form,
            "page_obj": page,
            "rows": [(anomaly, names[anomaly.user_id]) for anomaly in shown],
            "chips": chips_with_days(form, request.GET),
            "new": AccessAnomaly.objects.new().count(),
            "any": bool(request.GET),
            "thresholds": told_thresholds(timezone.localdate()),
            "state": state_of_log(timezone.now()),
            "query": request.GET.urlencode(),
            "may_change_thresholds": may(request.user, Permission.ADMIN_USE),
        },
    )


def _listed(request: HttpRequest) -> tuple[AnomalyFilter, AnomalyQuerySet]:
    """The filter and what it lets through."""
    form = AnomalyFilter(request.GET)
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    found: AnomalyQuerySet = AccessAnomaly.objects.all()
    found = found.filter(state__in=given["state"]) if given.get("state") else found
    if not request.GET:
        found = found.new()
    if kinds := given.get("kind"):
        found = found.filter(kind__in=kinds)
    if user := given.get("user"):
        found = found.filter(user_id=user.pk)
    if start := given.get("start"):
        found = found.filter(day__gte=start)
    if end := given.get("end"):
        found = found.filter(day__lte=end)
    return form, found.order_by("-day", "kind", "user_id", "pk")


@permission_required(Permission.AUDIT_VIEW)
@require_safe
def anomaly(request: HttpRequest, pk: int) -> HttpResponse:
    """One anomaly: the rows of the log behind it, how it was handled, and handling it."""
    found: AccessAnomaly = get_object_or_404(AccessAnomaly, pk=pk)
    return _page(request, found, None)


@permission_required(Permission.AUDIT_HANDLE)
@require_POST
def handle_anomaly(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was found out and the state that follows from it."""
    found: AccessAnomaly = get_object_or_404(AccessAnomaly, pk=pk)
    form = _handle_form(found, request.POST)
    assert isinstance(request.user, User)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        handle(pk, AnomalyState(form.cleaned_data["to_state"]), form.cleaned_data["note"], request.user)
    except NotPossible:
        messages.error(request, _("Somebody else has handled the anomaly meanwhile. Look at it again."))
    except OwnDoing:
        messages.error(request, _("The anomaly is about yourself: somebody else has to handle it."))
    else:
        messages.success(request, _("The anomaly was handled."))
    return redirect("audit:anomaly", pk)


def _handle_form(found: AccessAnomaly, data: QueryDict | None) -> HandleForm:
    states = sorted(ANOMALY_TRANSITIONS[AnomalyState(found.state)], key=list(AnomalyState).index)
    return HandleForm(data, states=states)


def _page(request: HttpRequest, found: AccessAnomaly, form: HandleForm | None) -> HttpResponse:
    page = Paginator(rows_behind(found), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    record(
        request, Action.LIST, view="audit:anomaly", seekers=found.subjects, purpose=Purpose.AUDIT,
        about=f"anomaly {found.pk}",
    )  # fmt: skip
    entries: list[AccessLogEntry] = list(page)
    handlings = list(found.handlings.order_by("at", "pk"))
    names = names_of({found.user_id, *(one.by_id for one in handlings)})
    own = found.user_id == request.user.pk
    may_handle = may(request.user, Permission.AUDIT_HANDLE) and not own
    return render(
        request,
        "access/anomaly.html",
        {
            "anomaly": found,
            "who": names[found.user_id],
            "facts": _facts(found, names[found.user_id]),
            "page_obj": page,
            "lines": lines(entries),
            "handlings": [(one, names[one.by_id]) for one in handlings],
            "form": (form or _handle_form(found, None)) if may_handle else None,
            "own": own,
            "log_url": _log_url(found),
        },
    )


def _facts(found: AccessAnomaly, who: str) -> list[Fact]:
    facts = [Fact(_("User"), who), Fact(_("How many"), number(found.count))]
    if found.threshold is not None:
        facts.append(Fact(_("Pointed out from"), number(found.threshold)))
    if found.usual is not None:
        facts.append(Fact(_("Usual in an hour"), number(found.usual), _("median of the 60 days before")))
    return facts


def _log_url(found: AccessAnomaly) -> str:
    """The user's whole day in the log."""
    day = found.day.isoformat()
    return f"{reverse('audit:log')}?{urlencode({'user': found.user_id, 'start': day, 'end': day})}"


@permission_required(Permission.AUDIT_VIEW)
@limited(Limit.EXPORT, when_reading=False)
@require_http_methods(["POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The listed anomalies as a file (CSV); people by number."""
    _form, found = _listed(request)
    if found.count() > MOST_ROWS:
        messages.error(
            request,
            _("The file would have more than %(count)s rows. Narrow the search first.") % {"count": MOST_ROWS},
        )
        return redirect("audit:anomalies")
    rows = list(found.prefetch_related("handlings"))
    subjects = sorted({subject for row in rows for subject in row.subjects})
    record(
        request, Action.EXPORT, view="audit:anomalies_export", seekers=subjects, purpose=Purpose.AUDIT,
        about=f"{len(rows)} anomalies",
    )  # fmt: skip
    names = names_of({row.user_id for row in rows})
    header = [_("Day"), _("User"), _("What was found"), _("How many"), _("State"), _("What was found out")]
    response = HttpResponse(
        as_csv(header, (_cells(row, names[row.user_id]) for row in rows)), content_type="text/csv; charset=utf-8"
    )
    name = f"{_('anomalies-file')}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _cells(row: AccessAnomaly, who: str) -> list[object]:
    notes = "; ".join(one.note for one in row.handlings.all())
    kind, state = AnomalyKind(row.kind).label, AnomalyState(row.state).label
    return [row.day.isoformat(), who, capfirst(kind), row.count, capfirst(state), notes]
