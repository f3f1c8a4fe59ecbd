"""Who has looked at a jobseeker's data: for those who serve the person, to go through with them."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from jobmatching.seekers.heads import head_of, seeker_or_404
from jobmatching.seekers.opening import opening_of, reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, Purpose
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.showing import lines_outside_audit
from portal.ui.parts import Choice

PER_PAGE: Final = 25
ALL: Final = "kaikki"
REFUSED: Final = "evatyt"
IN_LISTS: Final = (Action.LIST, Action.SEARCH)


@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required()
def looked(request: HttpRequest, pk: int) -> HttpResponse:
    """Who opened the person's data, when, in which role and why; on demand the lists that showed the person, too.

    Those who were refused have seen nothing: they stand apart. Of audit only the time and the role are told, and
    nothing while an inquiry may be going on.
    """
    if opening_of(request).purpose != Purpose.CLIENT:
        raise PermissionDenied
    seeker = seeker_or_404(request, pk)
    rows: Any = AccessLogEntry.objects.of_subject(pk).told_outside_audit(pk, timezone.now()).latest_first()
    asked = request.GET.get("nayta", "")
    asked = asked if asked in (ALL, REFUSED) else ""
    shown = {
        "": rows.not_refused().exclude(action__in=IN_LISTS),
        ALL: rows.not_refused(),
        REFUSED: rows.refused(),
    }[asked]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    choices = [
        Choice("?", _("Opened"), current=not asked),
        Choice(f"?nayta={ALL}", _("Lists too"), current=asked == ALL),
        Choice(f"?nayta={REFUSED}", pgettext("reads", "Refused"), current=asked == REFUSED),
    ]
    return render(
        request,
        "seekers/looked.html",
        {
            **head_of(request, seeker, "seekers:looked"),
            "page_obj": page,
            "lines": lines_outside_audit(page),
            "choices": choices,
            "asked": asked,
        },
    )
