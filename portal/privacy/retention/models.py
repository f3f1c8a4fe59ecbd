"""Times of retention classes as dated rows, notices and holds, the proof of each run, and figures that stay."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.dated import DatedQuerySet, days_of_row, ends_after_start
from portal.classifications.models import Municipality
from portal.privacy.fields import Basis
from portal.privacy.retention.dates import months_before
from portal.runs.models import JobRun

SMALLEST_CELL = 5
"""Groups of fewer people are merged with others before they are written down."""


class RetentionClass(models.Model):
    """How long a class of data is kept, from a day on. The code (portal.privacy.fields.Kept) names the class."""

    code = models.CharField(_("class"), max_length=20)
    ground = models.CharField(_("legal ground"), max_length=20, choices=Basis)
    months = models.PositiveSmallIntegerField(
        _("kept, in months"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=0, validators=[MaxValueValidator(365)], help_text=_("0: nobody is told first.")
    )
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))
    source = models.CharField(_("source of the time"), max_length=300, blank=True)
    provisional = models.BooleanField(_("provisional"), default=True)
    reason = models.TextField(_("reason of the change"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = DatedQuerySet["RetentionClass"].as_manager()

    class Meta:
        verbose_name = _("time of a retention class")
        verbose_name_plural = _("times of retention classes")
        ordering = ("code", "-valid_from", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(months__gte=1),
                name="privacy_class_keeps_for_a_time",
                violation_error_message=_("Data is kept for at least one month."),
            ),
            ends_after_start("privacy_class_ends_after_start"),
            models.CheckConstraint(
                condition=Q(provisional=True) | ~Q(source=""),
                name="privacy_class_has_source",
                violation_error_message=_("Name the source of a time that is not provisional."),
            ),
            ExclusionConstraint(
                name="privacy_class_one_in_force",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another time of the class is in force on some of these days."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    def before(self, day: date) -> date:
        """Objects whose time was counted from an earlier day than this have had their time by `day`."""
        return months_before(day, self.months)


class ProposalState(models.TextChoices):
    """The life of a proposal."""

    OPEN = "open", _("waits for a decision")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RetentionProposal(models.Model):
    """Another time for a class, proposed by one person and decided by another."""

    code = models.CharField(_("class"), max_length=20)
    months = models.PositiveSmallIntegerField(
        _("kept, in months"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=0, validators=[MaxValueValidator(365)], help_text=_("0: nobody is told first.")
    )
    valid_from = models.DateField(_("in force from"))
    source = models.CharField(
        _("source of the time"),
        max_length=300,
        blank=True,
        help_text=_("The law, decision or plan that sets the time."),
    )
    provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("The source is not settled yet; the time is a working assumption.")
    )
    reason = models.TextField(_("reason of the change"))
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        verbose_name = _("proposed time of a retention class")
        verbose_name_plural = _("proposed times of retention classes")
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=Q(state="open"),
                name="privacy_one_open_proposal_of_a_class",
                violation_error_message=_("A proposal for this class waits for a decision already."),
            ),
            models.CheckConstraint(
                condition=Q(provisional=True) | ~Q(source=""),
                name="privacy_proposal_has_source",
                violation_error_message=_("Name the source of a time that is not provisional."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="privacy_proposal_has_reason"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(decided_at__isnull=False) & ~Q(state="open"),
                name="privacy_proposal_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "rejected"))
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="privacy_proposal_two_people",
                violation_error_message=_("Somebody else than who proposed it decides."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.months}"


class RetentionNotice(models.Model):
    """Told in advance: an object's time has passed, and on which day it is deleted unless something keeps it."""

    rule = models.CharField(_("rule"), max_length=20)
    object_id = models.BigIntegerField(_("number of what is deleted"))
    since = models.DateField(_("time counted from"))
    noticed_on = models.DateField(_("told"))
    delete_on = models.DateField(_("is deleted on"))
    row = models.ForeignKey(RetentionClass, models.PROTECT, related_name="+", verbose_name=_("time of the class"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who is told"),
    )
    counted_on = models.DateField(_("added to the figures"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice of deletion")
        verbose_name_plural = _("notices of deletion")
        ordering = ("delete_on", "rule", "object_id")
        constraints = (
            models.UniqueConstraint(fields=("rule", "object_id"), name="privacy_notice_once"),
            models.CheckConstraint(condition=Q(delete_on__gte=F("noticed_on")), name="privacy_notice_goes_forward"),
        )
        indexes = (models.Index(fields=("responsible", "delete_on"), name="privacy_notice_of_person"),)


class HoldKind(models.TextChoices):
    """Why somebody keeps something beyond its time."""

    LEGAL_HOLD = "legal_hold", _("legal claim or a matter of an authority")
    NAMED_REASON = "named_reason", _("another reason")


class HoldQuerySet(models.QuerySet["RetentionHold"]):
    """Holds."""

    def in_force(self) -> "HoldQuerySet":
        return self.filter(released_at__isnull=True)


class RetentionHold(models.Model):
    """Keeps one object beyond its time until somebody releases it."""

    rule = models.CharField(_("rule"), max_length=20)
    object_id = models.BigIntegerField(_("number of what is kept"))
    kind = models.CharField(_("why it is kept"), max_length=20, choices=HoldKind)
    reason = models.TextField(_("reason"))
    review_on = models.DateField(_("is looked at again"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("kept by")
    )
    set_at = models.DateTimeField(_("kept since"), auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    release_reason = models.TextField(_("why it was released"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold on deletion")
        verbose_name_plural = _("holds on deletion")
        ordering = ("-set_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="privacy_hold_has_reason"),
            models.UniqueConstraint(
                fields=("rule", "object_id", "kind"),
                condition=Q(released_at__isnull=True),
                name="privacy_hold_one_of_a_kind",
                violation_error_message=_("It is kept for such a reason already. Release that hold first."),
            ),
        )


class Origin(models.TextChoices):
    """What started a run of retention."""

    NIGHT = "night", _("the night's timetable")
    PERSON = "person", _("a person")
    COMMAND = "command", _("a command of the maintenance")
    ERASURE = "erasure", _("a decision on a request to erase")
    REPLAY = "replay", _("deletion again after a backup was restored")


class RetentionReport(models.Model):
    """The proof of one run: what started it, and a line for each rule."""

    run = models.ForeignKey(
        JobRun, models.SET_NULL, null=True, blank=True, related_name="retention_reports", verbose_name=_("run")
    )
    for_date = models.DateField(_("for the day"))
    origin = models.CharField(_("started by"), max_length=10, choices=Origin)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("ended"), null=True, blank=True)
    failed = models.BooleanField(_("failed"), default=False)

    class Meta:
        verbose_name = _("proof of deletion")
        verbose_name_plural = _("proofs of deletion")
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"{self.for_date} ({self.get_origin_display()})"

    @property
    def deleted_total(self) -> int:
        """How many rows and objects went."""
        return sum(line.deleted for line in self.lines.all())

    @property
    def blocked_total(self) -> int:
        """How many were blocked."""
        return sum(line.blocked_total for line in self.lines.all())


class RetentionLine(models.Model):
    """What one rule did in one run. Numbers, and a keyed digest of what was deleted; no ids."""

    report = models.ForeignKey(RetentionReport, models.CASCADE, related_name="lines", verbose_name=_("proof"))
    place = models.PositiveSmallIntegerField(_("place in the order"))
    rule = models.CharField(_("rule"), max_length=20)
    row = models.ForeignKey(RetentionClass, models.PROTECT, related_name="+", verbose_name=_("time of the class"))
    found = models.PositiveIntegerField(_("time has passed"), default=0)
    noticed = models.PositiveIntegerField(_("told of tonight"), default=0)
    withdrawn = models.PositiveIntegerField(_("no longer due"), default=0)
    waiting = models.PositiveIntegerField(_("time of notice goes on"), default=0)
    blocked = models.JSONField(_("blocked"), default=dict, help_text=_("Reason and how many."))
    counted = models.PositiveIntegerField(_("added to the figures"), default=0)
    deleted = models.PositiveIntegerField(_("deleted"), default=0)
    busy = models.PositiveIntegerField(_("being changed by somebody"), default=0)
    failed = models.PositiveIntegerField(_("could not be deleted"), default=0)
    errors = models.JSONField(_("kinds of errors"), default=list)
    digest = models.CharField(_("keyed digest of what was deleted"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("line of a proof of deletion")
        verbose_name_plural = _("lines of proofs of deletion")
        ordering = ("report", "place")
        constraints = (
            models.UniqueConstraint(fields=("report", "place"), name="privacy_line_once"),
            models.CheckConstraint(
                condition=Q(deleted=0, digest="") | Q(deleted__gt=0) & ~Q(digest=""), name="privacy_line_has_digest"
            ),
        )

    @property
    def blocked_total(self) -> int:
        """How many were blocked; one that is blocked by several reasons counts once, by the first of them."""
        return sum(int(count) for count in self.blocked.values())


class DepartedCount(models.Model):
    """How many jobseekers whose data was deleted had these features. Why nobody can be found in it: `counting`."""

    month = models.DateField(_("month in which the search ended"), null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    age_band = models.CharField(_("age"), max_length=5, blank=True)
    sex = models.CharField(_("sex"), max_length=6, blank=True)
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("count of deleted jobseekers")
        verbose_name_plural = _("counts of deleted jobseekers")
        ordering = ("month", "municipality", "age_band", "sex", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("month", "municipality", "age_band", "sex"), nulls_distinct=False, name="privacy_departed_once"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=SMALLEST_CELL)
                | Q(month__isnull=True, municipality__isnull=True, age_band="", sex="", people__gte=1),
                name="privacy_departed_no_small_cell",
            ),
        )


class Tombstone(models.Model):
    """A keyed mark of what was deleted, so that it can be deleted again after an older backup was restored."""

    rule = models.CharField(_("rule"), max_length=20)
    mark = models.CharField(_("keyed mark"), max_length=64)
    deleted_on = models.DateField(_("deleted"))

    class Meta:
        verbose_name = _("mark of a deletion")
        verbose_name_plural = _("marks of deletions")
        ordering = ("deleted_on", "pk")
        constraints = (models.UniqueConstraint(fields=("rule", "mark"), name="privacy_tombstone_once"),)
        indexes = (models.Index(fields=("deleted_on",), name="privacy_tombstone_by_day"),)
