"""Devices from which somebody has signed in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KnownDevice(models.Model):
    """A browser that keeps a mark of ours; a sign-in from one without it is told to the person by mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices", verbose_name=_("user"))
    mark_hash = models.CharField(_("hash of the mark"), max_length=64, editable=False)
    words = models.CharField(_("browser and system"), max_length=80)
    first_seen = models.DateTimeField(_("first sign-in"), default=timezone.now)
    last_seen = models.DateTimeField(_("latest sign-in"), default=timezone.now)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        ordering = ("user", "-last_seen", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "mark_hash"), name="accounts_device_once"),)
