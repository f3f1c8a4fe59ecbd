"""Runs of nightly jobs: one row a run, its progress, what it did, and whether it went wrong."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """The life of a run."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")


ACTIVE_STATES = (RunState.QUEUED, RunState.RUNNING)


class JobRunQuerySet(models.QuerySet[Any]):
    """Runs."""

    def active(self) -> "JobRunQuerySet":
        return self.filter(state__in=ACTIVE_STATES)

    def succeeded(self) -> "JobRunQuerySet":
        return self.filter(state=RunState.SUCCEEDED)

    def of(self, job: str) -> "JobRunQuerySet":
        """Runs of one job, newest first."""
        return self.filter(job=job).order_by("-created_at", "-pk")


class JobRun(models.Model):
    """One run of a job for one day. A day that failed, or that somebody ran again, has several attempts."""

    job = models.CharField(_("job"), max_length=40)
    for_date = models.DateField(_("for the day"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=40, blank=True)
    done = models.PositiveIntegerField(_("parts done"), default=0)
    total = models.PositiveIntegerField(_("parts in all"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    seconds = models.JSONField(_("seconds per step"), default=dict)
    rules_version = models.CharField(_("rules version"), max_length=40, blank=True)
    input_hash = models.CharField(_("hash of the input"), max_length=64, blank=True)
    result_hash = models.CharField(_("hash of the result"), max_length=64, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("job", "for_date", "attempt"), name="runs_jobrun_attempt_once"),
            models.UniqueConstraint(
                fields=("job",),
                condition=Q(state__in=("queued", "running")),
                name="runs_jobrun_one_at_a_time",
                violation_error_message=_("A run is going on already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded") | Q(finished_at__isnull=False), name="runs_jobrun_success_has_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.job} {self.for_date} ({self.attempt})"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def percent(self) -> int:
        """Progress in whole percent."""
        return 100 if self.state == RunState.SUCCEEDED else (100 * self.done // self.total if self.total else 0)

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end, or until now for a run going on."""
        if self.started_at is None:
            return None
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()


class WorkerHeartbeat(models.Model):
    """When each worker last showed that it is alive; `/readyz` looks here."""

    worker = models.CharField(pgettext_lazy("process", "worker"), max_length=200, unique=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("heartbeat of a worker")
        verbose_name_plural = _("heartbeats of workers")
        ordering = ("worker",)
