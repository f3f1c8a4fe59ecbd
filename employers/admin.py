"""Administration of employers and vacancies: search, filters, spreadsheets.

Open to those whose role lets them use the administration (`Permission.ADMIN_USE`), not to Django's own permissions. A
vacancy's state changes by the actions, which go through `employers.vacancies.services`.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from employers.companies.models import Employer, Membership
from employers.resources import EmployerResource, VacancyResource
from employers.vacancies import services
from employers.vacancies.models import Vacancy, VacancyLanguage, VacancySkill, VacancyTransition
from portal.accounts.models import User
from portal.ui.administration import ByRole, confirmed
from portal.ui.spreadsheets.administration import WithSpreadsheets


class IdWidget(ForeignKeyRawIdWidget):
    """An id alone: the row above it says what it stands for, so that no query a row is needed."""

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        return "", ""


ADDRESSES: dict[Any, dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class Rows(ByRole, admin.TabularInline):
    """Rows of a list on the page of their owner; they are read with what they name, in one query."""

    extra = 0
    named: tuple[str, ...] = ()
    """Foreign keys that a row's text is made of."""
    by_id: tuple[str, ...] = ()
    """Foreign keys into registers too long for a menu."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.named)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.by_id:
            kwargs["widget"] = IdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


class MembershipInline(Rows):
    """People who act for the employer."""

    model = Membership
    named = ("user", "employer")
    by_id = ("user",)


@admin.register(Employer)
class EmployerAdmin(ByRole, WithSpreadsheets):
    """Employers."""

    formfield_overrides = ADDRESSES
    resource_classes = (EmployerResource,)
    list_display = ("name", "business_id", "kind", "industry", "municipality", "area")
    list_filter = ("kind", "area")
    list_select_related = ("industry", "municipality", "area")
    search_fields = ("name", "business_id")
    search_help_text = _("Name or Business ID")
    raw_id_fields = ("municipality",)
    inlines = (MembershipInline,)


class SkillInline(Rows):
    """Skills required."""

    model = VacancySkill
    named = by_id = ("skill",)


class LanguageInline(Rows):
    """Languages required."""

    model = VacancyLanguage
    named = ("language",)


class TransitionInline(Rows):
    """Changes of state, to be read."""

    model = VacancyTransition
    named = ("by",)
    readonly_fields = ("origin", "target", "by", "reason", "happened_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Vacancy)
class VacancyAdmin(ByRole, WithSpreadsheets):
    """Vacancies."""

    formfield_overrides = ADDRESSES
    resource_classes = (VacancyResource,)
    list_display = ("__str__", "employer", "area", "state", "source", "published_at", "apply_until")
    list_filter = ("state", "source", "area", "continuity", "remote")
    list_select_related = ("employer", "area")
    search_fields = ("title_fi", "title_sv", "title_en", "source_id", "employer__name", "employer__business_id")
    search_help_text = _("Title, identifier, employer or Business ID")
    date_hierarchy = "published_at"
    raw_id_fields = ("employer", "occupations", "municipalities")
    filter_horizontal = ("licences", "cards")
    readonly_fields = ("state", "published_at", "closed_at", "source_changed_at", "created_at", "updated_at")
    inlines = (SkillInline, LanguageInline, TransitionInline)
    actions = ("publish_chosen", "close_chosen")

    @admin.action(description=_("Publish the chosen vacancies"), permissions=["change"])
    @confirmed(_("Publish these vacancies?"))
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Vacancy]) -> None:
        """Publish those that can be."""
        self._change(request, queryset, services.publish)

    @admin.action(description=_("Close the chosen vacancies"), permissions=["change"])
    @confirmed(_("Close these vacancies?"))
    def close_chosen(self, request: HttpRequest, queryset: QuerySet[Vacancy]) -> None:
        """Close those that can be."""
        self._change(request, queryset, services.close)

    def _change(self, request: HttpRequest, queryset: QuerySet[Vacancy], change: Callable[..., Vacancy]) -> None:
        assert isinstance(request.user, User)
        done, refused = 0, 0
        for vacancy_id in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                change(vacancy_id, by=request.user)
                done += 1
            except services.TransitionNotAllowed:
                refused += 1
        if done:
            told = ngettext("%d vacancy was changed.", "%d vacancies were changed.", done) % done
            self.message_user(request, told, messages.SUCCESS)
        if refused:
            told = ngettext(
                "%d vacancy stays as it was: its state does not allow the change.",
                "%d vacancies stay as they were: their states do not allow the change.",
                refused,
            )
            self.message_user(request, told % refused, messages.WARNING)
