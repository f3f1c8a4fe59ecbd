"""Requests of jobseekers about their own data, restrictions of processing, and documents of all data of a person."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.rights.enums import (
    ExportState,
    IdentityProof,
    RequestKind,
    RequestState,
    RestrictionGround,
    Sender,
)
from jobmatching.seekers.rights.querysets import ExportQuerySet, RequestQuerySet, RestrictionQuerySet
from portal.privacy.identity import EncryptedTextField

CONTENT_KEPT: Final = timedelta(days=7)
"""So long after it was made, a document can be fetched; then its content is deleted."""


def _user(name: Any) -> models.ForeignKey:
    """A user who did something; the row stays when the account goes (Any: a lazy text, as Django takes it)."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=name
    )


class SubjectRequest(models.Model):
    """A person asks for something about the own data; it is answered within a month (GDPR, article 12(3))."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="requests", verbose_name=_("jobseeker"))
    kind = models.CharField(_("what is asked"), max_length=20, choices=RequestKind)
    received_on = models.DateField(_("received"))
    sender = models.CharField(_("from whom"), max_length=20, choices=Sender, default=Sender.PERSON)
    sender_name = models.CharField(
        _("name of the representative or guardian"),
        max_length=200,
        blank=True,
        help_text=_("Not needed of the person."),
    )
    identity = models.CharField(_("how the identity was confirmed"), max_length=20, choices=IdentityProof)
    wanted = models.TextField(_("what the person wants, in their words"))
    handler = _user(_("handled by"))
    recorded_by = _user(_("noted by"))
    recorded_at = models.DateTimeField(_("noted"), auto_now_add=True)
    due_on = models.DateField(_("to be answered by"))
    extended_on = models.DateField(_("more time taken"), null=True, blank=True)
    extension_reason = models.TextField(_("why more time is needed"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    decision = models.TextField(_("decision and its reasons"), blank=True)
    statement = models.TextField(
        _("the person's own statement"),
        blank=True,
        help_text=_("Kept beside the data that the person finds wrong and that was not changed."),
    )
    decided_by = _user(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    told_on = models.DateField(_("person told"), null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about own data")
        verbose_name_plural = _("requests about own data")
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("due_on",), condition=Q(state="open"), name="jobmatching_request_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="jobmatching_request_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn")) | ~Q(decision=""),
                name="jobmatching_request_decision_has_reasons",
                violation_error_message=_("Write the decision and its reasons."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("received_on")),
                name="jobmatching_request_due_after_receipt",
                violation_error_message=_("The last day must be after the day on which the request came."),
            ),
            models.CheckConstraint(
                condition=Q(extended_on__isnull=True, extension_reason="")
                | (Q(extended_on__isnull=False) & ~Q(extension_reason="")),
                name="jobmatching_request_extended_with_reason",
                violation_error_message=_("Write why more time is needed."),
            ),
            models.CheckConstraint(
                condition=Q(sender="person") | ~Q(sender_name=""),
                name="jobmatching_request_representative_named",
                violation_error_message=_("Write the name of the representative or guardian."),
            ),
            models.CheckConstraint(condition=~Q(wanted=""), name="jobmatching_request_says_what"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.received_on}"

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN


class Restriction(models.Model):
    """The processing of a person's data is restricted: kept, not matched, seen by those who handle it alone."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="restrictions", verbose_name=_("jobseeker"))
    ground = models.CharField(_("ground"), max_length=20, choices=RestrictionGround)
    reason = models.TextField(_("reason"))
    request = models.ForeignKey(
        SubjectRequest, models.SET_NULL, null=True, blank=True, related_name="restrictions", verbose_name=_("request")
    )
    since = models.DateTimeField(_("restricted since"), auto_now_add=True)
    set_by = _user(_("restricted by"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = _user(_("lifted by"))
    lift_reason = models.TextField(_("why it is lifted"), blank=True)
    told_on = models.DateField(
        _("person told before it was lifted"), null=True, blank=True, help_text=_("The law asks for it.")
    )

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")
        ordering = ("-since", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker",),
                condition=Q(lifted_at__isnull=True),
                name="jobmatching_restriction_one_in_force",
                violation_error_message=_("The processing is restricted already."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="jobmatching_restriction_has_reason"),
            # Article 18(3): the person is told before a restriction is lifted.
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="", told_on__isnull=True)
                | (Q(lifted_at__isnull=False, told_on__isnull=False) & ~Q(lift_reason="")),
                name="jobmatching_restriction_lifted_whole",
                violation_error_message=_("Tell the person first, and write why the restriction is lifted."),
            ),
        )


class SubjectExport(models.Model):
    """All data of a person in one document, made on request; the content is encrypted and kept for a week at most."""

    seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="data_exports", verbose_name=_("jobseeker"))
    request = models.ForeignKey(
        SubjectRequest, models.SET_NULL, null=True, blank=True, related_name="exports", verbose_name=_("request")
    )
    identity = models.CharField(_("how the identity was confirmed"), max_length=20, choices=IdentityProof)
    identity_note = models.CharField(
        _("more about how the identity was confirmed"),
        max_length=300,
        help_text=_("For example which document was seen. Never the number of the document or an identity code."),
    )
    language = models.CharField(_("language of the document"), max_length=2, choices=settings.LANGUAGES)
    made_by = _user(_("asked for by"))
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.QUEUED)
    done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    total = models.PositiveSmallIntegerField(_("parts in all"), default=0)
    # As identity codes are kept: `manage.py rotate_identity_keys` encrypts it anew.
    content = EncryptedTextField(_("encrypted content"), null=True, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("content is deleted"), null=True, blank=True)
    downloads = models.PositiveSmallIntegerField(_("times fetched"), default=0)
    downloaded_at = models.DateTimeField(_("fetched last"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of all data")
        verbose_name_plural = _("documents of all data")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker",),
                condition=Q(state__in=("queued", "running")),
                name="jobmatching_export_one_at_a_time",
                violation_error_message=_("A document is being made already."),
            ),
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False, ready_at__isnull=False, expires_at__isnull=False)
                | (~Q(state="ready") & Q(content__isnull=True)),
                name="jobmatching_export_content_while_ready",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__lte=F("ready_at") + CONTENT_KEPT),
                name="jobmatching_export_a_week_at_most",
            ),
            models.CheckConstraint(condition=~Q(identity_note=""), name="jobmatching_export_identity_confirmed"),
        )

    @property
    def is_active(self) -> bool:
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def percent(self) -> int:
        """Progress in whole percent."""
        return 100 * self.done // self.total if self.total else 0
