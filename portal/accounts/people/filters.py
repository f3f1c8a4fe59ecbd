"""How the list of accounts is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.accounts.people.querysets import has_factor
from portal.accounts.roles import Role
from portal.accounts.users import RoleMembership, User
from portal.classifications.models import EmploymentArea

STATES = (
    ("open", _("open")),
    ("closed", _("closed")),
    ("no_role", _("without a role today")),
    ("no_factor", _("without two-step sign-in")),
)


class AccountFilter(django_filters.FilterSet):
    """By role held today, by its area, and by what stands out."""

    role = django_filters.MultipleChoiceFilter(
        method="with_roles",
        label=_("Role"),
        choices=[(role.value, capfirst(str(role.label))) for role in Role],
        widget=forms.CheckboxSelectMultiple,
    )
    area = django_filters.ModelMultipleChoiceFilter(
        method="in_areas",
        label=_("Area"),
        queryset=EmploymentArea.objects.order_by("name_fi", "pk"),
        widget=forms.CheckboxSelectMultiple,
    )
    state = django_filters.MultipleChoiceFilter(
        method="in_states", label=_("State"), choices=STATES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["role"].choices = [(role.value, capfirst(str(role.label))) for role in Role]

    def _held(self) -> QuerySet[RoleMembership]:
        return RoleMembership.objects.active(timezone.localdate()).filter(user=OuterRef("pk"))

    def with_roles(self, accounts: QuerySet[User], name: str, roles: list[str]) -> QuerySet[User]:
        return accounts.filter(Exists(self._held().filter(role__in=roles))) if roles else accounts

    def in_areas(self, accounts: QuerySet[User], name: str, areas: list[EmploymentArea]) -> QuerySet[User]:
        return accounts.filter(Exists(self._held().filter(area__in=areas))) if areas else accounts

    def in_states(self, accounts: QuerySet[User], name: str, states: list[str]) -> QuerySet[User]:
        for state in states:
            if state in ("open", "closed"):
                accounts = accounts.filter(is_active=state == "open")
            elif state == "no_role":
                accounts = accounts.exclude(Exists(self._held()))
            elif state == "no_factor":
                accounts = accounts.filter(~has_factor())
        return accounts
