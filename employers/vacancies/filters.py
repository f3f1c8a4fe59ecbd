"""How the list of vacancies is narrowed; every choice stands in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from employers.enums import Hours, VacancyState
from employers.models import Vacancy
from portal.classifications.models import Municipality, OccupationGroup


def _main_groups() -> list[tuple[str, str]]:
    """The one-digit ISCO-08 groups in use, by code."""
    groups = OccupationGroup.objects.current().filter(code__regex=r"^\d$").order_by("code", "scheme", "pk")
    return list({group.code: f"{group.code} {group}" for group in groups}.items())


class VacancyFilter(django_filters.FilterSet):
    """Words, state, municipality, field of work, hours, remote."""

    q = django_filters.CharFilter(
        method="with_words", label=_("Title or employer"), widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=VacancyState.choices, widget=forms.CheckboxSelectMultiple
    )
    municipality = django_filters.ModelMultipleChoiceFilter(
        field_name="municipalities",
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        distinct=True,
    )
    field = django_filters.MultipleChoiceFilter(
        method="in_fields", label=_("Field of work"), choices=_main_groups, widget=forms.CheckboxSelectMultiple
    )
    hours = django_filters.MultipleChoiceFilter(
        label=_("Working hours"), choices=Hours.choices, widget=forms.CheckboxSelectMultiple
    )
    remote = django_filters.BooleanFilter(label=_("Only remote work"), method="only_remote", widget=forms.CheckboxInput)

    class Meta:
        model = Vacancy
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, places: "QuerySet[Municipality]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["municipality"].queryset = places

    def with_words(self, queryset: "QuerySet[Vacancy]", _name: str, value: str) -> "QuerySet[Vacancy]":
        """Every word stands in a title or in the employer's name."""
        for word in value.split():
            queryset = queryset.filter(
                Q(title_fi__icontains=word)
                | Q(title_sv__icontains=word)
                | Q(title_en__icontains=word)
                | Q(employer__name__icontains=word)
            )
        return queryset

    def in_fields(self, queryset: "QuerySet[Vacancy]", _name: str, value: list[str]) -> "QuerySet[Vacancy]":
        chosen = Q()
        for code in value:
            chosen |= Q(occupations__isco__startswith=code)
        return queryset.filter(chosen).distinct() if value else queryset

    def only_remote(self, queryset: "QuerySet[Vacancy]", _name: str, value: bool) -> "QuerySet[Vacancy]":
        return queryset.filter(remote=True) if value else queryset
