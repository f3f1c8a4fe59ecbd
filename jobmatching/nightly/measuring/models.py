"""Measurements of quality on judged data, taken by commands and never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Measured(models.TextChoices):
    """What was measured."""

    MATCHING = "matching", _("order of people in matching")
    SEARCH = "search", _("search of occupations")


class QualityMeasurement(models.Model):
    """How well something does on judged data: when, with which rules and classification, on what, and the figures."""

    kind = models.CharField(_("measured"), max_length=10, choices=Measured)
    version = models.CharField(
        _("rules version"), max_length=40, blank=True, help_text=_("Empty: the shipped weights, or no rules at all.")
    )
    classification = models.CharField(_("classification"), max_length=60)
    data_set = models.CharField(_("judged data"), max_length=100, help_text=_("Its name, without any path."))
    data_digest = models.CharField(
        _("digest of the judged data"), max_length=64, help_text=_("SHA-256: the same data has the same one.")
    )
    language = models.CharField(_("language"), max_length=2, blank=True)
    measured_at = models.DateTimeField(_("time"), auto_now_add=True)
    queries = models.PositiveIntegerField(_("queries"))
    candidates = models.PositiveIntegerField(_("candidates"), null=True, blank=True)
    figures = models.JSONField(_("figures"), help_text=_("Name of the figure and its value."))

    class Meta:
        verbose_name = _("measurement of quality")
        verbose_name_plural = _("measurements of quality")
        ordering = ("-measured_at", "-pk")
        indexes = (models.Index(fields=("version",), name="jobmatching_quality_version"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(data_set__contains="/") & ~Q(data_set__contains="\\"), name="jobmatching_quality_no_path"
            ),
        )
