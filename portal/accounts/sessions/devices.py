"""Devices in words, and whether one is new."""

import hashlib
import re
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.sessions.models import KnownDevice
from portal.accounts.users import User

COOKIE_AGE_S: Final = 400 * 24 * 3600
"""As long as browsers keep a cookie."""
# The first that fits: most browsers also name those they descend from.
_BROWSERS: Final = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"HeadlessChrome/|Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"Windows", "Windows"),
    (r"iPhone|iPad|iPod", "iOS"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
)


def words_of(user_agent: str) -> str:
    """Browser and system as people call them: "Firefox, Windows"; in the language of now where neither is known."""
    known = [
        next((name for pattern, name in table if re.search(pattern, user_agent)), None)
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, known)) or _("unknown device")


def recognise(request: HttpRequest, response: HttpResponseBase, user: User) -> KnownDevice | None:
    """Note the device of a sign-in; return it where the person has used others, and never this one."""
    mark = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    if not re.fullmatch(r"[\w-]{43}", mark):
        mark = secrets.token_urlsafe(32)
    words = words_of(request.headers.get("User-Agent", ""))
    first_ever = not KnownDevice.objects.filter(user=user).exists()
    device, new = KnownDevice.objects.update_or_create(
        user=user, mark_hash=_hash(mark), defaults={"words": words[:80], "last_seen": timezone.now()}
    )
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        mark,
        max_age=COOKIE_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return device if new and not first_ever else None


def _hash(mark: str) -> str:
    return hashlib.sha256(mark.encode()).hexdigest()
