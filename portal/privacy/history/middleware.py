"""Requests that write tell who the person is."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from portal.privacy.history.context import Source, Told, in_force
from portal.privacy.request_ids import request_id

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class HistoryMiddleware:
    """Each change of a request carries its person, view and id. Behind AuthenticationMiddleware.

    Who it is is asked at each statement that writes: a sign-in makes somebody of nobody halfway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _READING:
            return self.get_response(request)
        with in_force(lambda: _told_by(request)):
            return self.get_response(request)


def _told_by(request: HttpRequest) -> Told:
    match = request.resolver_match
    return Told(request.user.pk, Source.WEB, match.view_name if match else "", request_id(request))
