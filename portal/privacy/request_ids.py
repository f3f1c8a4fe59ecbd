"""One id for everything that a request leaves behind: the access log and the history of changes carry the same."""

import uuid

from django.http import HttpRequest


def request_id(request: HttpRequest) -> str:
    """The id of a request, 32 hexadecimal digits, made when it is first asked for; never taken from outside."""
    kept: str | None = getattr(request, "_portal_request_id", None)
    if kept is None:
        kept = uuid.uuid4().hex
        request._portal_request_id = kept  # type: ignore[attr-defined]
    return kept
