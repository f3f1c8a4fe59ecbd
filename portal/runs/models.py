"""Runs of nightly jobs: one row a run, its progress, what it did, and whether it went wrong; and the stop switch."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """The life of a run."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


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


class JobStopQuerySet(models.QuerySet[Any]):
    """Stops of jobs."""

    def of(self, job: str) -> "JobStopQuerySet":
        """Stops of one job, newest first."""
        return self.filter(job=job).order_by("-since", "-pk")

    def in_force(self, now: datetime) -> "JobStopQuerySet":
        """Those that hold at a time: begun, not lifted, and their time not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now, lifted_at__isnull=True)

    def holding_after(self, moment: datetime) -> "JobStopQuerySet":
        """Those that ended later than a time, or still hold."""
        ended: JobStopQuerySet = self.annotate(end=Coalesce("lifted_at", "until"))
        return ended.filter(Q(end__isnull=True) | Q(end__gt=moment))


class JobStop(models.Model):
    """A person has stopped a job of the night: no run of it starts until somebody lifts the stop, or its time is over.

    Rows are kept: they tell who stopped what, when and why, and who let it go on.
    """

    job = models.CharField(_("job"), max_length=40)
    since = models.DateTimeField(pgettext_lazy("time", "from"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    hides_results = models.BooleanField(
        _("results are hidden"), default=True, help_text=_("What the job has stored is not shown while it is stopped.")
    )
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lift_reason = models.TextField(_("why it goes on"), blank=True)

    objects = JobStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop of a job")
        verbose_name_plural = _("stops of jobs")
        ordering = ("-since", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="runs_jobstop_has_reason"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="runs_jobstop_ends_after_start",
                violation_error_message=_("The stop must end later than now."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_at__gte=F("since")) & ~Q(lift_reason="")),
                name="runs_jobstop_lifted_with_reason",
            ),
            ExclusionConstraint(
                name="runs_jobstop_one_at_a_time",
                expressions=[
                    ("job", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            Coalesce("lifted_at", "until"),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("It is stopped already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.job} {self.since.isoformat()}"


class WorkerHeartbeat(models.Model):
    """When each worker last showed that it is alive; `/readyz` looks here."""

    worker = models.CharField(pgettext_lazy("process", "worker"), max_length=200, unique=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("heartbeat of a worker")
        verbose_name_plural = _("heartbeats of workers")
        ordering = ("worker",)
