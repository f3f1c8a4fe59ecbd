"""Vacancies as the people of the employment area, and each employer its own, see them."""

from typing import Final

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from employers.models import Vacancy
from employers.vacancies.filters import VacancyFilter
from employers.vacancies.posting import contact_of, terms_of, texts_of
from employers.vacancies.requirements import requirements_in_words
from portal.accounts.permissions import areas_where, permission_required
from portal.accounts.roles import Permission
from portal.classifications.models import Municipality
from portal.privacy.history.pages import history_of
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
    """The vacancies that the person may see: open ones unless all or certain states are asked for.

    Filters, order and page stand in the address.
    """
    visible = Vacancy.objects.visible_to(request.user)
    query = request.GET
    show_all = query.get("show") == "all" or bool(query.getlist("state"))
    listed = visible if show_all else visible.open(timezone.localdate())
    chosen = VacancyFilter(query, listed, places=_places(request, visible))
    order = query["order"] if query.get("order") in ORDERS else "closing"
    found = (
        chosen.qs.select_related("employer").prefetch_related("municipalities", "occupations").order_by(*ORDERS[order])
    )
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    return render(
        request,
        "vacancies/list.html",
        {
            "filter": chosen,
            "page_obj": page,
            "shown": [
                _choice(query, _("Open"), current=not show_all, show=None, state=None),
                _choice(query, _("All"), current=show_all and not query.getlist("state"), show="all", state=None),
            ],
            "orders": [
                _choice(query, _("Closing first"), current=order == "closing", order="closing"),
                _choice(query, _("Newest first"), current=order == "newest", order="newest"),
                _choice(query, _("By title"), current=order == "title", order="title"),
            ],
            "keep": {name: query[name] for name in ("order", "show") if name in query},
            "row_panels": panels("vacancy.row", request, list(page)),
        },
    )


def _places(request: HttpRequest, visible: "QuerySet[Vacancy]") -> "QuerySet[Municipality]":
    """Municipalities offered by the filter: those of the person's areas, and those that the vacancies name."""
    areas = areas_where(request.user, Permission.VACANCIES_VIEW)
    named = Municipality.objects.filter(vacancies__in=visible).values("pk")
    return Municipality.objects.current().filter(Q(area__in=areas) | Q(pk__in=named)).order_by("name_fi", "pk")


def _choice(query: QueryDict, label: str, *, current: bool, **changes: str | None) -> Choice:
    """A link to the same list with some parameters changed (None takes one away), from its first page."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return Choice(f"?{changed.urlencode()}", label, current=current)


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


@permission_required(Permission.HISTORY_VIEW)
@permission_required(Permission.VACANCIES_VIEW)
@require_safe
def vacancy_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of a vacancy and of what it asks, newest first; for staff, not for the employer's people."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).for_page(), pk=pk)
    return render(request, "vacancies/history.html", {"vacancy": vacancy, **history_of(request, vacancy)})
