"""Single lines of candidate lists, opened and closed in place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from employers.models import Vacancy
from jobmatching.nightly.models import Match
from jobmatching.nightly.noting import note_opened, note_people
from jobmatching.nightly.panels import rows_of_seeker, rows_of_vacancy
from jobmatching.nightly.permissions import works_with
from jobmatching.nightly.querysets import current_result_or_404, people_shown_to
from jobmatching.seekers.opening import reason_required
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import about_person


@permission_required(Permission.MATCHES_VIEW)
@require_safe
@about_person("seeker_pk")
def candidate(request: HttpRequest, pk: int, seeker_pk: int) -> HttpResponse:
    """One candidate of a vacancy, with the reasons when `?avaa=1`."""
    result = current_result_or_404()
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).for_page(), pk=pk)
    if not works_with(request.user, vacancy):
        raise Http404
    get_object_or_404(people_shown_to(request.user), pk=seeker_pk)
    match = get_object_or_404(Match, run_id=result.run_id, vacancy_id=pk, seeker_id=seeker_pk)
    if "avaa" in request.GET:
        note_opened(request, vacancy, seeker_pk)
    else:
        note_people(request, vacancy, [seeker_pk])
    rows = rows_of_vacancy(request, result, vacancy, [match], str(seeker_pk) if "avaa" in request.GET else "")
    return render(request, "nightly/candidate.html", {"row": rows[0]})


@permission_required(Permission.MATCHES_VIEW)
@require_safe
@reason_required()
def vacancy_of_seeker(request: HttpRequest, pk: int, vacancy_pk: int) -> HttpResponse:
    """One vacancy of a jobseeker's matches, with the reasons when `?avaa=1`."""
    result = current_result_or_404()
    seeker = get_object_or_404(people_shown_to(request.user).for_page(), pk=pk)
    get_object_or_404(Vacancy.objects.visible_to(request.user), pk=vacancy_pk)
    match = get_object_or_404(Match, run_id=result.run_id, vacancy_id=vacancy_pk, seeker_id=pk)
    rows = rows_of_seeker(request, result, seeker, [match], str(vacancy_pk) if "avaa" in request.GET else "")
    return render(request, "nightly/candidate.html", {"row": rows[0]})
