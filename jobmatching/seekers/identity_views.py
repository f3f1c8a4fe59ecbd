"""The identity code of one jobseeker: masked everywhere, shown here on demand, and each time noted."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action
from portal.privacy.identity import UnreadableCode, decrypt
from portal.ui.limits import Limit, limited

logger = logging.getLogger(__name__)


@permission_required(Permission.IDENTITY_REVEAL)
@require_POST
@limited(Limit.REVEAL)
@reason_required(action=Action.REVEAL)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code: in its place on the person's page, or on a page of its own where there is no script.

    By POST, so that no address and no history of the browser leads to a code.
    """
    visible = JobSeeker.objects.visible_to(request.user).only("pk", "first_name", "last_name", "identity_code")
    seeker: JobSeeker = get_object_or_404(visible, pk=pk)
    code, unreadable = "", False
    if seeker.identity_code is not None:
        try:
            code = decrypt(seeker.identity_code)
        except UnreadableCode:
            unreadable = True
            logger.error("The identity code of jobseeker %s opens with no key of IDENTITY_KEYS.", pk)
    template = "seekers/identity_code.html" if getattr(request, "htmx", False) else "seekers/identity.html"
    return render(request, template, {"seeker": seeker, "code": code, "unreadable": unreadable})
