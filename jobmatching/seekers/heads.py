"""What the head of every page about a person shows: the facts under the name, and the tabs that lead on."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import opened, opening_of
from jobmatching.seekers.profile import header_facts
from jobmatching.seekers.querysets import head_lookups, page_lookups
from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.privacy.access import Purpose
from portal.ui.panels import panels
from portal.ui.parts import Choice


@dataclass(frozen=True)
class Tab:
    """A page about a person, for those who have its permission."""

    url_name: str
    label: Promise
    permission: Permission
    to_those_who_serve: bool = False
    """Only for those who serve the person: a reason does not open it."""


TABS: Final = (
    Tab("seekers:page", _("Profile"), Permission.SEEKERS_VIEW),
    Tab("seekers:matches", _("Matches"), Permission.SEEKERS_VIEW),
    Tab("seekers:history", _("History"), Permission.HISTORY_VIEW),
    Tab("seekers:looked", _("Who has looked"), Permission.SEEKERS_VIEW, to_those_who_serve=True),
    Tab("seekers:rights", pgettext_lazy("tab", "Data protection"), Permission.SUBJECT_REQUESTS),
)


def seeker_or_404(request: HttpRequest, pk: int, *, whole: bool = False) -> JobSeeker:
    """The person with all that the head shows; 404 where the one who asks may not see them.

    `whole`: with all that is known, for the profile and the reasons of matches. In a view that `reason_required`
    guards, the person has been read already.
    """
    seeker: JobSeeker | None = opened(request, pk)
    if seeker is None:
        visible = JobSeeker.objects.visible_to(request.user).with_situation(timezone.localdate())
        seeker = get_object_or_404(visible.with_restriction().with_what_stands_beside(), pk=pk)
    prefetch_related_objects([seeker], *(page_lookups() if whole else head_lookups()))
    return seeker


def head_of(request: HttpRequest, seeker: JobSeeker, current: str) -> dict[str, Any]:
    """What `seekers/base.html` needs on the page whose address has the name `current`."""
    opening = opening_of(request)
    counts = [panel.context["count"] for panel in panels("seeker.match_count", request, seeker)]
    return {
        "seeker": seeker,
        "opening": opening,
        "facts": header_facts(seeker),
        "tabs": [
            Choice(
                reverse(tab.url_name, args=[seeker.pk]),
                str(tab.label),
                counts[0] if counts and tab.url_name == "seekers:matches" else None,
                tab.url_name == current,
            )
            for tab in TABS
            if may(request.user, tab.permission) and (not tab.to_those_who_serve or opening.purpose == Purpose.CLIENT)
        ],
    }
