"""What has been changed of a jobseeker's data, for those who serve the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobmatching.seekers.heads import head_of, seeker_or_404
from jobmatching.seekers.opening import reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action
from portal.privacy.history.pages import history_of


@permission_required(Permission.HISTORY_VIEW)
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required(action=Action.HISTORY)
def seeker_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of the profile, newest first; reading it stands in the access log."""
    seeker = seeker_or_404(request, pk)
    return render(
        request,
        "seekers/history.html",
        {**head_of(request, seeker, "seekers:history"), **history_of(request, seeker)},
    )
