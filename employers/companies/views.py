"""Employers as the people of the employment area see them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from employers.companies.models import Employer
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.history.pages import history_of


@permission_required(Permission.HISTORY_VIEW)
@permission_required(Permission.VACANCIES_VIEW)
@require_safe
def employer_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of an employer and of the people who act for it, for the staff of the area that serves it."""
    employer = get_object_or_404(Employer.objects.visible_to(request.user), pk=pk)
    return render(request, "companies/history.html", {"employer": employer, **history_of(request, employer)})
