"""Times of non-disclosure of a person, and the log of what was done about each.

`JobSeeker.non_disclosure` says whether the person is hidden now, and every queryset asks that; the rows here say why,
until when, by whom. Only `services` writes both.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.non_disclosure.enums import ChangeKind, Ground, LiftGround, NonDisclosureState
from jobmatching.seekers.non_disclosure.querysets import NonDisclosureQuerySet


def _user(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label
    )


class NonDisclosure(models.Model):
    """A person is hidden from all but the named workers, from a day on until somebody lifts it.

    The key is drawn at random: it stands in the address of a page for those who may not see the person, and tells
    neither who it is nor how many there are.
    """

    id = models.UUIDField(_("reference"), primary_key=True, default=uuid.uuid4, editable=False)
    seeker = models.ForeignKey(
        "jobmatching.JobSeeker", models.CASCADE, related_name="non_disclosures", verbose_name=_("jobseeker")
    )
    state = models.CharField(_("state"), max_length=10, choices=NonDisclosureState, default=NonDisclosureState.IN_FORCE)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)
    note = models.CharField(_("more about the ground"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    set_by = _user(_("set by"))
    set_at = models.DateTimeField(_("set"), auto_now_add=True)
    lifted_by = _user(_("lifted by"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lift_ground = models.CharField(_("why it was lifted"), max_length=20, choices=LiftGround, blank=True)
    lift_note = models.CharField(_("more about why it was lifted"), max_length=300, blank=True)

    objects = NonDisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("non-disclosure")
        verbose_name_plural = _("non-disclosures")
        ordering = ("-set_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("seeker",),
                condition=Q(state="in_force"),
                name="jobmatching_non_disclosure_one_in_force",
                violation_error_message=_("Non-disclosure is in force already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="jobmatching_non_disclosure_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(ground="register") | Q(valid_to__isnull=False),
                name="jobmatching_non_disclosure_register_has_end",
                violation_error_message=_("Write the last day: the population register tells it."),
            ),
            models.CheckConstraint(
                condition=Q(state="in_force", lifted_at__isnull=True, lift_ground="")
                | (Q(state="lifted", lifted_at__isnull=False) & ~Q(lift_ground="")),
                name="jobmatching_non_disclosure_lifted_whole",
                violation_error_message=_("Choose why the non-disclosure is lifted."),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What it is called before those who may not know whose it is."""
        return str(self.pk)[:8]


class NonDisclosureChange(models.Model):
    """What was done about a non-disclosure: one line of its log, never changed."""

    non_disclosure = models.ForeignKey(
        NonDisclosure, models.CASCADE, related_name="changes", verbose_name=_("non-disclosure")
    )
    kind = models.CharField(_("what was done"), max_length=10, choices=ChangeKind)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = _user(_("by whom"))
    worker = _user(_("worker"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("more"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of a non-disclosure")
        verbose_name_plural = _("changes of non-disclosures")
        ordering = ("at", "pk")
