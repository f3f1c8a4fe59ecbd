"""The log is only added to: by the table itself, whoever writes and wherever."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.partitions import PARENT, Month, make_months, months
from portal.privacy.access.sealing import seal
from tests.portal.privacy.access.logged import add_row, rows


def _of_now() -> Month:
    return next(month for month in months() if month.first == datetime.now(UTC).date().replace(day=1))


@pytest.mark.parametrize("table", ["parent", "partition"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET subjects = '{{}}'",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id, at) DO UPDATE SET view = ''",
        "MERGE INTO {table} AS t USING {table} AS s ON t.id = s.id AND t.at = s.at WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
    ],
)
def test_no_row_is_changed_or_taken_away(db: None, statement: str, table: str) -> None:
    add_row()
    name = PARENT if table == "parent" else _of_now().table
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=name))
    assert len(rows()) == 1


def test_the_orm_can_neither_change_nor_delete(db: None) -> None:
    add_row()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessLogEntry.objects.update(view="")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessLogEntry.objects.all().delete()


def test_a_session_that_replays_a_replica_is_no_way_round(db: None) -> None:
    add_row()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            cursor.execute("DELETE FROM privacy_accesslogentry")


def test_months_that_are_made_later_are_guarded_too(db: None) -> None:
    (made, *_rest) = make_months(datetime(2031, 5, 10, tzinfo=UTC), ahead=0)
    add_row(at=datetime(2031, 5, 31, 23, 59, tzinfo=UTC))
    for statement in ("UPDATE {} SET view = ''", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            connection.cursor().execute(statement.format(made))


def test_seals_are_only_added_to_and_nobody_marks_them_by_hand(db: None) -> None:
    add_row()
    seal()
    for statement in (
        "UPDATE privacy_accesslogseal SET count = 2",
        "UPDATE privacy_accesslogseal SET dropped_at = now(), count = 2",
        "UPDATE privacy_accesslogseal SET dropped_at = now()",
        "UPDATE privacy_accesslogseal SET dropped_at = now() WHERE month = '2020-01-01' AND dropped_at IS NULL OR true",
        "DELETE FROM privacy_accesslogseal",
        "TRUNCATE privacy_accesslogseal",
    ):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            connection.cursor().execute(statement)


def test_months_go_from_midnight_to_midnight_in_utc(db: None) -> None:
    make_months(datetime(2031, 12, 10, tzinfo=UTC), ahead=1)
    add_row(at=datetime(2031, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    add_row(at=datetime(2032, 1, 1, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM privacy_accesslogentry ORDER BY id")
        assert [name[-6:] for (name,) in cursor.fetchall()] == ["203112", "203201"]


def test_months_are_made_once(db: None) -> None:
    now = datetime(2031, 11, 30, 23, 30, tzinfo=UTC)
    assert [name[-6:] for name in make_months(now)] == ["203111", "203112", "203201"]
    assert make_months(now) == []


def test_a_row_names_somebody(db: None) -> None:
    with pytest.raises(IntegrityError, match="somebody"):
        add_row(user_id=None, actor="")


def test_the_database_error_behind_is_one_of_postgresql(db: None) -> None:
    add_row()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        AccessLogEntry.objects.all().delete()
    assert isinstance(caught.value.__cause__, psycopg.errors.RestrictViolation)
