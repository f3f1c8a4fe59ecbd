"""Vacancies as the people of the employment area, and each employer its own, see them."""

from typing import Final

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from employers.enums import VacancyState
from employers.models import Vacancy
from employers.vacancies.filters import VacancyFilter
from employers.vacancies.posting import contact_of, terms_of, texts_of
from employers.vacancies.requirements import requirements_in_words
from portal.accounts.permissions import areas_where, permission_required
from portal.accounts.roles import Permission
from portal.classifications.models import Municipality
from portal.ui.panels import panels
from portal.ui.parts import Choice

PER_PAGE: Final = 25

ORDERS: Final = {
    "closing": (F("apply_until").asc(nulls_last=True), "pk"),
    "newest": (F("published_at").desc(nulls_last=True), "-pk"),
    "title": ("title_fi", "pk"),
}


@permission_required(Permission.VACANCIES_VIEW)
@require_safe
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """The vacancies that the person may see, published ones first of all; filters, order and page stand in the address."""
    visible = Vacancy.objects.visible_to(request.user)
    data = request.GET.copy()
    if "state" not in data and "all" not in data:
        data.setlist("state", [VacancyState.PUBLISHED])
    chosen = VacancyFilter(data, visible, places=_places(request, visible))
    order = data.get("order", "closing") if data.get("order") in ORDERS else "closing"
    found = chosen.qs.select_related("employer").prefetch_related("municipalities", "occupations").order_by(*ORDERS[order])
    page = Paginator(found, PER_PAGE).get_page(data.get("page"))
    return render(
        request,
        "vacancies/list.html",
        {
            "filter": chosen,
            "page_obj": page,
            "orders": _order_choices(request, order),
            "order": order,
            "row_panels": panels("vacancy.row", request, list(page)),
        },
    )


def _places(request: HttpRequest, visible: "QuerySet[Vacancy]") -> "QuerySet[Municipality]":
    """Municipalities offered by the filter: those of the person's areas, or those that the own vacancies name."""
    areas = areas_where(request.user, Permission.VACANCIES_VIEW)
    if areas:
        return Municipality.objects.current().filter(area__in=areas).order_by("name_fi", "pk")
    return Municipality.objects.filter(vacancies__in=visible).distinct().order_by("name_fi", "pk")


def _order_choices(request: HttpRequest, order: str) -> list[Choice]:
    choices = []
    for name, label in (("closing", _("Closing first")), ("newest", _("Newest first")), ("title", _("By title"))):
        query = request.GET.copy()
        query["order"] = name
        query.pop("page", None)
        choices.append(Choice(f"?{query.urlencode()}", label, current=name == order))
    return choices


@permission_required(Permission.VACANCIES_VIEW)
@require_safe
def vacancy_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A vacancy: what the work asks, and the panels that other parts bring (candidates)."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).for_page(), pk=pk)
    return render(
        request,
        "vacancies/page.html",
        {
            "vacancy": vacancy,
            "requirements": requirements_in_words(vacancy),
            "panels": panels("vacancy.page", request, vacancy),
        },
    )


@permission_required(Permission.VACANCIES_VIEW)
@require_safe
def vacancy_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """The posting as it was given: texts, terms, contact."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).for_page(), pk=pk)
    return render(
        request,
        "vacancies/posting.html",
        {"vacancy": vacancy, "texts": texts_of(vacancy), "terms": terms_of(vacancy), "contact": contact_of(vacancy)},
    )
