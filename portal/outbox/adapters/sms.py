"""Text messages by any provider that takes JSON over HTTPS: the settings SMS_* say where and how.

The request is `POST SMS_URL` with `Authorization: Bearer SMS_TOKEN`, an `Idempotency-Key` that stays the same over all
attempts, and the body `{"from", "to", "text", "reference"}`; SMS_FIELDS gives the provider's own names for these four.
"""

import json
import socket
import ssl
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings

from portal.outbox.adapters import Answer, Letter, NotNow, Refused

TIMEOUT_S: Final = 15.0
_LONGEST_ANSWER: Final = 20_000
# The provider said no and means it; everything else below 500 that is not here will not change by trying again.
_LATER: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
# Nothing has been said to the provider yet. A timeout, or a connection lost in the middle, is another matter.
_NEVER_CONNECTED: Final = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token and the text elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HttpSmsAdapter:
    """Generic HTTP."""

    name = "sms"

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_NoRedirects())

    def send(self, letter: Letter) -> Answer:
        """Post one text message. What the provider may have taken without saying so raises as it is."""
        try:
            with self._opener.open(self._request(letter), timeout=TIMEOUT_S) as response:
                body = response.read(_LONGEST_ANSWER).decode("utf-8", "replace")
                return Answer(f"{response.status} {response.reason}", _identifier(body))
        except urllib.error.HTTPError as error:
            error.close()
            told = f"{error.code} {error.reason}"
            if error.code in _LATER:
                raise NotNow(told) from error
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Refused(told) from error
            raise
        except urllib.error.URLError as error:
            if not isinstance(error.reason, _NEVER_CONNECTED):
                raise
            raise NotNow(type(error.reason).__name__) from error

    def close(self) -> None:
        """Each message has a connection of its own."""

    def _request(self, letter: Letter) -> urllib.request.Request:
        values = {
            "from": settings.SMS_SENDER,
            "to": letter.address,
            "text": letter.text,
            "reference": letter.reference,
        }
        named = {settings.SMS_FIELDS.get(name, name): value for name, value in values.items()}
        return urllib.request.Request(  # noqa: S310  a check of the settings asks for https
            settings.SMS_URL,
            data=json.dumps(named).encode(),
            method="POST",
            headers={
                "Authorization": f"Bearer {settings.SMS_TOKEN}",
                "Content-Type": "application/json",
                "Idempotency-Key": letter.reference,
            },
        )


def _identifier(body: str) -> str:
    """The provider's identifier of the message, where its answer has one."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    found = told.get(settings.SMS_ID_FIELD, "") if isinstance(told, dict) else ""
    return str(found)[:200]
