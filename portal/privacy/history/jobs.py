"""Jobs and commands tell their name beside each change that they make."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from portal.privacy.history.context import Source, context

_going_on: dict[str, ExitStack] = {}


def listen() -> None:
    """Give every task of Celery a context of its own."""
    task_prerun.connect(_begin, dispatch_uid="portal.privacy.history")
    task_postrun.connect(_end, dispatch_uid="portal.privacy.history")


def _begin(task_id: str, task: Any, **_: Any) -> None:
    stack = ExitStack()
    stack.enter_context(context(source=Source.JOB, name=task.name))
    _going_on[task_id] = stack


def _end(task_id: str, **_: Any) -> None:
    if stack := _going_on.pop(task_id, None):
        stack.close()


def run_command(argv: Sequence[str]) -> None:
    """Django's command line, within a context with the name of the command."""
    try:
        settings.INSTALLED_APPS  # noqa: B018  reading it loads the settings, or says what is wrong with them
    except ImproperlyConfigured:
        execute_from_command_line(list(argv))  # it tells so itself, or shows its help
        return
    with context(source=Source.COMMAND, name=argv[1] if len(argv) > 1 else ""):
        execute_from_command_line(list(argv))
