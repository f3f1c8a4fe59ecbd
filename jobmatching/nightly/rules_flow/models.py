"""What has happened to versions of the rules: steps with who and why, previews of their effect."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules
from portal.runs.models import JobRun


class RulesStep(models.Model):
    """A step in the life of a version; lines are added, none is changed."""

    rules = models.ForeignKey(MatchingRules, models.CASCADE, related_name="steps", verbose_name=_("rules"))
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=RulesState, blank=True)
    to_state = models.CharField(pgettext_lazy("state", "to"), max_length=10, choices=RulesState)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("step", "by"),
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step of a version of the matching rules")
        verbose_name_plural = _("steps of versions of the matching rules")
        ordering = ("rules", "at", "pk")


class RulesPreview(models.Model):
    """What a version would have changed on one night's data: figures of groups alone, made by a run of its own."""

    rules = models.ForeignKey(MatchingRules, models.CASCADE, related_name="previews", verbose_name=_("rules"))
    digest = models.CharField(
        _("digest of the rules"), max_length=64, help_text=_("A draft that was changed since has another one.")
    )
    compared_with = models.ForeignKey(
        MatchingRules, models.CASCADE, related_name="+", verbose_name=_("compared with version")
    )
    night = models.ForeignKey(JobRun, models.CASCADE, related_name="+", verbose_name=_("night's run"))
    run = models.OneToOneField(JobRun, models.CASCADE, related_name="preview", verbose_name=_("run"))
    figures = models.JSONField(_("figures"), null=True, blank=True, help_text=_("Empty until the run has succeeded."))

    class Meta:
        verbose_name = _("preview of a version of the matching rules")
        verbose_name_plural = _("previews of versions of the matching rules")
        ordering = ("-run",)
