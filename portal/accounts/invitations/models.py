"""Invitations of staff."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.dated import ends_after_start
from portal.accounts.roles import AREA_ROLES, EMPLOYER_ROLES, INSTALLATION_ROLES, Role
from portal.classifications.models import EmploymentArea

LASTS: Final = timedelta(days=7)
"""How long the link of an invitation works."""


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    OPEN = "open", _("waits for an answer")
    EXPIRED = "expired", _("the link is too old")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Words about invitations."""

    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; the link may be too old."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self) -> "InvitationQuerySet":
        """Those whose link works."""
        return self.unanswered().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Somebody is asked to come in, in one role. The link is kept as a hash of its one-time part."""

    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    language = models.CharField(_("language"), max_length=2, default="fi", choices=settings.LANGUAGES)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    area = models.ForeignKey(
        EmploymentArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("employment area"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="invitations_sent",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("link sent"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("link works until"), editable=False)
    link_hash = models.CharField(_("hash of the link"), max_length=64, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="invitation",
        verbose_name=_("account made from it"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints = (
            ends_after_start("accounts_invitation_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(EMPLOYER_ROLES)),
                name="accounts_invitation_is_for_staff",
                violation_error_message=_("People of employers register themselves; they are not invited here."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(AREA_ROLES)) | Q(area__isnull=False),
                name="accounts_invitation_area_role_has_area",
                violation_error_message=_("Choose the employment area in which the role is held."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(INSTALLATION_ROLES)) | Q(area__isnull=True),
                name="accounts_invitation_installation_role_has_no_area",
                violation_error_message=_("This role is held in the whole installation: leave the area out."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="accounts_invitation_expires_after_sending",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="accounts_invitation_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, user__isnull=True)
                | Q(accepted_at__isnull=False, user__isnull=False),
                name="accounts_invitation_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_invitation_one_open",
                violation_error_message=_("This address has an open invitation: send it again or withdraw it."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def state(self) -> InvitationState:
        """Where the invitation stands now."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.EXPIRED if self.expires_at <= timezone.now() else InvitationState.OPEN
