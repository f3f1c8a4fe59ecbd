"""A GET reads: one that writes to the database fails, whoever sends it (the test client or a browser)."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

_WRITES = re.compile(
    r"""^\s*(?:WITH\b.*?\b)?(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+"?(?P<table>\w+)""",
    re.IGNORECASE | re.DOTALL,
)

MAY_BE_WRITTEN = {
    "django_session": "the session store keeps its own time",
    "usersessions_usersession": "the list of a person's sessions, kept by sign-in",
    "privacy_accesslogentry": "the access log: reading data of people is noted, in tests on the same connection",
    "mfa_authenticator": "allauth notes that recovery codes have been shown, so that they are shown once",
    "account_emailaddress": "allauth notes the address of a user whom it meets for the first time",
}
"""Tables that a GET may write to, and why."""


MAY_WRITE = {
    "openid_connect_callback": "the way back from the municipality's sign-in, guarded by `state`",
}
"""Names of addresses that may write on GET, and why."""


class WritingGet(AssertionError):
    """A request that should only read has changed the database."""


def written_table(sql: str) -> str | None:
    """The table that a statement writes to; None for one that reads, or that writes where a GET may."""
    found = _WRITES.match(sql)
    return found["table"] if found and found["table"] not in MAY_BE_WRITTEN else None


class ReadOnlyGetMiddleware:
    """Watch the statements of GET and HEAD; first in the list, so that it sees those of every other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        written: list[str] = []

        def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
            if table := written_table(str(sql)):
                written.append(table)
            return execute(sql, params, many, context)

        connection = connections["default"]
        with connection.execute_wrapper(watch):
            response = self.get_response(request)
        match = request.resolver_match
        if written and (match is None or match.view_name not in MAY_WRITE):
            raise WritingGet(f"{request.method} {request.path} writes to {', '.join(sorted(set(written)))}")
        return response
