"""Pages that belong to no one register: the way in, the public statements, the component page."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.ui.gallery import gallery
from portal.ui.navigation import first_page, open_to

COMPONENTS_PERMISSION = "admin.use"
# The day on which the accessibility statement was last gone through.
STATEMENT_DAY = date(2026, 11, 21)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the first page of their role; who is not signed in, to sign in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect(first_page(request) or "accounts:own")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law on digital services asks for."""
    return render(request, "ui/accessibility.html", {"statement_day": STATEMENT_DAY})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps about the people who use it and the people it is about."""
    return render(request, "ui/privacy.html")


@login_not_required
@require_safe
def feedback(request: HttpRequest) -> HttpResponse:
    """Where to write, and in which time an answer comes."""
    return render(request, "ui/feedback.html")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in its states, for administrators and for the browser tests."""
    if not open_to(request.user, COMPONENTS_PERMISSION):
        raise PermissionDenied
    return render(request, "ui/components.html", gallery(request))


# What the tests of permissions read, as `permission_required` of the floor above leaves it on its views.
components.permission = COMPONENTS_PERMISSION  # type: ignore[attr-defined]
