"""Tasks whose errors leave them without what rows hold: Celery logs their text and keeps it as the result."""

import logging
from typing import Any

from celery import Task
from celery.exceptions import Ignore, Reject, Retry
from django.db import OperationalError

from portal.runs.errors import Tellable, describe

logger = logging.getLogger(__name__)


class TaskFailed(Tellable):
    """A task has failed; the text is that of `describe`. The log before it says where."""


class PortalTask(Task):
    """A task whose errors leave it without what rows hold.

    Trouble of the moment with the database keeps its kind, since tasks are tried again for it, and loses its text.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        try:
            return super().__call__(*args, **kwargs)
        except (Retry, Ignore, Reject, Tellable):
            raise
        except OperationalError as error:
            raise OperationalError(describe(error)) from None
        except Exception as error:
            logger.exception("Task %s failed.", self.name)
            raise TaskFailed(describe(error)) from None
