"""The way to the provider and back."""

import logging
import re
import secrets
from typing import Any, Final

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from portal.accounts.by_provider.protocol import (
    NONCE,
    PROVIDER_ID,
    MunicipalAdapter,
    MunicipalProvider,
    NotOurAnswer,
)

log = logging.getLogger(__name__)
_ENDED: Final = {
    "ei-avaudu": ("accounts/by_provider/refused.html", 403),
    "peruttu": ("accounts/by_provider/cancelled.html", 200),
    "ei-onnistunut": ("accounts/by_provider/failed.html", 401),
}
_CODES: Final = re.compile(
    r"\b(?:AADSTS\d{4,8}|(?:invalid|unauthorized|unsupported|access|server|temporarily|interaction|login|consent)_[a-z_]{2,30})\b"
)


def _adapter(request: HttpRequest) -> MunicipalAdapter:
    """The way to talk with the provider. Raises Http404 where none is set up."""
    adapter = MunicipalAdapter(request, PROVIDER_ID)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter


@login_not_required
@never_cache
@require_POST
@rate_limit(action="login")  # type: ignore[untyped-decorator]  # allauth has no types
def set_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider's sign-in.

    By a page that goes on by itself, not by a redirect: browsers hold the answers to a form against `form-action` of
    the content security policy, all along the way, and the provider may send people on to a server unknown to us.
    """
    provider: MunicipalProvider = _adapter(request).get_provider()
    nonce = secrets.token_urlsafe(32)
    try:
        onward = provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            auth_params=provider.questions(nonce),
            scope=["openid", "profile", "email"],
            **{NONCE: nonce},
        )
    except (OAuth2Error, RequestException) as error:
        return failed(request, error)
    return render(request, "accounts/by_provider/onward.html", {"onward": onward.url, "provider_name": provider.name})


class CallbackView(OAuth2CallbackView):
    """allauth's way back, with pages of ours and with the nonce."""

    adapter: MunicipalAdapter

    def _get_state(self, request: HttpRequest, provider: MunicipalProvider) -> tuple[dict[str, Any] | None, Any]:
        state, response = super()._get_state(request, provider)
        if response is None and state is not None:
            self.adapter.answer_to = state
        return state, response


@login_not_required
@never_cache
@require_safe
@sensitive_variables()
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer."""
    try:
        answer: HttpResponse = CallbackView.adapter_view(_adapter(request))(request)
    except (OAuth2Error, RequestException) as error:  # before allauth catches them: the discovery document
        return failed(request, error)
    return answer


@login_not_required
@require_safe
def ended(request: HttpRequest, outcome: str) -> HttpResponse:
    """How a sign-in ended that did not succeed: at an address without the provider's answer in it."""
    template, status = _ENDED.get(outcome, ("", 404))
    if not template or settings.OIDC is None:
        raise Http404
    return render(request, template, {"provider_name": settings.OIDC.name}, status=status)


def answer_to_error(request: HttpRequest, error: str | None, exception: Exception | None) -> None:
    """What allauth calls an authentication error, with our page. Raises ImmediateHttpResponse."""
    if error == AuthError.CANCELLED:
        raise ImmediateHttpResponse(redirect("sign_in_ended", "peruttu"))
    raise ImmediateHttpResponse(failed(request, exception))


def failed(request: HttpRequest, error: Exception | None) -> HttpResponse:
    """Nobody was signed in, and it is nobody's fault who reads this. The log is told what kind of trouble it was."""
    log.warning("Sign-in by the provider failed: %s", _trouble(request, error))
    return redirect("sign_in_ended", "ei-onnistunut")


def _trouble(request: HttpRequest, error: Exception | None) -> str:
    """What administrators need to look it up, and nothing else of what was sent: our own words, a code of the protocol
    (`invalid_client`) or of Entra ID (`AADSTS7000215`).
    """
    if isinstance(error, NotOurAnswer):
        return str(error)
    sent = f"{request.GET.get('error', '')} {request.GET.get('error_description', '')} {error or ''}"
    codes = dict.fromkeys(_CODES.findall(sent))
    return " ".join([type(error).__name__ if error else "no answer to a question of ours", *codes])
