"""Notes refusals, and lets no read take place that cannot be noted."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import ResolverMatch

from portal.privacy.access.enums import Action
from portal.privacy.access.recording import LARGEST_ID, AccessNotRecorded, record

_REFUSED: Final = 403
_NOT_THERE: Final = 404


class AccessLogMiddleware:
    """What the views themselves do not note: that somebody was refused.

    A row is written for each 403 of a signed-in person (a permission that is missing), and for each 404 of an address
    that names a person (`about_person`): somebody asked for a person whom they may not see, or who is not there. It
    comes after the view's transaction has been rolled back. A read that could not be noted is answered with 503.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (_REFUSED, _NOT_THERE) and getattr(request, "_view_was_asked", False):
            try:
                self._note_refusal(request, response.status_code)
            except AccessNotRecorded:
                return not_recorded(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Other middleware has let the request through: a 403 from now on is about rights, not about a stale form."""
        request._view_was_asked = True  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 where a read could not be noted."""
        return not_recorded(request) if isinstance(exception, AccessNotRecorded) else None

    def _note_refusal(self, request: HttpRequest, status: int) -> None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return
        subject = _subject(match)
        if status == _NOT_THERE and subject is None:
            return
        record(
            request,
            Action.DENIED,
            view=match.view_name,
            seekers=[] if subject is None else [subject],
            about=f"{request.method} {status}",
        )


def _subject(match: ResolverMatch) -> int | None:
    """The person whom the address names; None where it names none."""
    argument = getattr(match.func, "about_person", None)
    value = match.kwargs.get(argument) if argument else None
    return value if isinstance(value, int) and value <= LARGEST_ID else None


@login_not_required
def not_recorded(request: HttpRequest) -> HttpResponse:
    """503: the log of reads cannot be written, so nothing is shown."""
    return render(request, "privacy/not_recorded.html", status=503)
