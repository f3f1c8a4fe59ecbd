"""What an error tells logs and the broker: where and what kind, never what a row holds."""

import logging
import sys
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from portal.accounts.models import User
from portal.runs.errors import Tellable
from portal.runs.logs import LineFormatter
from portal.runs.tasking import PortalTask, TaskFailed
from tests.factories import UserFactory

PLANTED = "kaisa.kuvitelma@example.org"


def clash() -> None:
    """An error of the database whose message quotes a row."""
    UserFactory(email=PLANTED)
    with transaction.atomic():
        User.objects.bulk_create([User(email=PLANTED)])


@shared_task(name="tests.clash")
def clashing() -> None:
    clash()


@shared_task(name="tests.telling")
def telling() -> None:
    raise NoRoom("There is no room.")


class NoRoom(Tellable):
    """One of our own."""


def test_the_plain_message_would_give_the_row_away(db: None) -> None:
    with pytest.raises(IntegrityError, match=PLANTED):
        clash()


def test_a_traceback_names_places_and_kinds_without_values(db: None) -> None:
    try:
        try:
            clash()
        except IntegrityError as error:
            raise ValueError(f"could not save {PLANTED}") from error
    except ValueError:
        record = logging.LogRecord("test", logging.ERROR, __file__, 1, "It failed.", None, sys.exc_info())

    text = LineFormatter("{message}", style="{").format(record)

    assert PLANTED not in text
    assert "IntegrityError (UniqueViolation, SQLSTATE 23505, constraint" in text
    assert "in clash" in text
    assert text.index("ValueError") < text.index("raised from") < text.index("IntegrityError")


def test_a_message_that_repeats_its_error_is_told_without_its_values() -> None:
    error = ValueError(f"cannot read {PLANTED}")
    for message in (str(error), f"Task x raised unexpected: {error!r}", f"{error}: /tili/"):
        record = logging.LogRecord("test", logging.ERROR, __file__, 1, message, None, (ValueError, error, None))
        text = LineFormatter("{message}", style="{").format(record)
        assert PLANTED not in text
        assert "ValueError" in text
        assert text.endswith("ValueError") or "/tili/" in text


def test_a_message_stays_on_its_line() -> None:
    forged = "/tili/\r\n2026-11-22 06:00:00 INFO portal all is well\u2028\x1b[2K"
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Not Found: %s", (forged,), None)
    text = LineFormatter("{asctime} {levelname} {name} {message}", style="{").format(record)
    assert len(text.splitlines()) == 1
    assert "\\r\\n2026-11-22" in text
    assert "\x1b" not in text


def test_times_are_those_of_utc_and_say_so() -> None:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, "x", None, None)
    record.created = 1_795_320_000.25
    assert LineFormatter("{asctime}", style="{").format(record) == "2026-11-22T04:00:00.250+00:00"


def test_every_handler_writes_by_that_formatter() -> None:
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}
    assert {settings.LOGGING["formatters"][name]["()"] for name in used} == {"portal.runs.logs.LineFormatter"}
    assert settings.CELERY_WORKER_HIJACK_ROOT_LOGGER is False


def test_a_task_that_fails_hands_the_broker_nothing_of_the_row(db: None, caplog: pytest.LogCaptureFixture) -> None:
    result = clashing.apply(throw=False)

    assert isinstance(clashing, PortalTask)
    assert isinstance(result.result, TaskFailed)
    assert "UniqueViolation" in str(result.result)
    assert result.result.__suppress_context__
    # What Celery itself says of it is made from that error.
    celerys = [record.getMessage() for record in caplog.records if record.name.startswith("celery")]
    assert celerys
    assert PLANTED not in f"{result.result!r} {result.traceback} {celerys}"


def test_errors_of_our_own_keep_their_kind_and_words(db: None) -> None:
    assert isinstance(telling.apply(throw=False).result, NoRoom)


def test_trouble_of_the_moment_keeps_its_kind(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def lost(*_args: Any) -> None:
        raise OperationalError(f"lost while reading {PLANTED}")

    monkeypatch.setattr(clashing, "run", lost)

    result = clashing.apply(throw=False)

    assert isinstance(result.result, OperationalError)
    assert PLANTED not in str(result.result)
