"""Bringing jobseekers in from a file: choose it, look at what it would do, take it in.

A GET only reads, also the one that shows what a file would do. The file itself waits encrypted on the server.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobmatching.seekers.forms import ImportForm
from jobmatching.seekers.importing import kept
from jobmatching.seekers.importing.files import MOST_ROWS
from jobmatching.seekers.importing.template import template_csv
from jobmatching.seekers.importing.tried import count_codes
from jobmatching.seekers.imports import Outcome, all_columns, import_people
from jobmatching.seekers.listing import AREA
from portal.accounts.models import User
from portal.accounts.permissions import areas_where, permission_required
from portal.accounts.roles import Permission
from portal.classifications.models import EmploymentArea
from portal.privacy.access import Action, record
from portal.ui.formats import number
from portal.ui.limits import Limit, limited
from portal.ui.parts import KeyFigure, Step
from portal.ui.spreadsheets.limits import MEBIBYTE, MOST_BYTES

MOST_SHOWN: Final = 100
"""Rows of each table on the page; the rest is counted."""


@permission_required(Permission.SEEKERS_IMPORT)
@limited(Limit.IMPORT, when_reading=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the file and, where there are several, the area; a file that can be read goes on to its check."""
    areas = _areas(request)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, areas=areas)
        if form.is_valid():
            count_codes(_user(request), form.cleaned_data["file"])
            token = kept.keep(_user(request), kept.Kept(form.cleaned_data["area"].pk, form.cleaned_data["file"]))
            return redirect(_check_url(token))
    else:
        form = ImportForm(areas=areas)
    return render(
        request,
        "seekers/import.html",
        {
            "form": form,
            "columns": all_columns(),
            "steps": _steps(0),
            "most_rows": MOST_ROWS,
            "most_megabytes": MOST_BYTES // MEBIBYTE,
        },
    )


@permission_required(Permission.SEEKERS_IMPORT)
@limited(Limit.EXPORT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A file with the header and one invented person, to be filled in."""
    response = HttpResponse(template_csv(_areas(request)[0]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("jobseekers-template")}.csv"'
    return response


@permission_required(Permission.SEEKERS_IMPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show what the file would do; on POST take it in as a whole, or forget it."""
    token = (request.POST if request.method == "POST" else request.GET).get(kept.PARAMETER, "")
    waiting = kept.kept_under(_user(request), token)
    area = next((one for one in _areas(request) if waiting and one.pk == waiting.area_id), None)
    # Of two confirmations at once the second finds nothing: `drop` is True once.
    if waiting is None or area is None or (request.method == "POST" and not kept.drop(_user(request), token)):
        messages.info(request, _("The file is no longer kept. Choose it again."))
        return redirect("seekers:import")
    saving = request.method == "POST"
    if saving and "forget" in request.POST:
        messages.info(request, _("The file has been removed. Nothing was imported."))
        return redirect("seekers:import")
    outcome = import_people(waiting.table, _user(request), area, timezone.localdate(), saving=saving)
    record(
        request,
        Action.IMPORT,
        view="seekers:import_check",
        seekers=sorted(outcome.matched | {change.pk for change in outcome.changes if change.pk is not None}),
        about="taken in" if saving and not outcome.errors else "checked",
    )
    if not saving:
        return render(request, "seekers/import_check.html", _shown(outcome, area, token))
    if outcome.errors:
        messages.error(request, _("Nothing was imported: the data has changed since the check. Look at the errors."))
        return redirect(_check_url(kept.keep(_user(request), waiting)))
    messages.success(request, _told(outcome))
    return redirect(f"{reverse('seekers:list')}?{urlencode({'scope': AREA})}")


def _shown(outcome: Outcome, area: EmploymentArea, token: str) -> dict[str, Any]:
    """What the page of the check shows."""
    figures = [
        KeyFigure(_("New"), number(outcome.new)),
        KeyFigure(_("Change"), number(outcome.changed)),
        KeyFigure(_("As before"), number(outcome.unchanged)),
        KeyFigure(_("Rows with errors"), number(outcome.wrong_rows)),
    ]
    return {
        "outcome": outcome,
        "area": area,
        "token": token,
        "parameter": kept.PARAMETER,
        "minutes": kept.SECONDS // 60,
        "figures": figures,
        "errors": outcome.errors[:MOST_SHOWN],
        "errors_left": max(0, len(outcome.errors) - MOST_SHOWN),
        "changes": outcome.changes[:MOST_SHOWN],
        "changes_left": max(0, len(outcome.changes) - MOST_SHOWN),
        "steps": _steps(1),
    }


def _told(outcome: Outcome) -> str:
    """What was done, in counts: messages wait in the session and name nobody."""
    return _("The file was imported. New: %(new)s. Changed: %(changed)s. As before: %(unchanged)s.") % {
        "new": number(outcome.new),
        "changed": number(outcome.changed),
        "unchanged": number(outcome.unchanged),
    }


def _steps(current: int) -> list[Step]:
    labels = (_("Choose the file"), _("Check"), _("Imported"))
    return [Step(label, done=i < current, current=i == current) for i, label in enumerate(labels)]


def _areas(request: HttpRequest) -> list[EmploymentArea]:
    """The areas into which the person may import."""
    return list(
        EmploymentArea.objects.filter(pk__in=areas_where(request.user, Permission.SEEKERS_IMPORT)).order_by(
            "name_fi", "pk"
        )
    )


def _check_url(token: str) -> str:
    return f"{reverse('seekers:import_check')}?{urlencode({kept.PARAMETER: token})}"


def _user(request: HttpRequest) -> User:
    """Who asks; the permission has been asked for before, so it is somebody."""
    assert isinstance(request.user, User)
    return request.user
