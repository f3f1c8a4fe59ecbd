"""A session ends when its time is over."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.sessions.clock import Ended, ended, note_use
from portal.accounts.sessions.limits import limit_of
from portal.ui.by_itself import is_fetched_by_itself


class SessionLimitsMiddleware:
    """Sign out whose time is over, before LoginRequiredMiddleware asks who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated:
            why = ended(request, limit_of(request.user))
            if why is not None:
                logout(request)
                messages.info(request, _words(why))
            elif not is_fetched_by_itself(view):
                note_use(request)
        if not request.user.is_authenticated and getattr(view, "login_required", True):
            return _leave_page(request)
        return None


def _words(why: Ended) -> str:
    if why is Ended.IDLE:
        return _("You were signed out because the portal had not been used for a while. Sign in again to go on.")
    return _("You were signed out because your time was full. Sign in again to go on.")


def _leave_page(request: HttpRequest) -> HttpResponseBase | None:
    """A part of a page that is fetched after the end takes the whole page to sign-in, not sign-in into the part."""
    if not getattr(request, "htmx", False):
        return None
    page = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: page})}")
