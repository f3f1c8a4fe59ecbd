"""Seals over the log: in the order of ids, one chain; what is changed behind its back is found and named."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from portal.privacy.access import Action, night, record_system, sealing
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.partitions import PARENT, drop_sealed, make_months, months
from portal.privacy.access.sealing import chained, digest_of, rows_of, seal, settled_up_to, written
from portal.privacy.access.verifying import Kind, verify
from portal.runs.models import RunState
from portal.runs.services import only_one
from tests.portal.privacy.access.logged import add_row, change_behind_its_back, rows
from tests.portal.privacy.access.sealed import JUNE, MAY, check_log, kinds_found, seals, three_seals


# --- Sealing -----------------------------------------------------------------------------------------------------
def test_nothing_to_seal_makes_no_seal(db: None) -> None:
    assert seal() == []
    assert verify().in_order


def test_each_seal_covers_what_came_since_the_last_and_holds_on_to_it(db: None) -> None:
    first = [add_row() for _ in range(3)]
    seal()
    assert seal() == []
    second = [add_row(), add_row()]
    seal()
    one, two = seals()
    assert (one.from_id, one.to_id, one.count) == (1, first[-1], 3)
    assert (two.from_id, two.to_id, two.count) == (first[-1] + 1, second[-1], 2)
    assert two.sha256 == chained(two.month, two.from_id, two.to_id, 2, two.rows_sha256, one.sha256, key=1)
    report = verify()
    assert report.in_order
    assert (report.checked.rows, report.checked.seals, report.checked.unsealed) == (5, 2, 0)
    assert report.head == (two.pk, two.sha256)


def test_ids_that_were_never_committed_are_no_gap(db: None) -> None:
    add_row()
    with transaction.atomic():
        add_row()
        transaction.set_rollback(True)
    add_row()
    seal()
    assert seals()[0].count == 2
    assert verify().in_order


def test_a_range_over_midnight_of_two_months_has_a_seal_for_each(db: None) -> None:
    make_months(MAY, ahead=1)
    add_row(at=JUNE)
    add_row(at=MAY)
    add_row(at=JUNE)
    seal()
    assert [(one.month.month, one.from_id, one.to_id - one.from_id, one.count) for one in seals()] == [
        (5, 1, seals()[0].to_id - 1, 1),
        (6, 1, seals()[1].to_id - 1, 2),
    ]
    assert verify().in_order


def test_long_ranges_are_cut_after_so_many_rows(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LONGEST_RANGE", 2)
    ids = [add_row() for _ in range(5)]
    seal()
    assert [(one.from_id, one.to_id, one.count) for one in seals()] == [
        (1, ids[1], 2),
        (ids[1] + 1, ids[3], 2),
        (ids[3] + 1, ids[4], 1),
    ]
    assert verify().in_order


def test_many_ids_without_rows_leave_no_gap_between_seals(db: None) -> None:
    first = add_row()
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('privacy_accesslogentry_id_seq', %s)", [first + 100_000])
    assert seal() == []
    last = add_row()
    seal()
    assert [(one.from_id, one.to_id) for one in seals()] == [(1, first), (first + 1, last)]
    assert verify().in_order


def test_the_written_form_tells_every_column_and_does_not_depend_on_the_session(db: None) -> None:
    add_row(subjects=[1, 2], about="ä|\n", words_hashes=["x"])
    entry = rows()[0]
    month, last = datetime.now(UTC).date().replace(day=1), entry.id
    one = digest_of(rows_of(month, 1, last))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Tokyo'")
    assert digest_of(rows_of(month, 1, last)) == one
    (row,) = rows_of(month, 1, last)
    columns = [field.attname for field in AccessLogEntry._meta.concrete_fields]
    expected = {column: getattr(entry, column) for column in columns}
    expected["at"] = round(entry.at.timestamp() * 1_000_000)
    assert json.loads(written(row)) == list(expected.values())


# --- Ids that are committed late ---------------------------------------------------------------------------------
class Writer(threading.Thread):
    """Somebody whose row has its id and is not committed yet."""

    def __init__(self) -> None:
        super().__init__()
        self.has_written, self.may_commit = threading.Event(), threading.Event()
        self.start()
        assert self.has_written.wait(10)

    def run(self) -> None:
        with transaction.atomic():
            add_row(about="late")
            self.has_written.set()
            self.may_commit.wait(20)
        connections.close_all()

    def commit(self) -> None:
        self.may_commit.set()
        self.join(10)


def test_a_row_that_is_committed_late_is_waited_for(committed: str) -> None:
    record_system("test", Action.LIST, view="x")
    late = Writer()
    record_system("test", Action.LIST, view="x")
    assert [row.about for row in rows()] == ["", ""]
    assert settled_up_to(0.2) is None
    assert seal(0.2) == []
    late.commit()
    (made,) = seal(0.2)
    assert (made.count, [row.about for row in rows()]) == (3, ["", "late", ""])
    assert verify().in_order


def test_sealing_goes_on_as_soon_as_the_late_row_is_there(committed: str) -> None:
    late = Writer()
    record_system("test", Action.LIST, view="x")
    threading.Timer(0.5, late.commit).start()
    (made,) = seal(10)
    assert made.count == 2


def test_a_late_row_put_straight_into_its_month_is_waited_for_too(committed: str) -> None:
    table = next(month.table for month in months() if month.first == datetime.now(UTC).date().replace(day=1))
    other = connections["access_log"]
    with transaction.atomic(using="access_log"), other.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (user_id, actor, roles, action, subjects, purpose, view, words_hashes, about,"  # noqa: S608  a name of ours
            " request_id) VALUES (1, '', '{}', 'list', '{}', '', '', '{}', '', '')"
        )
        assert seal(0.1) == []
    assert len(seal(0.1)) == 1


def test_nobody_who_writes_is_made_to_wait_by_sealing(committed: str) -> None:
    late = Writer()
    done = threading.Event()

    def sealing() -> None:
        seal(3)
        connections.close_all()

    thread = threading.Thread(target=sealing)
    thread.start()
    record_system("test", Action.LIST, view="x")  # would stand here until the late row is committed
    done.set()
    late.commit()
    thread.join(10)
    assert verify().in_order


def test_one_process_seals_at_a_time(committed: str) -> None:
    record_system("test", Action.LIST, view="x")
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with only_one("access_log.seal"):
            held.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    assert seal() == []
    go_on.set()
    thread.join(10)
    assert len(seal()) == 1


# --- What is done behind its back --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("UPDATE privacy_accesslogentry SET subjects = '{{}}' WHERE id = {}", Kind.ROWS_CHANGED),
        ("UPDATE privacy_accesslogentry SET at = at + interval '1 microsecond' WHERE id = {}", Kind.ROWS_CHANGED),
        ("UPDATE privacy_accesslogentry SET user_id = 2 WHERE id = {}", Kind.ROWS_CHANGED),
        ("UPDATE privacy_accesslogentry SET purpose = 'cover' WHERE id = {}", Kind.ROWS_CHANGED),
        ("UPDATE privacy_accesslogentry SET roles = '{{auditor}}' WHERE id = {}", Kind.ROWS_CHANGED),
        ("UPDATE privacy_accesslogentry SET request_id = '' WHERE id = {}", Kind.ROWS_CHANGED),
        ("DELETE FROM privacy_accesslogentry WHERE id = {}", Kind.ROWS_MISSING),
    ],
)
def test_a_row_that_was_changed_or_taken_away_is_found_by_its_range(db: None, what: str, kind: Kind) -> None:
    ids = three_seals()
    change_behind_its_back(what.format(ids[4]))
    (finding,) = verify().checked.findings
    assert (finding.kind, finding.from_id, finding.to_id) == (kind, ids[2] + 1, ids[5])
    assert f"rows {ids[2] + 1} to {ids[5]}" in str(finding)


def test_a_row_put_in_with_an_id_of_a_sealed_range_is_found(db: None) -> None:
    ids = three_seals()
    change_behind_its_back("DELETE FROM privacy_accesslogentry WHERE id = %s", ids[4])
    add_row(id=ids[4], subjects=[])
    assert kinds_found() == [Kind.ROWS_CHANGED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('privacy_accesslogentry_id_seq', %s)", [ids[-1] + 1000])
    add_row()
    seal()
    add_row(id=ids[-1] + 500)
    assert sorted(kinds_found()) == [Kind.ROWS_ADDED, Kind.ROWS_CHANGED]


def test_a_row_put_into_an_older_month_is_found(db: None) -> None:
    three_seals()
    make_months(MAY, ahead=0)
    add_row(id=2_000_000_000, at=MAY)
    assert verify().in_order, "not sealed yet: what is sealed next holds it"
    add_row(id=-4, at=MAY)
    (finding,) = verify().checked.findings
    assert (finding.kind, finding.rows, finding.month) == (Kind.ROWS_ADDED, (-4,), MAY.date().replace(day=1))


def test_two_rows_that_changed_places_are_found(db: None) -> None:
    ids = three_seals()
    change_behind_its_back(
        "UPDATE privacy_accesslogentry SET id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)",
        *(ids[3], -ids[4], -ids[3], ids[3], ids[4]),
    )
    change_behind_its_back("UPDATE privacy_accesslogentry SET id = -id WHERE id < 0")
    assert kinds_found() == [Kind.ROWS_CHANGED]


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("UPDATE privacy_accesslogseal SET count = 2 WHERE id = {}", {Kind.ROWS_ADDED, Kind.CHAIN_BROKEN}),
        ("UPDATE privacy_accesslogseal SET rows_sha256 = repeat('0', 64) WHERE id = {}",
         {Kind.ROWS_CHANGED, Kind.CHAIN_BROKEN}),
        ("UPDATE privacy_accesslogseal SET month = '2020-01-01' WHERE id = {}",
         {Kind.MONTH_MISSING, Kind.CHAIN_BROKEN, Kind.ROWS_ADDED}),
        ("UPDATE privacy_accesslogseal SET dropped_at = now() WHERE id = {}",
         {Kind.MONTH_NOT_DROPPED, Kind.DROPPED_BY_HAND}),
        ("DELETE FROM privacy_accesslogseal WHERE id = {}",
         {Kind.SEAL_MISSING, Kind.CHAIN_BROKEN, Kind.ROWS_ADDED}),
    ],
)  # fmt: skip
def test_a_seal_that_was_changed_or_taken_away_is_found(db: None, what: str, kinds: set[Kind]) -> None:
    three_seals()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accesslogseal DISABLE TRIGGER ALL")
        cursor.execute(what.format(seals()[1].pk))
    assert set(kinds_found()) == kinds


def test_a_chain_written_anew_is_found_by_a_seal_noted_elsewhere(db: None) -> None:
    three_seals()
    noted = [(one.pk, one.sha256) for one in seals()]
    change_behind_its_back("UPDATE privacy_accesslogentry SET user_id = 2")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accesslogseal DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM privacy_accesslogseal")
    seal()
    assert verify().in_order, "a chain alone cannot tell"
    assert not verify(noted[-1:]).in_order
    assert verify([(one.pk, one.sha256) for one in seals()]).in_order


def test_a_month_that_somebody_dropped_is_found(db: None) -> None:
    make_months(MAY, ahead=0)
    add_row(at=MAY)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE privacy_accesslogentry_201505")
    assert kinds_found() == [Kind.MONTH_MISSING]


# --- Cut at its end, dropped by hand, keys -----------------------------------------------------------------------
def _as_owner(*statements: str) -> None:
    """What the owner of the tables can do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accesslogseal DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("ALTER TABLE privacy_accesslogseal ENABLE ALWAYS TRIGGER privacy_seal_unchanged")


def test_a_cut_end_is_found_by_what_the_night_has_noted(db: None) -> None:
    ids = three_seals()
    assert night.run_here(timezone.localdate()).state == RunState.SUCCEEDED
    last = seals()[-1]
    change_behind_its_back("DELETE FROM privacy_accesslogentry WHERE id > %s", ids[5])
    _as_owner("DELETE FROM privacy_accesslogseal WHERE id = (SELECT max(id) FROM privacy_accesslogseal)")
    assert verify().in_order, "the chain alone cannot tell"
    code, told = check_log()
    assert code == 1
    assert f"seal {last.pk}," in told
    with pytest.raises(night.NotAsSealed):
        night.run_here(timezone.localdate())
    # A night that found it so notes nothing: the next one finds it again.
    with pytest.raises(night.NotAsSealed):
        night.run_here(timezone.localdate())


def test_a_month_marked_and_dropped_by_hand_is_found(db: None) -> None:
    three_seals()
    month = seals()[0].month
    _as_owner("UPDATE privacy_accesslogseal SET dropped_at = now()", f"DROP TABLE {PARENT}_{month:%Y%m}")
    assert kinds_found() == [Kind.DROPPED_BY_HAND]


def test_an_old_month_dropped_without_a_proof_of_retention_is_found(db: None) -> None:
    make_months(MAY, ahead=0)
    add_row(at=MAY)
    seal()
    drop_sealed(JUNE.date().replace(day=1))
    assert kinds_found() == [Kind.DROPPED_BY_HAND]


def test_a_mark_dated_back_does_not_make_a_month_old_enough(db: None) -> None:
    three_seals()
    month = seals()[0].month
    _as_owner("UPDATE privacy_accesslogseal SET dropped_at = '2015-01-01'", f"DROP TABLE {PARENT}_{month:%Y%m}")
    assert kinds_found() == [Kind.DROPPED_BY_HAND]


def test_the_database_drops_no_month_before_its_time(db: None) -> None:
    three_seals()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="its time has not passed"):
        cursor.execute("SELECT privacy_accesslog_drop(%s)", [seals()[0].month])


def test_a_chain_written_anew_without_the_key_is_found(db: None, settings: Any) -> None:
    three_seals()
    _as_owner("DELETE FROM privacy_accesslogseal")
    settings.ACCESS_LOG_SEAL_KEYS = []
    seal()
    settings.ACCESS_LOG_SEAL_KEYS = ["test-key-of-seals"]
    assert kinds_found() == [Kind.KEY_TOO_OLD]
    settings.ACCESS_LOG_SEAL_KEYS = ["guessed"]
    _as_owner("DELETE FROM privacy_accesslogseal")
    seal()
    settings.ACCESS_LOG_SEAL_KEYS = ["test-key-of-seals"]
    assert kinds_found() == [Kind.CHAIN_BROKEN]


def test_a_new_key_seals_and_the_old_one_still_opens(db: None, settings: Any) -> None:
    add_row()
    seal()
    settings.ACCESS_LOG_SEAL_KEYS = ["test-key-of-seals", "a-new-one"]
    add_row()
    seal()
    assert [one.key for one in seals()] == [1, 2]
    assert verify().in_order
    settings.ACCESS_LOG_SEAL_KEYS = ["test-key-of-seals"]
    assert kinds_found() == [Kind.KEY_MISSING]
