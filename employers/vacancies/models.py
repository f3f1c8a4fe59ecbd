"""Vacancies and what they require: our field names, with the state portal's code values and raw document kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from employers.companies.models import Employer
from employers.enums import (
    Continuity,
    Hours,
    HoursPeriod,
    RelationshipKind,
    RequirementStrength,
    SalaryBasis,
    StartKind,
    VacancySource,
    VacancyState,
)
from employers.vacancies.querysets import VacancyQuerySet
from portal.classifications.enums import LanguageLevel, ShiftPattern, WorkTime
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Language,
    Municipality,
    Occupation,
    Skill,
)


class Vacancy(models.Model):
    """An open post (or several alike) with what the work asks."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="vacancies", verbose_name=_("employer"))
    area = models.ForeignKey(
        EmploymentArea, models.PROTECT, related_name="vacancies", verbose_name=_("employment area that fills it")
    )
    state = models.CharField(_("state"), max_length=10, choices=VacancyState, default=VacancyState.DRAFT)
    source = models.CharField(_("source"), max_length=10, choices=VacancySource, default=VacancySource.EMPLOYER)
    source_id = models.CharField(_("identifier at the source"), max_length=80, null=True, blank=True)
    raw = models.JSONField(_("document as received"), null=True, blank=True, editable=False)

    title_fi = models.CharField(_("title in Finnish"), max_length=300, blank=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    summary_fi = models.TextField(_("summary in Finnish"), blank=True)
    summary_sv = models.TextField(_("summary in Swedish"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    description_fi = models.TextField(_("description in Finnish"), blank=True)
    description_sv = models.TextField(_("description in Swedish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    positions = models.PositiveSmallIntegerField(
        _("posts"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )

    relationship = models.CharField(
        _("employment relationship"), max_length=2, choices=RelationshipKind, default=RelationshipKind.EMPLOYMENT
    )
    temporary_agency = models.BooleanField(_("temporary agency work"), default=False)
    apprenticeship = models.BooleanField(_("apprenticeship"), default=False)
    continuity = models.CharField(_("continuity"), max_length=4, choices=Continuity, blank=True)
    ends_on = models.DateField(_("temporary work ends"), null=True, blank=True)
    hours = models.CharField(_("working hours"), max_length=2, choices=Hours, blank=True)
    hours_period = models.CharField(_("hours are counted"), max_length=4, choices=HoursPeriod, blank=True)
    hours_min = models.DecimalField(_("hours at least"), max_digits=5, decimal_places=1, null=True, blank=True)
    hours_max = models.DecimalField(_("hours at most"), max_digits=5, decimal_places=1, null=True, blank=True)
    on_call = models.BooleanField(_("called when needed"), default=False)
    work_times = ArrayField(
        models.CharField(max_length=2, choices=WorkTime), verbose_name=_("working times"), default=list, blank=True
    )
    shift_patterns = ArrayField(
        models.CharField(max_length=4, choices=ShiftPattern), verbose_name=_("shift patterns"), default=list, blank=True
    )
    start_kind = models.CharField(_("work starts"), max_length=2, choices=StartKind, default=StartKind.SOON)
    starts_on = models.DateField(_("first day of work"), null=True, blank=True)
    salary_basis = models.CharField(_("basis of pay"), max_length=2, choices=SalaryBasis, blank=True)
    salary_note = models.CharField(_("more about pay"), max_length=500, blank=True)

    occupations = models.ManyToManyField(Occupation, related_name="vacancies", verbose_name=_("occupations"))
    skills = models.ManyToManyField(Skill, through="VacancySkill", related_name="vacancies", verbose_name=_("skills"))
    licences = models.ManyToManyField(
        DrivingLicence, blank=True, related_name="vacancies", verbose_name=_("driving licences")
    )
    cards = models.ManyToManyField(Card, blank=True, related_name="vacancies", verbose_name=_("permits and cards"))
    education_level = models.ForeignKey(
        EducationLevel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vacancies",
        verbose_name=_("education required"),
    )
    experience_months = models.PositiveSmallIntegerField(
        _("months of experience required"), default=0, validators=[MaxValueValidator(240)]
    )
    criminal_record_check = models.BooleanField(_("criminal record is checked (work with children)"), default=False)

    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="vacancies", verbose_name=_("municipalities where the work is done")
    )
    remote = models.BooleanField(_("place is free to choose (remote work)"), default=False)
    workplace = models.CharField(_("workplace"), max_length=300, blank=True)
    travel_in_work = models.BooleanField(_("the work includes travelling"), default=False)

    apply_until = models.DateTimeField(_("applications end"), null=True, blank=True)
    apply_url = models.URLField(_("application form"), max_length=500, blank=True)
    apply_note = models.TextField(_("how to apply"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_phone = models.CharField(_("contact's telephone"), max_length=40, blank=True)

    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed or filled"), null=True, blank=True)
    confirmed_on = models.DateField(_("employer confirmed last"), null=True, blank=True)
    source_changed_at = models.DateTimeField(_("changed at the source"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        ordering = ("-published_at", "-pk")
        indexes = (
            models.Index(fields=("area", "state", "apply_until"), name="employers_vacancy_open"),
            models.Index(fields=("employer", "state"), name="employers_vacancy_of_employer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_id"),
                name="employers_vacancy_once_from_source",
                violation_error_message=_("This vacancy has been brought from the source already."),
            ),
            models.CheckConstraint(
                condition=~Q(title_fi="", title_sv="", title_en=""),
                name="employers_vacancy_has_title",
                violation_error_message=_("Give the vacancy a title in at least one language."),
            ),
            models.CheckConstraint(
                condition=Q(positions__gte=1),
                name="employers_vacancy_has_posts",
                violation_error_message=_("There must be at least one post."),
            ),
            models.CheckConstraint(
                condition=Q(hours_min__isnull=True) | Q(hours_max__isnull=True) | Q(hours_max__gte=F("hours_min")),
                name="employers_vacancy_hours_in_order",
                violation_error_message=_("The most hours must not be fewer than the least hours."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="employers_vacancy_ends_after_start",
                violation_error_message=_("The work must not end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VacancyState.PUBLISHED) | Q(published_at__isnull=False),
                name="employers_vacancy_published_has_time",
                violation_error_message=_("A published vacancy needs its time of publishing."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language in use, else in the first language that has one."""
        wanted = (get_language() or "fi")[:2]
        titles = {"fi": self.title_fi, "sv": self.title_sv, "en": self.title_en}
        return titles.get(wanted) or next((text for text in titles.values() if text), "")


class VacancySkill(models.Model):
    """A skill that the work needs, or that is an advantage."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="required_skills", verbose_name=_("vacancy"))
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="required_by", verbose_name=_("skill"))
    strength = models.CharField(
        _("strength"), max_length=10, choices=RequirementStrength, default=RequirementStrength.ESSENTIAL
    )

    class Meta:
        verbose_name = _("skill required")
        verbose_name_plural = _("skills required")
        ordering = ("vacancy", "strength", "skill")
        constraints = (
            models.UniqueConstraint(
                fields=("vacancy", "skill"),
                name="employers_vacancy_skill_once",
                violation_error_message=_("The skill is in the list already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.skill)


class VacancyLanguage(models.Model):
    """A language that the work needs, at least on a level."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="required_languages", verbose_name=_("vacancy"))
    language = models.ForeignKey(Language, models.PROTECT, verbose_name=_("language"))
    level = models.CharField(_("level at least"), max_length=2, choices=LanguageLevel)

    class Meta:
        verbose_name = _("language required")
        verbose_name_plural = _("languages required")
        ordering = ("vacancy", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("vacancy", "language"),
                name="employers_vacancy_language_once",
                violation_error_message=_("The language is in the list already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.level}"


class VacancyTransition(models.Model):
    """One change of a vacancy's state: from what, to what, when, by whom. Rows are added, never changed."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="transitions", verbose_name=_("vacancy"))
    origin = models.CharField(_("from"), max_length=10, choices=VacancyState)
    target = models.CharField(_("to"), max_length=10, choices=VacancyState)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
        help_text=_("Empty: nobody in person (an import)."),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change of a vacancy's state")
        verbose_name_plural = _("changes of vacancies' states")
        ordering = ("vacancy", "happened_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(origin=F("target")), name="employers_vacancy_transition_changes"),
        )

    def __str__(self) -> str:
        return f"{self.get_origin_display()} → {self.get_target_display()}"
