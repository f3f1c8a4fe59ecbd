"""Administration of the classifications: registers with spreadsheets; what comes by import is only to be read.

Open to those whose role lets them use the administration, not to Django's own permissions. Rows that others refer to
are not deleted here: a municipality is marked as no longer in use, a concept is withdrawn by an import.
"""

from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.classifications.events import MUNICIPALITIES, tell_imported
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    Occupation,
    OccupationGroup,
    Release,
    Skill,
    SkillGroup,
    TravelTime,
)
from portal.classifications.resources import (
    CardResource,
    DrivingLicenceResource,
    EducationLevelResource,
    EmploymentAreaResource,
    IndustryResource,
    LanguageResource,
    MunicipalityResource,
    TravelTimeResource,
    give_slot,
)
from portal.ui.administration import ByRole, OnlyToRead
from portal.ui.spreadsheets.administration import WithSpreadsheets

_NAMES: Final = ("name_fi", "name_sv", "name_en")


class Register(ByRole, WithSpreadsheets):
    """A register that administrators keep, with spreadsheets in and out."""

    search_fields = ("code", *_NAMES)
    search_help_text = _("Code or name in any language")


@admin.register(EmploymentArea)
class EmploymentAreaAdmin(Register):
    """Employment areas."""

    resource_classes = (EmploymentAreaResource,)
    list_display = ("code", *_NAMES, "responsible_municipality_code")


@admin.register(Municipality)
class MunicipalityAdmin(Register):
    """Municipalities."""

    resource_classes = (MunicipalityResource,)
    list_display = ("code", *_NAMES, "country", "area", "retired")
    list_filter = ("country", "retired", "area")
    list_select_related = ("area",)

    def save_model(self, request: HttpRequest, obj: Municipality, form: "ModelForm[Any]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_imported(MUNICIPALITIES)


@admin.register(TravelTime)
class TravelTimeAdmin(Register):
    """Travel times; what an administrator corrects is no estimate any more, so that no estimate replaces it."""

    resource_classes = (TravelTimeResource,)
    list_display = ("origin", "destination", "kilometres", "minutes", "estimated", "source")
    list_filter = ("estimated", "source")
    list_select_related = ("origin", "destination")
    search_fields = ("origin__code", "origin__name_fi", "destination__code", "destination__name_fi")
    search_help_text = _("Code or Finnish name of either municipality")
    raw_id_fields = ("origin", "destination")

    def save_model(self, request: HttpRequest, obj: TravelTime, form: "ModelForm[TravelTime]", change: bool) -> None:
        if {"kilometres", "minutes"} & set(form.changed_data) and "estimated" not in form.changed_data:
            obj.estimated = False
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


class CodeListAdmin(Register):
    """A short code list; the place in matching is given once and never changed."""

    list_display: ClassVar[tuple[str, ...]] = ("code", *_NAMES, "order")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        fields = {field.name for field in self.model._meta.fields}
        kept = ("match_slot",) if "match_slot" in fields else ()
        return (*kept, "code") if obj else kept

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool) -> None:
        give_slot(obj)
        super().save_model(request, obj, form, change)


@admin.register(Language)
class LanguageAdmin(CodeListAdmin):
    """Languages."""

    resource_classes = (LanguageResource,)
    list_display = (*CodeListAdmin.list_display, "match_slot")


@admin.register(DrivingLicence)
class DrivingLicenceAdmin(CodeListAdmin):
    """Driving licence classes."""

    resource_classes = (DrivingLicenceResource,)
    list_display = (*CodeListAdmin.list_display, "includes", "match_slot")


@admin.register(Card)
class CardAdmin(CodeListAdmin):
    """Permits and cards."""

    resource_classes = (CardResource,)
    list_display = (*CodeListAdmin.list_display, "valid_years", "match_slot")


@admin.register(EducationLevel)
class EducationLevelAdmin(CodeListAdmin):
    """Levels of education."""

    resource_classes = (EducationLevelResource,)
    list_display = (*CodeListAdmin.list_display, "match_slot")


@admin.register(Industry)
class IndustryAdmin(CodeListAdmin):
    """Industries."""

    resource_classes = (IndustryResource,)
    list_display = (*CodeListAdmin.list_display, "section")
    list_filter = ("section",)


class ConceptAdmin(OnlyToRead, admin.ModelAdmin):
    """Concepts of a classification: they are looked at here and changed by the next import."""

    list_display: tuple[str, ...] = (*_NAMES, "code", "scheme", "version", "retired")
    list_filter: ClassVar[tuple[str, ...]] = ("scheme", "retired", "version")
    search_fields = ("code", "uri", *_NAMES)
    search_help_text = _("Name in any language, code or address")


@admin.register(Occupation)
class OccupationAdmin(ConceptAdmin):
    """Occupations."""

    list_filter = (*ConceptAdmin.list_filter, "regulated")


@admin.register(OccupationGroup)
class OccupationGroupAdmin(ConceptAdmin):
    """Groups of ISCO-08."""


@admin.register(Skill)
class SkillAdmin(ConceptAdmin):
    """Skills."""

    list_filter = (*ConceptAdmin.list_filter, "skill_type", "reuse_level")


@admin.register(SkillGroup)
class SkillGroupAdmin(ConceptAdmin):
    """Groups of skills."""


@admin.register(Release)
class ReleaseAdmin(OnlyToRead, admin.ModelAdmin):
    """Imports of classifications."""

    list_display = ("scheme", "version", "imported_at", "counts")
    list_filter = ("scheme",)
