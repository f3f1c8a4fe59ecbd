"""Municipalities, travel times and code lists as tables for spreadsheets: people-sized files with errors by row.

Rows are known by their codes. Large files (the national municipality key, a road matrix, ESCO) come by commands.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, Widget

from portal.classifications.events import MUNICIPALITIES, tell_imported
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    TravelTime,
)
from portal.classifications.slots import NoSlotFree, free_slots

MOST_ROWS: Final = 3000
_NAMES: Final = ("name_fi", "name_sv", "name_en")
Row = Mapping[str, Any]


class ByCode(ForeignKeyWidget):
    """A row of a register told by its code; an unknown code is an error of the row."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        code = str(value or "").strip()
        if not code:
            return None
        found = self.get_queryset(code, row).filter(**{self.field: code}).first()
        if found is None:
            raise ValueError(_("There is no row with the code “%s”.") % code)
        return found


class Codes(Widget):
    """A list of codes with spaces between."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> list[str]:
        return str(value or "").split()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return " ".join(value or [])


class PeopleSized(ModelResource):
    """What all resources here share: rows that are the same are left alone, every row is checked by its model."""

    class Meta:
        abstract = True
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Refuse what is too large to look through row by row."""
        if len(dataset) > MOST_ROWS:
            raise ValidationError(
                _("The file has %(rows)d rows; at most %(most)d can be imported here. Ask for an import by command.")
                % {"rows": len(dataset), "most": MOST_ROWS}
            )
        super().before_import(dataset, **kwargs)


class EmploymentAreaResource(PeopleSized):
    """Employment areas by code."""

    class Meta(PeopleSized.Meta):
        model = EmploymentArea
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "responsible_municipality_code")
        export_order = fields


class MunicipalityResource(PeopleSized):
    """Municipalities by code, with the code of their employment area."""

    area = Field(attribute="area", column_name="area_code", widget=ByCode(EmploymentArea, "code"))

    class Meta(PeopleSized.Meta):
        model = Municipality
        import_id_fields = ("code",)
        fields = (
            "code", "country", *_NAMES, "name_se", "region_code", "area", "longitude", "latitude", "retired",
        )  # fmt: skip
        export_order = fields

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Tell the floors above; a trial changes nothing and is taken back with what it has told."""
        super().after_import(dataset, result, **kwargs)
        tell_imported(MUNICIPALITIES)


class TravelTimeResource(PeopleSized):
    """Travel times by the codes of both municipalities."""

    origin = Field(attribute="origin", column_name="from_code", widget=ByCode(Municipality, "code"))
    destination = Field(attribute="destination", column_name="to_code", widget=ByCode(Municipality, "code"))

    class Meta(PeopleSized.Meta):
        model = TravelTime
        import_id_fields = ("origin", "destination")
        fields = ("origin", "destination", "kilometres", "minutes", "estimated", "source")
        export_order = fields


class CodeListResource(PeopleSized):
    """A code list. The place in matching is never read from a file: a new row is given the next free one."""

    def before_save_instance(self, instance: Model, row: Row, **kwargs: Any) -> None:
        give_slot(instance)
        super().before_save_instance(instance, row, **kwargs)

    def validate_instance(self, instance: Model, *args: Any, **kwargs: Any) -> None:
        give_slot(instance)
        super().validate_instance(instance, *args, **kwargs)


def give_slot(instance: Model) -> None:
    """Give a new licence, card or level of education its place in matching.

    Languages get theirs by hand: most are only shown. Raises ValidationError when every place is taken.
    """
    if isinstance(instance, DrivingLicence | Card | EducationLevel) and getattr(instance, "match_slot", None) is None:
        try:
            instance.match_slot = next(free_slots(type(instance)))
        except NoSlotFree as error:
            raise ValidationError(str(error)) from error


class LanguageResource(CodeListResource):
    """Languages."""

    class Meta(PeopleSized.Meta):
        model = Language
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "order")
        export_order = fields


class DrivingLicenceResource(CodeListResource):
    """Driving licence classes; what a class also allows stands in one column with spaces between."""

    includes = Field(attribute="includes", column_name="includes", widget=Codes())

    class Meta(PeopleSized.Meta):
        model = DrivingLicence
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "order", "includes")
        export_order = fields


class CardResource(CodeListResource):
    """Permits and cards."""

    class Meta(PeopleSized.Meta):
        model = Card
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "order", "valid_years")
        export_order = fields


class EducationLevelResource(CodeListResource):
    """Levels of education."""

    class Meta(PeopleSized.Meta):
        model = EducationLevel
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "order")
        export_order = fields


class IndustryResource(CodeListResource):
    """Industries."""

    class Meta(PeopleSized.Meta):
        model = Industry
        import_id_fields = ("code",)
        fields = ("code", *_NAMES, "order", "section")
        export_order = fields
