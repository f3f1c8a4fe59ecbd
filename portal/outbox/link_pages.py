"""The frame of pages that people without an account open by a link.

A view under `answered_by_link(purpose)` is asked only while the link is open; for links that are not there is a page of
its own that says why and what to do. Every such page

- reads on GET and answers on POST, so that programs which look at links in mails do not answer for anybody;
- takes the token in the address as the only proof: cookies play no part, so the check of forms against other sites has
  nothing to protect and would only shut out people whose mail program keeps no cookies;
- is in the language of the message, or another one that the reader chooses;
- is kept out of search engines and caches, and sends its address to nobody (`no-referrer`);
- is limited per network address.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portal.outbox import links
from portal.outbox.enums import LinkState
from portal.outbox.links import LinkNotOpen, Reading
from portal.outbox.models import Link
from portal.ui.limits import Limit, TooOften, spend

LANGUAGE_PARAMETER: Final = "kieli"
_STATUS: Final = {
    LinkState.UNKNOWN: 404,
    LinkState.EXPIRED: 410,
    LinkState.REVOKED: 410,
    # Most of those who come back have just answered, or want to see that they have.
    LinkState.USED: 200,
}

View = Callable[[HttpRequest, Link, str], HttpResponse]
Framed = Callable[[HttpRequest, str], HttpResponse]


def answered_by_link(purpose: str, *, used_template: str = "outbox/link/closed.html") -> Callable[[View], Framed]:
    """Guard a view (request, link, token) of one purpose. `used_template` is shown to who has answered already."""

    def decorate(view: View) -> Framed:
        @login_not_required
        @csrf_exempt
        @never_cache
        @sensitive_variables("token")
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def framed(request: HttpRequest, token: str) -> HttpResponse:
            reading = _read(request, token, purpose)
            with override(_language(request, reading)):
                if isinstance(reading, TooOften):
                    response = _too_often(request, reading)
                elif reading.link is None or reading.state is not LinkState.OPEN:
                    response = _closed(request, reading, used_template)
                else:
                    try:
                        response = view(request, reading.link, token)
                    except LinkNotOpen as late:
                        response = _closed(request, Reading(late.state, reading.link), used_template)
                response.headers["Content-Language"] = get_language() or settings.LANGUAGE_CODE
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            return response

        framed.purpose = purpose  # type: ignore[attr-defined]
        return framed

    return decorate


def _read(request: HttpRequest, token: str, purpose: str) -> Reading | TooOften:
    """What the token is good for; guesses cost more of the limit than links that there are."""
    who = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()[:16]
    try:
        spend(Limit.LINK, who)
        reading = links.read(token, purpose)
        if reading.state is LinkState.UNKNOWN:
            spend(Limit.UNKNOWN_LINK, who)
    except TooOften as too_often:
        return too_often
    return reading


def _language(request: HttpRequest, reading: Reading | TooOften) -> str:
    chosen = request.GET.get(LANGUAGE_PARAMETER, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    link = None if isinstance(reading, TooOften) else reading.link
    return link.language if link else get_language() or settings.LANGUAGE_CODE


def _closed(request: HttpRequest, reading: Reading, used_template: str) -> HttpResponse:
    template = used_template if reading.state is LinkState.USED else "outbox/link/closed.html"
    context: dict[str, Any] = {"state": reading.state, "link": reading.link}
    return render(request, template, context, status=_STATUS[reading.state])


def _too_often(request: HttpRequest, too_often: TooOften) -> HttpResponse:
    response = render(request, "outbox/link/too_often.html", status=429)
    response.headers["Retry-After"] = str(too_often.retry_after)
    return response
