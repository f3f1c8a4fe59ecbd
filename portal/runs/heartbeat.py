"""Signs of life of the Celery workers: a row per worker, written every 20 seconds, looked at by `/readyz`.

Two writers keep the row fresh. The task `beat_heart`, sent by beat, shows that jobs get from beat through the broker to
a worker. A thread beside the worker's tasks writes while a long part of the night keeps every process busy and the task
has to wait: a busy worker is not a dead one.
"""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection
from django.utils import timezone

from portal.runs.models import WorkerHeartbeat

logger = logging.getLogger(__name__)

PULSE_S = 20.0
FRESH_FOR = timedelta(seconds=90)
FORGOTTEN_AFTER = timedelta(days=1)


def note_alive(worker: str, at: datetime) -> None:
    """Write that `worker` was alive at a time; forget workers that have been gone for a day."""
    WorkerHeartbeat.objects.update_or_create(worker=worker, defaults={"at": at})
    WorkerHeartbeat.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()


def any_alive(now: datetime) -> bool:
    """Whether a worker has shown a sign of life lately."""
    return WorkerHeartbeat.objects.filter(at__gte=now - FRESH_FOR).exists()


class Pulse(threading.Thread):
    """Writes the worker's row at once and every 20 seconds until the process ends."""

    def __init__(self, worker: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self._worker = worker
        self._stopped = threading.Event()

    def run(self) -> None:
        while True:
            self.beat()
            if self._stopped.wait(PULSE_S):
                return

    def beat(self) -> None:
        """Write once. A database that is away now may be back at the next beat."""
        try:
            note_alive(self._worker, timezone.now())
        except Error as error:
            logger.warning("The sign of life of %s was not written: %s", self._worker, type(error).__name__)
        finally:
            connection.close()

    def stop(self) -> None:
        """End after the beat that is going on."""
        self._stopped.set()


def start_pulse(sender: Any, **_: Any) -> None:
    """Signal `worker_ready`: the worker takes jobs from now on."""
    Pulse(str(sender.hostname)).start()
