"""The access log, its seals, reasons given, and what looks strange in it.

Users and the people looked at are numbers here, not foreign keys: the log outlives accounts and profiles.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.dated import DatedQuerySet, days_of_row, ends_after_start
from portal.privacy.access.enums import Action, AnomalyKind, AnomalyState, ReasonCode
from portal.privacy.access.querysets import AnomalyQuerySet, EntryQuerySet, ReasonQuerySet


class AccessLogEntry(models.Model):
    """One read (or refusal). Written by `recording`, never changed; partitioned by month of `at` (UTC).

    Names are looked up where they may be seen.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("time"))
    user_id = models.BigIntegerField(_("who"), null=True)
    actor = models.CharField(_("job or command"), max_length=60)
    roles = ArrayField(models.TextField(), verbose_name=_("in which roles"))
    action = models.CharField(_("what was done"), max_length=20, choices=Action)
    subjects = ArrayField(models.BigIntegerField(), verbose_name=_("whose data"))
    purpose = models.CharField(_("why"), max_length=300)
    view = models.CharField(_("from which page"), max_length=100)
    words_hashes = ArrayField(models.TextField(), verbose_name=_("keyed hashes of the words of a search"))
    about = models.CharField(_("about what"), max_length=300)
    request_id = models.CharField(_("request"), max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "privacy_accesslogentry"
        verbose_name = _("row of the access log")
        verbose_name_plural = _("rows of the access log")


class AccessLogSeal(models.Model):
    """What the log said of one month and one range of ids when it was sealed. Seals form one chain, in order of id.

    `rows_sha256` is over the rows; `sha256` over it, the range and the `sha256` of the seal before. A month that
    retention has dropped keeps its seals, marked: the chain still holds. `sha256` is keyed (HMAC) with the key of that
    number, which is not in the database; number 0 is a seal without a key.
    """

    month = models.DateField(_("month"))
    from_id = models.BigIntegerField(_("from row"))
    to_id = models.BigIntegerField(_("to row"))
    count = models.PositiveIntegerField(_("rows"))
    rows_sha256 = models.CharField(_("digest of the rows"), max_length=64)
    sha256 = models.CharField(_("seal"), max_length=64, unique=True)
    form = models.PositiveSmallIntegerField(_("version of the written form"), default=1)
    key = models.PositiveSmallIntegerField(_("number of the key of the seal"), default=0)
    sealed_at = models.DateTimeField(_("sealed"), auto_now_add=True)
    dropped_at = models.DateTimeField(_("rows deleted by retention"), null=True, blank=True)

    class Meta:
        verbose_name = _("seal of the access log")
        verbose_name_plural = _("seals of the access log")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("month", "from_id"), name="privacy_seal_range_once"),
            models.CheckConstraint(condition=Q(to_id__gte=models.F("from_id")), name="privacy_seal_range_forward"),
        )


class AccessReason(models.Model):
    """Why somebody opened the page of a person whom they do not serve; good until the end of the day."""

    user_id = models.BigIntegerField(_("who"))
    subject = models.BigIntegerField(_("whose page"))
    code = models.CharField(_("reason"), max_length=20, choices=ReasonCode)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    at = models.DateTimeField(_("given"), auto_now_add=True)
    valid_until = models.DateTimeField(_("valid until"))

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for opening a page")
        verbose_name_plural = _("reasons for opening a page")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("user_id", "subject", "valid_until"), name="privacy_reason_of_user"),
            models.Index(fields=("subject",), name="privacy_reason_of_subject"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(code=ReasonCode.OTHER) | ~Q(words=""),
                name="privacy_reason_other_has_words",
                violation_error_message=_("Write the reason in your own words."),
            ),
        )


class AccessThreshold(models.Model):
    """From which number on something in the log is pointed out: a dated row, changed by adding one."""

    class Code(models.TextChoices):
        HOUR_LEAST = "hour_least", _("people opened in an hour, at least")
        HOUR_TIMES = "hour_times", _("times one's own median hour")
        LISTED_LEAST = "listed_least", _("people in lists, searches and files in a day, at least")
        OFF_HOURS_LEAST = "off_hours_least", _("people opened outside working hours, at least")
        DAY_STARTS = "day_starts", _("hour at which the working day starts")
        DAY_ENDS = "day_ends", _("hour at which the working day ends")
        DENIED_LEAST = "denied_least", _("refusals in a day, at least")

    code = models.CharField(_("threshold"), max_length=20, choices=Code)
    value = models.PositiveSmallIntegerField(_("value"))
    why = models.CharField(_("why this value"), max_length=300)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet["AccessThreshold"].as_manager()

    class Meta:
        verbose_name = _("threshold of the access log")
        verbose_name_plural = _("thresholds of the access log")
        ordering = ("code", "-valid_from", "pk")
        constraints = (
            ends_after_start("privacy_threshold_ends_after_start"),
            ExclusionConstraint(
                name="privacy_threshold_one_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), (days_of_row(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Another value is in force on some of these days. End it first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.value}"


class AccessAnomaly(models.Model):
    """Something in one day's log of one user that a person should look at."""

    kind = models.CharField(_("what"), max_length=20, choices=AnomalyKind)
    user_id = models.BigIntegerField(_("who"))
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("how many"))
    usual = models.FloatField(_("usual number"), null=True, blank=True)
    threshold = models.PositiveIntegerField(_("from how many on"), null=True, blank=True)
    subjects = ArrayField(models.BigIntegerField(), verbose_name=_("whose data"))
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=AnomalyState, default=AnomalyState.NEW)

    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomaly of the access log")
        verbose_name_plural = _("anomalies of the access log")
        ordering = ("-day", "kind", "user_id", "pk")
        constraints = (models.UniqueConstraint(fields=("kind", "user_id", "day"), name="privacy_anomaly_once_a_day"),)


class AnomalyHandling(models.Model):
    """What somebody found out about an anomaly, and what they decided."""

    anomaly = models.ForeignKey(AccessAnomaly, models.CASCADE, related_name="handlings", verbose_name=_("anomaly"))
    from_state = models.CharField(_("state before"), max_length=10, choices=AnomalyState)
    to_state = models.CharField(_("state after"), max_length=10, choices=AnomalyState)
    note = models.CharField(_("what was found out"), max_length=1000)
    by_id = models.BigIntegerField(_("handled by"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("handling of an anomaly")
        verbose_name_plural = _("handlings of anomalies")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(note=""),
                name="privacy_handling_has_note",
                violation_error_message=_("Write what you found out."),
            ),
        )
