"""Jobseekers, and the matching of vacancies to them."""

from typing import Any

from celery.signals import worker_init
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobmatchingConfig(AppConfig):
    name = "jobmatching"
    verbose_name = _("Jobseekers and matching")

    def ready(self) -> None:
        """Let a worker compile the engine before it takes its first task; its processes inherit what is compiled."""
        worker_init.connect(_warm_up, dispatch_uid="jobmatching.warm_up")


def _warm_up(**_: Any) -> None:
    from jobmatching.engine.warm import warm_up

    warm_up()
