"""`/.well-known/security.txt` (RFC 9116): where to tell of a hole in the portal, and until when that is true."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

WARNED_BEFORE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=366)
"""RFC 9116 asks for less than a year, so that somebody looks at the contact again."""
BY_ITSELF: Final = timedelta(days=180)
"""How long the file is good from the day on which it is asked for, where no time is set."""


def expires() -> datetime | None:
    """The time after which nobody should rely on the file; None where what is set is no time with a zone.

    Where nothing is set, the portal itself vouches for the contact as long as it runs: half a year from today on.
    """
    if not settings.SECURITY_TXT_EXPIRES:
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + BY_ITSELF
    try:
        told = parse_datetime(settings.SECURITY_TXT_EXPIRES)
    except ValueError:
        return None
    return told if told is not None and timezone.is_aware(told) else None


@login_not_required
@transaction.non_atomic_requests
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The file, made from the settings."""
    until = expires()
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS]
    lines += [f"Expires: {until.isoformat(timespec='seconds')}"] if until else []
    lines += [
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL.rstrip('/')}{reverse('ui:security_txt')}",
    ]
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@register(Tags.security, deploy=True)
def security_txt_is_valid(**kwargs: Any) -> list[CheckMessage]:
    """Warn before the file expires, and where it would not be one by RFC 9116."""
    found: list[CheckMessage] = []
    until = expires()
    if until is None:
        hint = "Write the time with its zone (2030-01-31T00:00:00Z), or leave it empty."
        found.append(Warning("SECURITY_TXT_EXPIRES is no time with a zone.", hint=hint, id="ui.W001"))
    elif until < timezone.now() + WARNED_BEFORE:
        hint = "See that the contact is right and set SECURITY_TXT_EXPIRES to a day within a year."
        found.append(Warning(f"security.txt expires on {until.date()}.", hint=hint, id="ui.W002"))
    elif until > timezone.now() + LONGEST:
        hint = "Set SECURITY_TXT_EXPIRES to a day within a year, so that somebody looks at the contact again."
        found.append(Warning(f"security.txt is good until {until.date()}, too long.", hint=hint, id="ui.W003"))
    wrong = [one for one in settings.SECURITY_CONTACTS if not one.startswith(("mailto:", "https://", "tel:"))]
    if wrong or not settings.SECURITY_CONTACTS:
        hint = "Each contact is an address: mailto:…, https://… or tel:…."
        found.append(Warning("SECURITY_CONTACTS names no contact, or something else.", hint=hint, id="ui.W004"))
    return found
