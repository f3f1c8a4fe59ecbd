"""The list of jobseekers as a file: first what it would hold, then, on confirmation, the file itself.

The filter stands in the address of both, as in that of the list. Only the confirmed request takes people out of the
portal: no link, preview or reload does.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobmatching.seekers.exports import MOST_ROWS, as_csv, columns
from jobmatching.seekers.listing import OWN, Listing, asked, chips_in_force, listing_of
from portal.accounts.permissions import areas_where, permission_required
from portal.accounts.roles import Permission
from portal.classifications.models import EmploymentArea
from portal.privacy.access import Action, record
from portal.ui.limits import Limit, limited
from portal.ui.parts import Fact


@permission_required(Permission.SEEKERS_EXPORT)
@limited(Limit.EXPORT, when_reading=False)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Show how many people, which and which columns; give the file (CSV, at most 2,000 rows) when that is confirmed.

    In it are people of the areas where the person may export; nobody under non-disclosure.
    """
    listing = listing_of(request)
    areas = areas_where(request.user, Permission.SEEKERS_EXPORT)
    people = listing.found.filter(area__in=areas, non_disclosure=False).unrestricted()
    count = people.count()
    why_not = _why_not(listing, count)
    if request.method == "POST" and why_not:
        messages.error(request, why_not)
        return redirect(request.get_full_path())
    if request.method == "POST":
        taken = list(people)
        record(
            request,
            Action.EXPORT,
            view="seekers:export",
            seekers=[seeker.pk for seeker in taken],
            words=listing.words,
            about=asked(listing),
        )
        response = HttpResponse(as_csv(taken), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{_("jobseekers-file")}-{listing.day.isoformat()}.csv"'
        response["Cache-Control"] = "no-store"
        return response
    return render(
        request,
        "seekers/export.html",
        {
            "count": count,
            "why_not": why_not,
            "facts": _facts(request, listing, areas),
            "columns": columns(),
            "list_url": f"{reverse('seekers:list')}?{request.GET.urlencode()}",
        },
    )


def _why_not(listing: Listing, count: int) -> str:
    """Why there is no file; empty where there is one."""
    if listing.words_lost:
        return _("The words of the search are no longer kept. Write them again in the list.")
    if not count:
        return _("The file would be empty: the list has nobody whom you may export.")
    if count > MOST_ROWS:
        return _("The file would have more than %(count)s rows. Filter the list first.") % {"count": MOST_ROWS}
    return ""


def _facts(request: HttpRequest, listing: Listing, areas: frozenset[int]) -> list[Fact]:
    """Whose clients, of which areas, narrowed how."""
    names = EmploymentArea.objects.filter(pk__in=areas).order_by("name_fi", "pk")
    chips = chips_in_force(request, listing)
    return [
        Fact(_("Whose clients"), _("Own") if listing.scope == OWN else _("Whole area")),
        Fact(_("Areas"), ", ".join(str(area) for area in names)),
        Fact(_("Filters in force"), ", ".join(chip.label for chip in chips) or _("none: every open search")),
    ]
