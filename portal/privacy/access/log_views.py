"""The auditor's pages of the access log: search, one person, export.

Whoever is looked at stands here as a number. A name is shown on demand, with a reason, and that is noted too.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access.enums import ONE_PERSON, Action, Purpose, ReasonCode
from portal.privacy.access.forms import FindForm, RevealForm
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.querysets import EntryQuerySet
from portal.privacy.access.reasons import give_reason
from portal.privacy.access.recording import LARGEST_ID, about_person, record
from portal.privacy.access.searching import (
    MOST_COUNTED,
    USUAL_DAYS,
    WORDS,
    LogPaginator,
    Search,
    keep_words,
    search_of,
)
from portal.privacy.access.showing import Line, lines, names_of
from portal.privacy.access.state import state_of_log
from portal.privacy.people import people
from portal.ui.formats import day_year
from portal.ui.limits import Limit, limited
from portal.ui.parts import Fact
from portal.ui.spreadsheets.writing import as_csv

PER_PAGE: Final = 50
MOST_ROWS: Final = 10_000
"""Rows of one file."""
MOST_READERS: Final = 50


@permission_required(Permission.AUDIT_VIEW)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The rows of some days, narrowed by person, user and action, the latest first. The address says what is asked."""
    search = search_of(request)
    page = LogPaginator(search.found, PER_PAGE).get_page(request.GET.get("page"))
    # Read before this look is noted: its row would push the last one off the page.
    found = list(page.object_list)
    _note_look(request, search, "audit:log", f"page {page.number}")
    return render(
        request,
        "access/log.html",
        {
            "search": search,
            "form": search.form,
            "page_obj": page,
            "lines": lines(found),
            "too_many": page.paginator.count > MOST_COUNTED,
            "most_counted": MOST_COUNTED,
            "usual_days": USUAL_DAYS,
            "find": FindForm(),
            "kept": request.GET.urlencode(),
            "keep": {WORDS: request.GET[WORDS]} if WORDS in request.GET else {},
            "export_url": f"{reverse('audit:export')}?{request.GET.urlencode()}",
            "state": state_of_log(timezone.now()),
        },
    )


def _note_look(request: HttpRequest, search: Search, view: str, *more: str, action: Action = Action.LIST) -> None:
    """Note that rows of the log were looked at: about the person asked for, where one was."""
    subjects = [search.person] if search.person else []
    about = ", ".join([search.about, *more])
    record(request, action, view=view, seekers=subjects, purpose=Purpose.AUDIT, about=about)


@sensitive_post_parameters("identity_code", "words")
@permission_required(Permission.AUDIT_VIEW)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Find a person's number by the identity code, or searches by their words; lead to the log narrowed to them."""
    form = FindForm(request.POST)
    if not form.is_valid():
        for message in {str(error) for errors in form.errors.values() for error in errors}:
            messages.error(request, message)
        return redirect("audit:log")
    narrowed: dict[str, object] = {}
    if code := form.cleaned_data["identity_code"]:
        number = people().number_of(code)
        record(
            request,
            Action.SEARCH,
            view="audit:find",
            seekers=[number] if number else [],
            purpose=Purpose.AUDIT,
            about="identity code",
        )
        if number is None:
            messages.warning(request, _("Nobody is found by the identity code, or their name is not shown here."))
            return redirect("audit:log")
        narrowed["person"] = number
    if words := form.cleaned_data["words"].strip():
        record(request, Action.SEARCH, view="audit:find", purpose=Purpose.AUDIT, words=words, about="searched words")
        narrowed[WORDS] = keep_words(request, words)
    return redirect(f"{reverse('audit:log')}?{urlencode(narrowed)}")


@permission_required(Permission.AUDIT_VIEW)
@never_cache
@about_person("number")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Who has looked at one person, user by user; on demand, and with a reason, the person's name."""
    if number > LARGEST_ID or not _is_known(number):
        raise Http404
    name: str | None = None
    form = RevealForm(request.POST if request.method == "POST" else None)
    revealed = form.is_valid()
    if revealed:
        reason = give_reason(
            request, number, ReasonCode.OTHER, form.cleaned_data["words"], view="audit:person", opens=False
        )
        record(
            request,
            Action.REVEAL,
            view="audit:person",
            seekers=[number],
            purpose=Purpose.AUDIT,
            about=f"name, reason {reason.pk}",
        )
        name = people().name_of(number)
    else:
        record(request, Action.LIST, view="audit:person", seekers=[number], purpose=Purpose.AUDIT, about="readers")
    of_person = AccessLogEntry.objects.of_subject(number)
    return render(
        request,
        "access/person.html",
        {
            "number": number,
            "name": name,
            "revealed": revealed,
            "form": form,
            "readers": _users(of_person.doing(sorted({*ONE_PERSON, Action.EXPORT}))),
            "refused": _users(of_person.refused()),
            "most": MOST_READERS,
            "log_url": f"{reverse('audit:log')}?{urlencode({'person': number})}",
        },
    )


def _is_known(number: int) -> bool:
    """Whether somebody with the number is found, or stood on a page that people saw.

    Refusals and looks of auditors tell nothing: whoever types a number that nobody has leaves such rows. Somebody under
    non-disclosure whom nobody has looked at is as somebody who is not there.
    """
    if people().name_of(number) is not None:
        return True
    seen = AccessLogEntry.objects.of_subject(number).not_refused()
    return bool(seen.exclude(purpose=Purpose.AUDIT).exists())


def _users(rows_of_log: EntryQuerySet) -> list[dict[str, Any]]:
    """Users with how often they have rows and when, those with most first (Any: columns of a table)."""
    rows = list(
        rows_of_log.filter(user_id__isnull=False)
        .values("user_id")
        .annotate(times=Count("id"), first=Min("at"), last=Max("at"))
        .order_by("-times", "user_id")[:MOST_READERS]
    )
    names = names_of({row["user_id"] for row in rows})
    return [{**row, "who": names[row["user_id"]]} for row in rows]


@permission_required(Permission.AUDIT_VIEW)
@limited(Limit.EXPORT, when_reading=False)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Show how many rows and which; give them as a file (CSV) when that is confirmed. The export is noted itself."""
    search = search_of(request)
    count = search.found[: MOST_ROWS + 1].count()
    why_not = _why_not(search, count)
    if request.method == "POST" and why_not:
        messages.error(request, why_not)
        return redirect(request.get_full_path())
    if request.method == "POST":
        found = list(search.found)  # as counted: without the row of this export
        _note_look(request, search, "audit:export", f"{count} rows", action=Action.EXPORT)
        response = HttpResponse(as_csv(_columns(), map(_cells, lines(found))), content_type="text/csv; charset=utf-8")
        name = f"{_('access-log-file')}-{timezone.localdate().isoformat()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
    return render(
        request,
        "access/export.html",
        {
            "count": count,
            "why_not": why_not,
            "facts": _facts(search),
            "columns": _columns(),
            "log_url": f"{reverse('audit:log')}?{request.GET.urlencode()}",
        },
    )


def _why_not(search: Search, count: int) -> str:
    if search.words_lost:
        return _("The words of the search are no longer kept. Write them again.")
    if not count:
        return _("The file would be empty.")
    if count > MOST_ROWS:
        return _("The file would have more than %(count)s rows. Narrow the search first.") % {"count": MOST_ROWS}
    return ""


def _facts(search: Search) -> list[Fact]:
    days = f"{day_year(search.start)}–{day_year(search.end) if search.end else ''}"
    return [
        Fact(_("Days"), days),
        Fact(_("Filters in force"), ", ".join(chip.label for chip in search.chips) or _("none")),
    ]


def _columns() -> list[str]:
    return [
        _("Row"),
        _("Time"),
        _("User"),
        _("Number of the user"),
        _("Roles"),
        _("What was done"),
        _("Numbers of people"),
        _("Why"),
        _("Page"),
        _("About"),
        _("Request"),
    ]


def _cells(line: Line) -> list[object]:
    return [
        line.id,
        line.at.isoformat(timespec="milliseconds"),
        line.who,
        line.user_id or "",
        line.roles,
        line.action,
        " ".join(map(str, line.subjects)),
        capfirst(line.purpose),
        line.page,
        line.about,
        line.request_id,
    ]
