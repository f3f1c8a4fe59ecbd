"""Opening what is known about one jobseeker: noted in the access log, with a reason where one does not serve them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.permissions import serves
from portal.privacy.access import Action, Purpose, about_person, record
from portal.privacy.access.models import AccessReason
from portal.privacy.access.reasons import reason_in_force

NEXT: Final = "minne"
"""Parameter of the page that asks for the reason: where to go once it has been given."""

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Opening:
    """Why a person's page is open in this request: one serves the person, or has given a reason."""

    purpose: str
    reason: AccessReason | None = None


def reason_required(argument: str = "pk", action: Action | None = Action.PROFILE) -> Callable[[View], View]:
    """Guard a view about one jobseeker, whose id is the part `argument` of its address.

    404 where the one who asks may not see the person. Whoever does not serve the person is sent to the page that asks
    for a reason, unless one was given today. Then the read is noted, before the view runs; with `action=None` the view
    notes it itself. Put it under `permission_required`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            seeker = _visible(request, kwargs[argument])
            opening = _opening(request, seeker)
            if opening is None:
                return _ask_for_reason(request, seeker.pk)
            request._opening = opening  # type: ignore[attr-defined]
            request._opened = seeker  # type: ignore[attr-defined]
            if action is not None:
                note_opening(request, seeker.pk, action)
            return view(request, *args, **kwargs)

        return about_person(argument)(guarded)

    return decorate


def opening_of(request: HttpRequest) -> Opening:
    """Why the person's page is open. Raises AttributeError in a view that `reason_required` does not guard."""
    opening: Opening = request._opening  # type: ignore[attr-defined]
    return opening


def opened(request: HttpRequest, pk: int) -> JobSeeker | None:
    """The person whom `reason_required` has let in, as it was read for that; None for another one.

    With the situation and all that stands beside; rows of which a person has several are not read yet.
    """
    seeker: JobSeeker | None = getattr(request, "_opened", None)
    return seeker if seeker is not None and seeker.pk == pk else None


def note_opening(request: HttpRequest, pk: int, action: Action, about: str = "") -> None:
    """Note that the data of a jobseeker are opened, with the purpose that `reason_required` has found."""
    opening = opening_of(request)
    view = request.resolver_match.view_name if request.resolver_match else ""
    if opening.reason is not None:
        about = " ".join(filter(None, [about, f"reason {opening.reason.pk}"]))
    record(request, action, view=view, seekers=[pk], purpose=opening.purpose, about=about)


def _visible(request: HttpRequest, pk: int) -> JobSeeker:
    """The person as the head of the page will show them (`opened`), so that one query does for both."""
    visible = JobSeeker.objects.visible_to(request.user).with_situation(timezone.localdate())
    seeker: JobSeeker | None = visible.with_restriction().with_what_stands_beside().filter(pk=pk).first()
    if seeker is None:
        raise Http404
    return seeker


def _opening(request: HttpRequest, seeker: JobSeeker) -> Opening | None:
    if serves(request.user, seeker):
        return Opening(Purpose.CLIENT)
    reason = reason_in_force(request.user, seeker.pk)
    return Opening(reason.code, reason) if reason else None


def _ask_for_reason(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the page that asks, and from there back; a part of a page takes the whole page there."""
    htmx: Any = getattr(request, "htmx", None)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    if htmx:
        back = htmx.current_url_abs_path or reverse("seekers:page", args=[pk])
    address = f"{reverse('seekers:reason', args=[pk])}?{urlencode({NEXT: back})}"
    return HttpResponseClientRedirect(address) if htmx else redirect(address)
