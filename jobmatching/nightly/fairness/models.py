"""The report of equal treatment of each run, as rows of figures of groups; and what people have said about them.

No row is about a person: groups of fewer than five people have none of their figures stored.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobmatching.nightly.fairness.enums import Dimension, Flag, Measure
from jobmatching.nightly.fairness.querysets import FairnessReportQuerySet
from portal.privacy.suppression import Cell
from portal.runs.models import JobRun


class FairnessReport(models.Model):
    """That the report of a matching run was made, when, and of how many people."""

    run = models.OneToOneField(
        JobRun, models.CASCADE, related_name="fairness", verbose_name=_("matching run"), primary_key=True
    )
    for_date = models.DateField(_("for the day"))
    rules_version = models.CharField(_("rules version"), max_length=40)
    people = models.PositiveIntegerField(_("jobseekers counted"))
    vacancies = models.PositiveIntegerField(_("vacancies"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = FairnessReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of equal treatment")
        verbose_name_plural = _("reports of equal treatment")
        ordering = ("-run",)
        indexes = (models.Index(fields=("for_date",), name="jobmatching_fairness_by_day"),)

    def __str__(self) -> str:
        return f"{self.for_date.isoformat()} ({self.rules_version})"


def _number(label: Any) -> "models.FloatField[float | None, float | None]":
    return models.FloatField(label, null=True, blank=True)


class FairnessFigure(models.Model):
    """One measure of one group in one run, with how sure it is; nothing but group and measure where it is hidden.

    A limit that is empty beside a ratio means: without a limit on that side.
    """

    report = models.ForeignKey(FairnessReport, models.CASCADE, related_name="figures", verbose_name=_("report"))
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension)
    group = models.CharField(_("group"), max_length=20)
    place = models.PositiveSmallIntegerField(_("place among the groups"))
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    cell = models.CharField(_("how published"), max_length=5, choices=[(cell.value, cell.value) for cell in Cell])
    n = models.PositiveIntegerField(_("n"), null=True, blank=True)
    numerator = _number(_("numerator"))
    value = _number(_("value"))
    low = _number(_("lower limit"))
    high = _number(_("upper limit"))
    compared_with = models.CharField(_("group compared with"), max_length=20, blank=True)
    ratio = _number(_("ratio to that group"))
    ratio_low = _number(_("lower limit of the ratio"))
    ratio_high = _number(_("upper limit of the ratio"))
    to_all = _number(_("ratio to everybody"))
    flag = models.CharField(_("four-fifths rule"), max_length=6, choices=Flag, blank=True)
    within = _number(_("ratio within occupations"))
    within_low = _number(_("lower limit within occupations"))
    within_high = _number(_("upper limit within occupations"))
    within_flag = models.CharField(_("four-fifths rule within occupations"), max_length=6, choices=Flag, blank=True)

    class Meta:
        verbose_name = _("figure of equal treatment")
        verbose_name_plural = _("figures of equal treatment")
        ordering = ("report", "dimension", "measure", "place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("report", "dimension", "measure", "group"), name="jobmatching_fairness_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(cell=Cell.SHOWN.value)
                | Q(
                    n__isnull=True, numerator__isnull=True, value__isnull=True, low__isnull=True, high__isnull=True,
                    compared_with="", ratio__isnull=True, ratio_low__isnull=True, ratio_high__isnull=True,
                    to_all__isnull=True, flag="", within__isnull=True, within_low__isnull=True,
                    within_high__isnull=True, within_flag="",
                ),
                name="jobmatching_fairness_hidden_is_empty",
            ),
        )  # fmt: skip


class FairnessComment(models.Model):
    """What somebody who answers for matching has said about a figure of a night; never changed afterwards."""

    report = models.ForeignKey(FairnessReport, models.CASCADE, related_name="comments", verbose_name=_("report"))
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension)
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    group = models.CharField(_("group"), max_length=20, blank=True, help_text=_("Empty: of the whole table."))
    text = models.TextField(_("comment"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("comment", "by"),
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("comment on a figure of equal treatment")
        verbose_name_plural = _("comments on figures of equal treatment")
        ordering = ("-written_at", "-pk")
        indexes = (models.Index(fields=("dimension", "measure"), name="jobmatching_fairness_comment"),)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="jobmatching_fairness_comment_says"),)
