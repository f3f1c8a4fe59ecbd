"""Runs: one row per run of a nightly job, its progress and its alarm."""

from celery.signals import worker_ready
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    """Runs and the signs of life of the workers."""

    name = "portal.runs"
    label = "runs"
    verbose_name = _("Nightly runs")

    def ready(self) -> None:
        # The Celery application must be there before a task is sent; `portal/__init__.py` stays empty.
        import portal.celery  # noqa: F401
        from portal.runs.heartbeat import start_pulse

        worker_ready.connect(start_pulse, dispatch_uid="portal.runs.heartbeat")
