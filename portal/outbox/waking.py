"""Telling the workers that messages wait, once what they tell about has been committed."""

import logging

from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class _WakeUp:
    """Sends the task after the commit."""

    done = False

    def __call__(self) -> None:
        """A broker that is away stops nobody's work: the sweep finds the messages within a minute."""
        from portal.outbox.tasks import send_waiting

        self.done = True
        try:
            send_waiting.apply_async(retry=False)
        except (OperationalError, RedisError, OSError) as error:
            logger.warning("No worker could be woken: %s. The sweep will send what waits.", type(error).__name__)


def wake_sender_on_commit() -> None:
    """Let a worker look for messages after the commit: one task a transaction, however many messages it wrote."""
    callbacks = [entry[1] for entry in connection.run_on_commit]
    if not any(isinstance(callback, _WakeUp) and not callback.done for callback in callbacks):
        transaction.on_commit(_WakeUp())
