"""The demo's mailbox: what the portal has sent to invented people. There is none where DEMO_ACCOUNTS is off."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.outbox.models import DemoLetter

PER_PAGE: Final = 25
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Open to everybody in the demo; elsewhere there is no such page."""

    @login_not_required
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO_ACCOUNTS:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """All letters, newest first, or those to one address."""
    letters = DemoLetter.objects.order_by("-created_at", "-pk")
    page = Paginator(letters.defer("html"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/demo/mailbox.html", {"page_obj": page})


@demo_only
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as plain text, its links to follow."""
    return render(request, "outbox/demo/letter.html", {"letter": get_object_or_404(DemoLetter, pk=pk)})


@demo_only
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as a mail program draws it. Its own styles are let through by their hash, and nothing else."""
    html = get_object_or_404(DemoLetter.objects.exclude(html=""), pk=pk).html
    response = HttpResponse(html)
    hashes = [f"'sha256-{_sha256(styles)}'" for styles in _STYLES.findall(html)]
    response._csp_replace = {"style-src": hashes}  # type: ignore[attr-defined]
    return response


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
