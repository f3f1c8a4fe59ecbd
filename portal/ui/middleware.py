"""Security headers beside those that Django and django-csp set, and what no cache may keep."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POWERS_OFF: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
"""Powers of the browser that no page of ours uses, as far as Chromium knows them everywhere (it warns of others)."""
_POWERS_OURS: Final = ("publickey-credentials-create", "publickey-credentials-get")
"""Passkeys."""
PERMISSIONS_POLICY: Final = ", ".join(
    [*(f"{power}=()" for power in _POWERS_OFF), *(f"{power}=(self)" for power in _POWERS_OURS)]
)

Answer = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Say what other sites may do with our answers, and which powers of the browser our pages use.

    First of all middleware: it sees every answer, static files and redirects to https as well.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class PrivatePagesMiddleware:
    """Keep what a signed-in person has seen out of every cache, and clear the browser when they sign out.

    Below the static files, which anybody may keep. A page for everybody is not stored either unless its view says how
    long it may be, and then only for those who have no session.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = response.headers.get("Cache-Control", "")
        if "no-store" not in said and (not said or _of_somebody(request, response)):
            response.headers["Cache-Control"] = "no-store"
        if getattr(request, _SIGNED_OUT, False):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


_SIGNED_OUT: Final = "_has_signed_out"


def note_sign_out(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """Receiver of `user_logged_out`: whichever way a person signs out, the answer clears the browser."""
    if request is not None:
        setattr(request, _SIGNED_OUT, True)


def _of_somebody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the request has a session or credentials, or the answer begins a session."""
    session = settings.SESSION_COOKIE_NAME
    return session in request.COOKIES or session in response.cookies or "Authorization" in request.headers
