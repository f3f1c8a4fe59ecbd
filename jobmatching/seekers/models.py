"""A jobseeker and the profile: what the person can, wants and may, and where each piece is known from.

"Unknown is not no": lists of languages, licences and cards carry a flag telling whether everything has been asked;
what is missing from a list that is not complete is unknown, and unknown never excludes anybody from a match.
"""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.enums import KnownBy, PauseKind, Sex, SkillBasis, SpellStatus
from jobmatching.seekers.querysets import JobSeekerQuerySet, SpellQuerySet
from portal.classifications.enums import LanguageLevel, WorkTime
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
from portal.privacy.identity import EncryptedTextField


class JobSeeker(models.Model):
    """A person who looks for work with the area's help."""

    area = models.ForeignKey(EmploymentArea, models.PROTECT, related_name="seekers", verbose_name=_("employment area"))
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    identity_code = EncryptedTextField(
        _("identity code"), index_field="identity_index", null=True, blank=True, editable=False
    )
    identity_index = models.CharField(
        _("search key of the identity code"), max_length=64, null=True, blank=True, unique=True, editable=False
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    home = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, verbose_name=_("home municipality"))
    service_language = models.ForeignKey(
        Language, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("language of service")
    )
    interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="own_seekers",
        verbose_name=_("personal coach"),
    )
    non_disclosure = models.BooleanField(_("non-disclosure for personal safety"), default=False)
    source_id = models.CharField(_("identifier at the source"), max_length=80, null=True, blank=True, unique=True)

    summary = models.TextField(_("about the person's wishes, in own words"), blank=True)
    occupations_wished = models.ManyToManyField(
        Occupation, through="OccupationWish", related_name="wished_by", verbose_name=_("occupations wished")
    )
    education_level = models.ForeignKey(
        EducationLevel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level of education")
    )
    languages_complete = models.BooleanField(
        _("all languages asked"), default=False, help_text=_("A language not in the list is then known to be missing.")
    )
    licences_complete = models.BooleanField(
        _("all driving licences asked"),
        default=False,
        help_text=_("A class not in the list is then known to be missing."),
    )
    cards_complete = models.BooleanField(
        _("all permits and cards asked"),
        default=False,
        help_text=_("A card not in the list is then known to be missing."),
    )

    max_travel_minutes = models.PositiveSmallIntegerField(
        _("longest way to work in minutes"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    own_car = models.BooleanField(_("has a car"), null=True, blank=True)
    places = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="wished_by",
        verbose_name=_("places where the person wants to work"),
        help_text=_("When places are listed, only they count; otherwise the way to work from home."),
    )
    ready_to_move = models.BooleanField(_("ready to move for work"), default=False)
    remote_wanted = models.BooleanField(_("remote work suits"), null=True, blank=True)
    work_times_accepted = ArrayField(
        models.CharField(max_length=2, choices=WorkTime),
        verbose_name=_("working times that suit"),
        default=list,
        blank=True,
    )
    work_times_declined = ArrayField(
        models.CharField(max_length=2, choices=WorkTime),
        verbose_name=_("working times that do not suit"),
        default=list,
        blank=True,
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_now = models.BooleanField(_("available at once"), default=False)

    matching_paused_at = models.DateTimeField(_("matching paused"), null=True, blank=True)
    matching_pause_kind = models.CharField(
        _("kind of reason of the pause"), max_length=10, choices=PauseKind, blank=True, default="", db_default=""
    )
    matching_pause_reason = models.CharField(_("why matching is paused"), max_length=300, blank=True)
    profile_confirmed_on = models.DateField(_("profile confirmed with the person"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = JobSeekerQuerySet.as_manager()

    class Meta:
        verbose_name = _("jobseeker")
        verbose_name_plural = _("jobseekers")
        ordering = ("last_name", "first_name", "pk")
        indexes = (
            models.Index(fields=("area", "coach"), name="jobmatching_seeker_of_coach"),
            GinIndex(
                OpClass(Lower("last_name"), name="gin_trgm_ops"),
                OpClass(Lower("first_name"), name="gin_trgm_ops"),
                name="jobmatching_seeker_name_trgm",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(identity_code__isnull=True, identity_index__isnull=True)
                | Q(identity_code__isnull=False, identity_index__isnull=False),
                name="jobmatching_seeker_identity_whole",
            ),
            models.CheckConstraint(
                condition=~Q(work_times_accepted__overlap=F("work_times_declined")),
                name="jobmatching_seeker_times_not_both",
                violation_error_message=_("A working time cannot both suit and not suit."),
            ),
            models.CheckConstraint(
                condition=Q(available_now=False) | Q(available_from__isnull=True),
                name="jobmatching_seeker_available_one_way",
                violation_error_message=_("Choose either available at once or a day."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper()

    @property
    def situation_name(self) -> str:
        """The situation in words, on rows of `with_situation`; "search ended" where no search is open."""
        situation: str | None = getattr(self, "situation")  # noqa: B009  added by the queryset
        return str(SpellStatus(situation).label) if situation else gettext("search ended")

    @property
    def available_known(self) -> bool:
        """Whether it is known when the person can start."""
        return self.available_now or self.available_from is not None


class NamedWorker(models.Model):
    """A worker who may see a person under non-disclosure."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="named_workers", verbose_name=_("jobseeker"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("worker"))

    class Meta:
        verbose_name = _("named worker")
        verbose_name_plural = _("named workers")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("seeker", "user"), name="jobmatching_named_worker_once"),)


class OccupationWish(models.Model):
    """An occupation the person looks for work in, most wanted first."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="wishes", verbose_name=_("jobseeker"))
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="+", verbose_name=_("occupation"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("occupation wished")
        verbose_name_plural = _("occupations wished")
        ordering = ("seeker", "order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker", "occupation"),
                name="jobmatching_wish_once",
                violation_error_message=_("The occupation is in the list already."),
            ),
        )


class WorkPeriod(models.Model):
    """Work done: what, where, from when until when (None: still going on)."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="work_history", verbose_name=_("jobseeker"))
    occupation = models.ForeignKey(
        Occupation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("occupation")
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    employer_name = models.CharField(_("employer"), max_length=200, blank=True)
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("work done")
        verbose_name_plural = _("work done")
        ordering = ("seeker", "-started_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="jobmatching_work_ends_after_start",
                violation_error_message=_("The work must not end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(occupation__isnull=True, title=""),
                name="jobmatching_work_has_name",
                violation_error_message=_("Choose the occupation or write the title of the work."),
            ),
        )


class SeekerSkill(models.Model):
    """A skill the person has, by own word or confirmed."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="skills_held", verbose_name=_("jobseeker"))
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    basis = models.CharField(_("basis"), max_length=10, choices=SkillBasis, default=SkillBasis.OWN_WORD)
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("seeker", "basis", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker", "skill"),
                name="jobmatching_skill_once",
                violation_error_message=_("The skill is in the list already."),
            ),
        )


class SeekerLanguage(models.Model):
    """A language the person knows and on which level; an empty level with a known way means: none."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="languages_held", verbose_name=_("jobseeker"))
    language = models.ForeignKey(Language, models.PROTECT, related_name="+", verbose_name=_("language"))
    level = models.CharField(
        _("level"), max_length=2, choices=LanguageLevel, blank=True, help_text=_("Empty: does not know it.")
    )
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("language skill")
        verbose_name_plural = _("language skills")
        ordering = ("seeker", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker", "language"),
                name="jobmatching_language_once",
                violation_error_message=_("The language is in the list already."),
            ),
        )


class SeekerLicence(models.Model):
    """A class of driving licence the person has."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="licences_held", verbose_name=_("jobseeker"))
    licence = models.ForeignKey(DrivingLicence, models.PROTECT, related_name="+", verbose_name=_("class"))
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("driving licence")
        verbose_name_plural = _("driving licences")
        ordering = ("seeker", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker", "licence"),
                name="jobmatching_licence_once",
                violation_error_message=_("The class is in the list already."),
            ),
        )


class SeekerCard(models.Model):
    """A permit or a card the person has, until when it is valid (None: no end)."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="cards_held", verbose_name=_("jobseeker"))
    card = models.ForeignKey(Card, models.PROTECT, related_name="+", verbose_name=_("permit or card"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    known_by = models.CharField(_("how known"), max_length=10, choices=KnownBy, default=KnownBy.TOLD)
    noted_on = models.DateField(_("noted"), default=date.today)

    class Meta:
        verbose_name = _("permit or card held")
        verbose_name_plural = _("permits and cards held")
        ordering = ("seeker", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker", "card"),
                name="jobmatching_card_once",
                violation_error_message=_("The card is in the list already."),
            ),
        )


class RegistrationSpell(models.Model):
    """A spell of job search in one situation; spells of one person never overlap."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="spells", verbose_name=_("jobseeker"))
    status = models.CharField(_("situation"), max_length=12, choices=SpellStatus)
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("First day no longer in this situation.")
    )
    full_time_service = models.BooleanField(_("in a full-time service"), default=False)

    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration spell")
        verbose_name_plural = _("registration spells")
        ordering = ("seeker", "-started_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on")),
                name="jobmatching_spell_ends_after_start",
                violation_error_message=_("The spell must not end before it starts."),
            ),
            ExclusionConstraint(
                name="jobmatching_spells_never_overlap",
                expressions=[
                    ("seeker", RangeOperators.EQUAL),
                    (
                        Func(
                            "started_on",
                            "ended_on",
                            RangeBoundary(),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The spells of one person must not overlap."),
            ),
        )
