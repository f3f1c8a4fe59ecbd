"""Pages of the document of all data of a person: ask for it, see how far it is, fetch it. It is never mailed."""

import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.heads import seeker_or_404
from jobmatching.seekers.opening import note_opening, reason_required
from jobmatching.seekers.rights import documents
from jobmatching.seekers.rights.enums import ExportState, IdentityProof, RequestKind
from jobmatching.seekers.rights.forms import ExportForm
from jobmatching.seekers.rights.models import SubjectExport, SubjectRequest
from portal.accounts.models import User
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action
from portal.privacy.subject.page import as_html
from portal.ui.by_itself import fetched_by_itself
from portal.ui.limits import Limit, limited
from portal.ui.parts import Progress

_TYPES: Final = {"json": "application/json; charset=utf-8", "html": "text/html; charset=utf-8"}


@permission_required(Permission.SUBJECT_EXPORT)
@limited(Limit.SUBJECT_EXPORT, when_reading=False)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a document of all data, for a person whose identity has been confirmed."""
    seeker = seeker_or_404(request, pk)
    requests = SubjectRequest.objects.open().filter(seeker=pk, kind=RequestKind.ACCESS).order_by("received_on", "pk")
    language = seeker.service_language.code if seeker.service_language else "fi"
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        requests=requests,
        initial={"language": language if language in ("fi", "sv", "en") else "fi", "request": requests.first()},
    )
    if form.is_valid():
        values = form.cleaned_data
        assert isinstance(request.user, User)  # the permission was asked for
        try:
            made = documents.ask_for(
                pk,
                request.user,
                IdentityProof(values["identity"]),
                values["identity_note"],
                values["language"],
                values.get("request"),
            )
        except NotPossible as impossible:
            form.add_error(None, str(impossible))
        else:
            note_opening(request, pk, Action.SUBJECT_EXPORT, about=f"document {made.pk}")
            return redirect("seekers:document", pk, made.pk)
    return render(request, "rights/document_new.html", {"seeker": seeker, "form": form})


@permission_required(Permission.SUBJECT_EXPORT)
@require_safe
@reason_required()
def document_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """How far a document is, and the buttons that fetch it."""
    seeker = seeker_or_404(request, pk)
    return render(request, "rights/document.html", {"seeker": seeker, **_shown(_export(pk, number))})


@fetched_by_itself
@permission_required(Permission.SUBJECT_EXPORT)
@require_safe
@reason_required(action=None)
def progress(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The progress alone, fetched every two seconds; it shows nothing of the person."""
    shown = _shown(_export(pk, number))
    return render(request, "rights/document_progress.html", {"seeker_pk": pk, **shown})


@permission_required(Permission.SUBJECT_EXPORT)
@limited(Limit.SUBJECT_EXPORT)
@require_POST
@reason_required(action=None)
def fetch(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """The document as a file: JSON for machines, a page for people. Each time is counted and logged."""
    export = _export(pk, number)
    note_opening(request, pk, Action.SUBJECT_EXPORT, about=f"document {export.pk} as {kind}")
    try:
        text = documents.fetch(export.pk)
    except documents.Gone:
        messages.error(request, _("The content is no longer kept. Make a new document."))
        return redirect("seekers:document", pk, number)
    content = text if kind == "json" else as_html(json.loads(text))
    response = HttpResponse(content, content_type=_TYPES[kind])
    name = _("own-data-file")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


@permission_required(Permission.SUBJECT_EXPORT)
@require_POST
@reason_required(action=None)
def empty(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Delete the content before its time: it has been handed over."""
    export = _export(pk, number)
    note_opening(request, pk, Action.SUBJECT_EXPORT, about=f"document {export.pk} emptied")
    documents.delete_content(export.pk)
    messages.success(request, _("The content was deleted."))
    return redirect("seekers:rights", pk)


def _export(pk: int, number: int) -> SubjectExport:
    """A document about this very person; 404 for one about somebody else."""
    rows = SubjectExport.objects.without_content().select_related("made_by", "request")
    found: SubjectExport = get_object_or_404(rows, seeker=pk, pk=number)
    return found


def _shown(export: SubjectExport) -> dict[str, Any]:
    going_on = export.is_active
    said = {
        ExportState.QUEUED: _("The document waits for a worker."),
        ExportState.RUNNING: _("The document is being made."),
        ExportState.READY: _("The document is ready."),
    }.get(ExportState(export.state), _("The document has ended."))
    args = [export.seeker_id, export.pk]
    return {
        "export": export,
        "progress": Progress(
            label=_("Progress of the document"),
            percent=export.percent if export.total else None,
            poll_url=reverse("seekers:document_progress", args=args) if going_on else "",
            page_url=reverse("seekers:document", args=args),
            said=said,
        ),
    }
