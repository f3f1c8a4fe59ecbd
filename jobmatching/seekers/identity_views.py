"""The identity code of one jobseeker: masked everywhere, shown here on demand, and each time noted."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, about_person
from portal.privacy.identity import UnreadableCode, decrypt
from portal.ui.limits import Limit, limited

logger = logging.getLogger(__name__)


@permission_required(Permission.IDENTITY_REVEAL)
@about_person("pk")
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the code on demand; whoever comes to the address otherwise is led back to the person's page.

    So it goes after reloading, with the browser's back button and with a copied address: nothing is shown or noted.
    """
    if request.method != "POST":
        get_object_or_404(JobSeeker.objects.visible_to(request.user).only("pk"), pk=pk)
        messages.info(request, _("The identity code is hidden again. Show it from here when you need it."))
        return redirect("seekers:page", pk)
    return _shown(request, pk=pk)


@limited(Limit.REVEAL)
@reason_required(action=Action.REVEAL)
def _shown(request: HttpRequest, pk: int) -> HttpResponse:
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
