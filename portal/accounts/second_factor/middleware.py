"""Nobody of the staff gets past enrolment without a second factor, and each session has shown it."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.second_factor.duty import lacks_second_factor, owes_second_factor

ENROLMENT: Final = "accounts:enrol"
OUT: Final = "account_logout"
OPEN: Final = frozenset(
    {
        ENROLMENT,
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        OUT,
    }
)
"""Names of the addresses that lead through enrolment or out. Public pages, which show nothing of anybody, open too."""


class SecondFactorMiddleware:
    """Send staff who have no second factor to enrolment, whatever they ask for; after LoginRequiredMiddleware.

    A session of somebody who has one and has not shown it in this session ends: it was begun before, by the password.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        asked = request.resolver_match.view_name if request.resolver_match is not None else ""
        if asked != OUT and owes_second_factor(request):
            logout(request)
            messages.info(request, _("Two-step sign-in is in use for your account: sign in again with it."))
            return _lead(request, settings.LOGIN_URL)
        if asked in OPEN or not lacks_second_factor(request):
            return None
        return _lead(request, ENROLMENT)


def _lead(request: HttpRequest, where: str) -> HttpResponseBase:
    """To another page; a part of a page takes the whole page there."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(where))
    return redirect(where)
