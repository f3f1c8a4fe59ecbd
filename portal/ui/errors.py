"""Error pages in the portal's look. The page for our own faults needs neither database nor static files."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from portal.ui.spreadsheets.limits import MEBIBYTE, MOST_BYTES

# Sent where even the template cannot be drawn.
_LAST_RESORT = (
    '<!doctype html><html lang="fi"><head><meta charset="utf-8"><title>Kohtaanto</title></head><body><main>'
    "<h1>Palvelussa on vika</h1><p>Yritä hetken kuluttua uudelleen.</p>"
    '<p lang="sv">Det är fel på tjänsten. Försök igen om en stund.</p>'
    '<p lang="en">The service has a fault. Try again in a while.</p></main></body></html>'
)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be understood; 413 where it is only too large."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"most_megabytes": MOST_BYTES // MEBIBYTE}, status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person's roles do not open the page."""
    return render(request, "403.html", status=403)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that has stood open too long or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or nothing there that this person may see."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; in all three languages, since the person's own may not be known."""
    try:
        page = loader.get_template("500.html").render()
    except Exception:  # whatever broke the page may break its template as well
        page = _LAST_RESORT
    return HttpResponse(page, status=500)
