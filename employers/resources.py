"""Employers and vacancies as tables for spreadsheets: people-sized files, with natural identifiers and row errors.

An employer is known by its Business ID, one without by its exact name in its area; a vacancy by its source and its
identifier there. A vacancy's state is told, never read: it changes in `employers.vacancies.services` alone, so what a
file brings is a draft.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, ForeignKeyWidget, ManyToManyWidget, Widget

from employers.companies.models import Employer
from employers.enums import RequirementStrength, VacancySource
from employers.vacancies.models import Vacancy
from portal.classifications import enums
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    Occupation,
    Skill,
)
from portal.ui.free_words import no_identity_code

SEPARATOR = "|"

Row = Mapping[str, Any]


class ByCode(ForeignKeyWidget):
    """A row of a register, told by its code; an unknown code is an error of the row."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        code = _text(value)
        if not code:
            return None
        found = self.get_queryset(code, row).filter(**{self.field: code}).first()
        if found is None:
            raise ValueError(_no_such(self.model, code))
        return found


class ByCodes(ManyToManyWidget):
    """Rows of a register, told by their codes with | between; an unknown code is an error of the row."""

    def __init__(self, model: type[Model], field: str = "code") -> None:
        super().__init__(model, separator=SEPARATOR, field=field)

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        codes = _split(value)
        found: QuerySet[Any] = self.model._default_manager.filter(**{f"{self.field}__in": codes})
        missing = sorted(set(codes) - {getattr(item, self.field) for item in found})
        if missing:
            raise ValueError(_no_such(self.model, ", ".join(missing)))
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return SEPARATOR.join(sorted(getattr(item, self.field) for item in value.all())) if value is not None else ""


class EmployerOf(Widget):
    """The employer of a vacancy, by Business ID or else by exact name."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Employer:
        told = _text(value)
        found = list(
            Employer.objects.filter(business_id=told)[:2] or Employer.objects.filter(name=told, business_id=None)[:2]
        )
        if len(found) != 1:
            raise ValueError(_("There is no single employer with the Business ID or the name “%s”.") % told)
        return found[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return (value.business_id or value.name) if value is not None else ""


class Codes(Widget):
    """A list of codes in one column, with | between."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> list[str]:
        return _split(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return SEPARATOR.join(value or ())


class SkillsField(Field):
    """The skills of one strength."""

    def __init__(self, strength: RequirementStrength, column_name: str) -> None:
        super().__init__(attribute="skills", column_name=column_name, widget=ByCodes(Skill, "uri"))
        self.strength = strength

    def get_value(self, instance: Vacancy) -> QuerySet[Skill]:
        if instance._state.adding:
            return Skill.objects.none()
        return Skill.objects.filter(required_by__vacancy=instance, required_by__strength=self.strength)

    def save(self, instance: Vacancy, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        wanted = self.clean(row, **kwargs)
        instance.required_skills.filter(strength=self.strength).exclude(skill__in=wanted).delete()
        for skill in wanted:
            instance.required_skills.update_or_create(skill=skill, defaults={"strength": self.strength})


class LanguageLevel(NamedTuple):
    """A language on a level; its `pk` is what the import compares old and new by."""

    language: Language
    level: str

    @property
    def pk(self) -> str:
        return f"{self.language.code}:{self.level}"


class LanguageLevels(list[LanguageLevel]):
    """The languages of a vacancy, handed out as a related manager hands out its rows."""

    def all(self) -> Self:
        return self


class LanguagesWidget(ManyToManyWidget):
    """Languages with their levels: `fi:B1|sv:A2`."""

    def __init__(self) -> None:
        super().__init__(Language, separator=SEPARATOR, field="code")

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> LanguageLevels:
        levels = LanguageLevels()
        for part in _split(value):
            code, _colon, level = (word.strip() for word in part.partition(":"))
            language = Language.objects.filter(code=code).first()
            if language is None or level not in enums.LanguageLevel.values:
                raise ValueError(_("Write languages and levels like this: fi:B1|sv:A2. “%s” is not understood.") % part)
            levels.append(LanguageLevel(language, level))
        return levels

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return SEPARATOR.join(level.pk for level in value.all()) if value is not None else ""


class LanguagesField(Field):
    """The languages required."""

    def __init__(self) -> None:
        super().__init__(attribute="required_languages", column_name="languages", widget=LanguagesWidget())

    def get_value(self, instance: Vacancy) -> LanguageLevels:
        if instance._state.adding:
            return LanguageLevels()
        rows = instance.required_languages.select_related("language").order_by("language__code")
        return LanguageLevels(LanguageLevel(row.language, row.level) for row in rows)

    def save(self, instance: Vacancy, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        wanted = self.clean(row, **kwargs)
        instance.required_languages.exclude(language__in=[language for language, _level in wanted]).delete()
        for language, level in wanted:
            instance.required_languages.update_or_create(language=language, defaults={"level": level})


class EmployerResource(ModelResource):
    """Employers."""

    business_id = Field(attribute="business_id", column_name="business_id", widget=CharWidget(allow_blank=False))
    industry = Field(attribute="industry", column_name="industry", widget=ByCode(Industry, "code"))
    municipality = Field(attribute="municipality", column_name="municipality", widget=ByCode(Municipality, "code"))
    area = Field(attribute="area", column_name="area", widget=ByCode(EmploymentArea, "code"))

    class Meta:
        model = Employer
        fields = (
            "business_id",
            "name",
            "kind",
            "industry",
            "municipality",
            "area",
            "website",
            "contact_name",
            "contact_email",
            "contact_phone",
        )
        import_order = export_order = fields
        import_id_fields = ("business_id", "name", "area")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """An empty Business ID is none at all: the column is unique."""
        row["business_id"] = _text(row.get("business_id")) or None
        if not _text(row.get("name")):
            raise ValidationError({"name": _("Give the employer a name.")})
        _check_free_words(row)

    def get_instance(self, instance_loader: Any, row: Row) -> Employer | None:
        """By the Business ID; without one, by the name in the area."""
        if row["business_id"]:
            return Employer.objects.filter(business_id=row["business_id"]).first()
        same = Employer.objects.filter(business_id=None, name=_text(row["name"]), area__code=_text(row["area"]))
        return same.order_by("pk").first()


class VacancyResource(ModelResource):
    """Vacancies with what they require."""

    employer = Field(attribute="employer", column_name="employer", widget=EmployerOf())
    area = Field(attribute="area", column_name="area", widget=ByCode(EmploymentArea, "code"))
    state = Field(attribute="state", column_name="state", readonly=True)
    education_level = Field(
        attribute="education_level", column_name="education_level", widget=ByCode(EducationLevel, "code")
    )
    work_times = Field(attribute="work_times", column_name="work_times", widget=Codes(), default=list)
    shift_patterns = Field(attribute="shift_patterns", column_name="shift_patterns", widget=Codes(), default=list)
    occupations = Field(attribute="occupations", column_name="occupations", widget=ByCodes(Occupation, "uri"))
    skills_essential = SkillsField(RequirementStrength.ESSENTIAL, "skills_essential")
    skills_optional = SkillsField(RequirementStrength.OPTIONAL, "skills_optional")
    languages = LanguagesField()
    licences = Field(attribute="licences", column_name="licences", widget=ByCodes(DrivingLicence))
    cards = Field(attribute="cards", column_name="cards", widget=ByCodes(Card))
    municipalities = Field(attribute="municipalities", column_name="municipalities", widget=ByCodes(Municipality))

    class Meta:
        model = Vacancy
        fields = (
            "source",
            "source_id",
            "employer",
            "area",
            "state",
            "title_fi",
            "title_sv",
            "title_en",
            "summary_fi",
            "summary_sv",
            "summary_en",
            "description_fi",
            "description_sv",
            "description_en",
            "positions",
            "relationship",
            "continuity",
            "ends_on",
            "hours",
            "hours_period",
            "hours_min",
            "hours_max",
            "work_times",
            "shift_patterns",
            "start_kind",
            "starts_on",
            "salary_basis",
            "salary_note",
            "education_level",
            "experience_months",
            "remote",
            "workplace",
            "apply_until",
            "apply_url",
            "apply_note",
            "contact_name",
            "contact_email",
            "contact_phone",
            "occupations",
            "skills_essential",
            "skills_optional",
            "languages",
            "licences",
            "cards",
            "municipalities",
        )
        import_order = export_order = fields
        import_id_fields = ("source", "source_id")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Without a source and an identifier the same file would bring the same vacancies twice."""
        if _text(row.get("source")) not in VacancySource.values:
            raise ValidationError({"source": _("Give the source: %s.") % ", ".join(VacancySource.values)})
        if not _text(row.get("source_id")):
            raise ValidationError({"source_id": _("Give each vacancy an identifier of its own.")})
        row["source_id"] = _text(row["source_id"])
        _check_free_words(row)
        if both := set(_split(row.get("skills_essential"))) & set(_split(row.get("skills_optional"))):
            told = _("A skill is either essential or an advantage, not both: %s.") % ", ".join(sorted(both))
            raise ValidationError({"skills_optional": told})


def _text(value: Any) -> str:
    """A cell as text; spreadsheets give numbers where codes look like numbers."""
    return "" if value is None else str(value).strip()


def _check_free_words(row: Row) -> None:
    """Nobody's identity code belongs into a vacancy or beside an employer."""
    for column, told in row.items():
        try:
            no_identity_code(told)
        except ValidationError as error:
            raise ValidationError({column: error.messages}) from error


def _split(value: Any) -> list[str]:
    return [part.strip() for part in _text(value).split(SEPARATOR) if part.strip()]


def _no_such(model: type[Model], code: str) -> str:
    return _("%(register)s: there is no %(code)s.") % {"register": str(model._meta.verbose_name), "code": code}
