"""In production the log is written by a role that may only add rows: tried with a real one."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import ProgrammingError
from psycopg import sql

from portal.privacy.access import Action, record_system
from portal.privacy.access.checks import log_is_only_added_to
from portal.privacy.access.partitions import months
from portal.privacy.access.sealing import seal
from portal.privacy.access.verifying import verify
from tests.portal.privacy.access.logged import rows

PASSWORD = "only-for-this-test"


@pytest.fixture
def writer(committed: str) -> Iterator[str]:
    """The connection of the log is that of a new role with the rights that the command prints."""
    role = f"writer_of_{committed}"
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(PASSWORD)))
        for statement in _printed(role).splitlines():
            cursor.execute(statement)
    own = connections["access_log"].settings_dict
    usual = {key: own[key] for key in ("USER", "PASSWORD")}
    connections["access_log"].close()
    own |= {"USER": role, "PASSWORD": PASSWORD}
    yield role
    connections["access_log"].close()
    own |= usual
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
        cursor.execute(sql.SQL("DROP ROLE {}").format(name))


def _printed(role: str, *arguments: str) -> str:
    out = StringIO()
    call_command("access_log_grants", role, *arguments, stdout=out)
    return out.getvalue()


def test_it_adds_rows_and_makes_a_month_that_is_missing(writer: str) -> None:
    record_system("test", Action.LIST, view="x", seekers=[1])
    with connection.cursor() as cursor:
        for month in months():
            cursor.execute(f"DROP TABLE {month.table}")
    record_system("test", Action.LIST, view="x", seekers=[2])
    assert [row.subjects for row in rows()] == [[2]]
    assert len(months()) == 1
    seal()
    assert verify().checked.rows == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM privacy_accesslogentry",
        "UPDATE privacy_accesslogentry SET view = ''",
        "DELETE FROM privacy_accesslogentry",
        "TRUNCATE privacy_accesslogentry",
        "DROP TABLE privacy_accesslogentry",
        "ALTER TABLE privacy_accesslogentry DISABLE TRIGGER ALL",
        "INSERT INTO privacy_accesslogentry SELECT * FROM privacy_accesslogentry",
        # Neither the time nor the id of a row is the writer's to choose.
        "INSERT INTO privacy_accesslogentry (at, user_id, actor, roles, action, subjects, purpose, view, words_hashes,"
        " about, request_id) VALUES ('2020-01-01', 1, '', '{}', 'list', '{}', '', '', '{}', '', '')",
        "INSERT INTO privacy_accesslogentry (id, user_id, actor, roles, action, subjects, purpose, view, words_hashes,"
        " about, request_id) VALUES (1, 1, '', '{}', 'list', '{}', '', '', '{}', '', '')",
        "SELECT setval('privacy_accesslogentry_id_seq', 1)",
        "SELECT privacy_accesslog_month('2020-01-01')",
        "SELECT * FROM privacy_accesslogseal",
        "INSERT INTO privacy_accesslogseal DEFAULT VALUES",
        "SELECT last_name FROM jobmatching_jobseeker",
        "SELECT email FROM accounts_user",
    ],
)
def test_it_may_do_nothing_else(writer: str, statement: str) -> None:
    record_system("test", Action.LIST, view="x")
    with (
        connections["access_log"].cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"permission|must be owner"),
    ):
        cursor.execute(statement)
    assert len(rows()) == 1


def test_it_may_not_write_a_month_directly(writer: str) -> None:
    with connections["access_log"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission"):
        cursor.execute(f"INSERT INTO {months()[0].table} DEFAULT VALUES")


def test_the_command_tells_whether_the_rights_are_these(writer: str) -> None:
    assert "nothing else" in _printed(writer, "--check")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT SELECT, DELETE ON privacy_accesslogentry TO {}").format(sql.Identifier(writer)))
    with pytest.raises(CommandError, match="may read the log, may delete rows"):
        _printed(writer, "--check")
    assert not log_is_only_added_to(None)[1:]
    assert "may read the log, may delete rows" in log_is_only_added_to(None)[0].msg
    with pytest.raises(CommandError, match="no role"):
        _printed("nobody_has_this_name", "--check")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("SELECT (subjects) ON privacy_accesslogentry", "may read the log"),
        ("UPDATE (purpose) ON privacy_accesslogentry", "may change rows"),
        ("TRIGGER ON privacy_accesslogentry", "switch its triggers"),
        ("SELECT ON {month}", "may read the log"),
        ("DELETE ON {month}", "may delete rows"),
        ("INSERT ON {month}", "straight into a month"),
        ("UPDATE ON privacy_accesslogseal", "may change seals"),
        ("EXECUTE ON FUNCTION privacy_accesslog_drop(date)", "may drop months"),
    ],
)
def test_rights_on_columns_months_and_seals_count_too(writer: str, right: str, wrong: str) -> None:
    assert log_is_only_added_to(None) == []
    with connection.cursor() as cursor:
        told = right.format(month=months()[0].table)
        cursor.execute(sql.SQL("GRANT " + told + " TO {}").format(sql.Identifier(writer)))
    assert wrong in log_is_only_added_to(None)[0].msg


def test_the_deploy_check_fails_where_the_owner_writes_the_log(committed: str) -> None:
    (told,) = log_is_only_added_to(None)
    assert "owns the log" in told.msg


def test_the_owner_of_the_tables_is_told_apart(committed: str) -> None:
    with pytest.raises(CommandError, match="owns the log"):
        _printed(connection.settings_dict["USER"], "--check")


def test_names_of_roles_are_quoted(db: None) -> None:
    assert '"a""; DROP TABLE x"' in _printed('a"; DROP TABLE x')
