"""Nobody of the staff gets past enrolment without a second factor."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.second_factor.duty import lacks_second_factor

ENROLMENT: Final = "accounts:enrol"
OPEN: Final = frozenset(
    {
        ENROLMENT,
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
    }
)
"""Names of the addresses that lead through enrolment or out. Public pages, which show nothing of anybody, open too."""


class SecondFactorMiddleware:
    """Send staff who have no second factor to enrolment, whatever they ask for; after LoginRequiredMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if (match is not None and match.view_name in OPEN) or not lacks_second_factor(request):
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(resolve_url(ENROLMENT))
        return redirect(ENROLMENT)
