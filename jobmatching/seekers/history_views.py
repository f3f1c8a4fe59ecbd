"""What has been changed of a jobseeker's data, for those who serve the person."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobmatching.seekers.heads import head_of, seeker_or_404
from jobmatching.seekers.models import JobSeeker, NamedWorker
from jobmatching.seekers.non_disclosure.models import NonDisclosure
from jobmatching.seekers.opening import reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action
from portal.privacy.history.pages import history_of
from portal.privacy.history.querysets import NOTHING, Withheld

PROTECTION: Final = Withheld(
    kinds=frozenset({NonDisclosure._meta.label_lower, NamedWorker._meta.label_lower}),
    columns=frozenset({(JobSeeker._meta.label_lower, "non_disclosure")}),
)
"""What the history holds of non-disclosure."""


@permission_required(Permission.HISTORY_VIEW)
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required(action=Action.HISTORY)
def seeker_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of the profile, newest first; reading it stands in the access log.

    That somebody is or was hidden, why and by whom, the workers named for them now may know, while it is in force;
    nobody else, also afterwards.
    """
    seeker = seeker_or_404(request, pk)
    named = NonDisclosure.objects.naming(request.user).filter(seeker=seeker).exists()
    shown = history_of(request, seeker, NOTHING if named else PROTECTION)
    return render(request, "seekers/history.html", {**head_of(request, seeker, "seekers:history"), **shown})
