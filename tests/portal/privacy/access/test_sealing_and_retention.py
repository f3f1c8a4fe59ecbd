"""Months of the log go by retention alone, and leave their seals; the command that checks them."""

import json
from datetime import UTC

import pytest
from django.db import transaction
from django.utils import timezone

from portal.privacy.access.models import AccessAnomaly, AccessReason
from portal.privacy.access.partitions import NotSealed, drop_sealed, make_months, months
from portal.privacy.access.sealing import seal
from portal.privacy.access.verifying import verify
from portal.privacy.retention.logs import ACCESS_LOG
from portal.privacy.retention.models import Origin, RetentionReport
from portal.privacy.retention.night import write_line
from portal.privacy.retention.work import carry_out
from tests.portal.privacy.access.logged import add_row, change_behind_its_back, rows
from tests.portal.privacy.access.sealed import JUNE, MAY, check_log, seals, three_seals


def _retention() -> None:
    """What a night of retention does with the months whose time has passed, with its proof."""
    report = RetentionReport.objects.create(for_date=timezone.localdate(), origin=Origin.NIGHT)
    done = carry_out(ACCESS_LOG, timezone.localdate())
    write_line(report, 0, done)


def test_retention_drops_sealed_months_and_the_chain_still_holds(db: None) -> None:
    make_months(MAY, ahead=1)
    add_row(at=MAY)
    add_row(at=JUNE)
    seal()
    add_row()
    seal()
    reasons = [AccessReason.objects.create(user_id=1, subject=7, code="cover", valid_until=MAY) for _ in range(2)]
    AccessReason.objects.filter(pk=reasons[0].pk).update(at=MAY)
    AccessAnomaly.objects.create(
        kind="off_hours", user_id=1, day=MAY.date(), count=9, subjects=[7], first_at=MAY, last_at=MAY
    )
    _retention()
    assert months()[0].first == timezone.now().astimezone(UTC).date().replace(day=1)
    assert [one.dropped_at is not None for one in seals()] == [True, True, False]
    report = verify()
    assert report.in_order
    assert (report.checked.dropped, report.checked.rows) == (2, 1)
    assert (AccessReason.objects.get().pk, AccessAnomaly.objects.count()) == (reasons[1].pk, 0)
    assert drop_sealed(JUNE.date()) == []


def test_a_month_that_is_not_over_is_kept(db: None) -> None:
    make_months(MAY, ahead=0)
    add_row(at=MAY)
    seal()
    assert drop_sealed(MAY.date()) == []
    assert len(rows()) == 1


def test_a_month_with_rows_without_a_seal_is_kept(db: None) -> None:
    make_months(MAY, ahead=0)
    add_row(at=MAY)
    with pytest.raises(NotSealed, match="1 rows without a seal"), transaction.atomic():
        drop_sealed(JUNE.date())
    assert len(rows()) == 1


def test_a_month_that_was_changed_is_kept_as_evidence(db: None) -> None:
    make_months(MAY, ahead=0)
    add_row(at=MAY)
    seal()
    change_behind_its_back("UPDATE privacy_accesslogentry SET user_id = 2")
    with pytest.raises(NotSealed, match="1 findings"), transaction.atomic():
        drop_sealed(JUNE.date())
    assert seals()[0].dropped_at is None


def test_empty_months_go_too(db: None) -> None:
    make_months(MAY, ahead=0)
    assert [one.rows for one in drop_sealed(JUNE.date())] == [0]


# --- The command -------------------------------------------------------------------------------------------------
def test_the_command_tells_what_it_found_and_ends_with_one(db: None) -> None:
    ids = three_seals()
    assert check_log()[0] == 0
    assert "as it was sealed" in check_log()[1]
    change_behind_its_back("DELETE FROM privacy_accesslogentry WHERE id = %s", ids[4])
    code, told = check_log()
    assert code == 1
    assert f"rows {ids[2] + 1} to {ids[5]}" in told
    code, told = check_log("--json")
    answer = json.loads(told)
    assert (code, answer["in_order"], answer["seals"], answer["rows"]) == (1, False, 3, 8)
    assert answer["findings"][0]["kind"] == "rows_missing"
    assert (answer["findings"][0]["from_id"], answer["findings"][0]["to_id"]) == (ids[2] + 1, ids[5])


def test_the_command_takes_seals_noted_elsewhere(db: None) -> None:
    three_seals()
    last = seals()[-1]
    assert check_log("--noted", f"{last.pk}:{last.sha256}")[0] == 0
    assert check_log("--noted", f"{last.pk}:{'0' * 64}")[0] == 1
    assert check_log("--noted", f"{last.pk + 7}:{'0' * 64}")[0] == 1


def test_sealing_tells_the_seal_in_the_log_of_the_process(db: None, caplog: pytest.LogCaptureFixture) -> None:
    add_row()
    caplog.set_level("INFO")
    (made,) = seal()
    assert made.sha256 in caplog.text
