"""What a failed run shows of its error: enough to act on, and nothing of any row."""

import errno
import logging

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from portal.accounts.models import User
from portal.runs.errors import describe
from portal.runs.services import RunEnded, fail, open_run
from tests.factories import TODAY, UserFactory

PLANTED = "salainen.henkilo@example.org"


@pytest.mark.django_db
def test_of_a_broken_constraint_its_name_and_nothing_of_the_row() -> None:
    UserFactory(email=PLANTED)
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        User.objects.bulk_create([User(email=PLANTED)])
    assert PLANTED in str(broken.value)

    told = describe(broken.value)

    assert told.startswith("IntegrityError (UniqueViolation, SQLSTATE 23505, constraint accounts_user_email")
    assert "salainen" not in told


@pytest.mark.django_db
def test_a_value_in_the_first_line_of_a_message_is_not_told() -> None:
    with pytest.raises(DataError) as broken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", ["Salainen Henkilö"])
    assert "Salainen" in str(broken.value).splitlines()[0]

    assert describe(broken.value) == "DataError (InvalidDatetimeFormat, SQLSTATE 22007)"
    assert describe(broken.value.__cause__) == "InvalidDatetimeFormat (SQLSTATE 22007)"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("Salainen Henkilö is no number"), "ValueError"),
        (KeyError("Salainen"), "KeyError"),
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/Salainen.csv"), "OSError (ENOSPC)"),  # noqa: S108  never opened
        (OSError("Salainen"), "OSError"),
        (OperationalError("Salainen"), "OperationalError"),
        (psycopg.OperationalError("connection lost: Salainen"), "OperationalError"),
        (RunEnded("Run 7 has ended.\nSalainen"), "RunEnded: Run 7 has ended."),
        (RunEnded(), "RunEnded"),
    ],
    ids=repr,
)
def test_of_other_errors_the_kind_and_of_our_own_the_sentence(error: Exception, told: str) -> None:
    assert describe(error) == told


@pytest.mark.django_db
def test_neither_the_run_nor_the_log_holds_the_value(caplog: pytest.LogCaptureFixture) -> None:
    UserFactory(email=PLANTED)
    run = open_run("matching", TODAY)
    with caplog.at_level(logging.ERROR), pytest.raises(IntegrityError) as broken, transaction.atomic():
        User.objects.bulk_create([User(email=PLANTED)])
    fail(run.pk, describe(broken.value))

    run.refresh_from_db()
    assert "SQLSTATE 23505" in run.error
    assert "salainen" not in run.error + caplog.text
