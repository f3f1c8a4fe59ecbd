"""What a run does with one rule: find, tell, wait, count, delete; and what keeps it from deleting."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jobmatching.models import JobSeeker, NamedWorker, RegistrationSpell
from jobmatching.seekers.retention import JOBSEEKERS
from jobmatching.seekers.rights.enums import RequestState
from portal.accounts.roles import Role
from portal.privacy.retention import work
from portal.privacy.retention.holds import release
from portal.privacy.retention.models import DepartedCount, HoldKind, RetentionNotice, Tombstone
from portal.privacy.retention.overview import count_due
from portal.privacy.retention.proofs import digest_of, mark_of
from portal.privacy.retention.rules import Block, Standing
from portal.privacy.retention.work import carry_out
from tests.factories import (
    EmploymentAreaFactory,
    JobSeekerFactory,
    MunicipalityFactory,
    RegistrationSpellFactory,
    UserFactory,
    with_role,
)
from tests.portal.privacy.retention.conftest import NOTICE_DAYS, gone_seeker, long_ago, ripe
from tests.rights import hold_on, notice_of, request_of, restrict

pytestmark = pytest.mark.django_db


# --- What is due ---------------------------------------------------------------------------------------------------
def test_the_time_counts_from_the_end_of_the_month_in_which_the_last_search_ended(today: date) -> None:
    last_day = long_ago(today)
    first_day = last_day + timedelta(days=1)
    due = gone_seeker(last_day)
    gone_seeker(first_day)
    done = carry_out(JOBSEEKERS, today, dry=True)
    assert done.found == 1
    assert [one.pk for one in JOBSEEKERS.due(done.row.before(today))] == [due.pk]


def test_an_open_search_a_coming_one_and_a_late_end_keep_somebody(today: date) -> None:
    for ended, started in (
        (None, long_ago(today)),
        (None, today + timedelta(days=3)),
        (today - timedelta(days=9), None),
    ):
        seeker = gone_seeker(long_ago(today) - timedelta(days=900))
        RegistrationSpellFactory(seeker=seeker, started_on=started or today - timedelta(days=30), ended_on=ended)
    assert carry_out(JOBSEEKERS, today, dry=True).found == 0


def test_whoever_never_registered_counts_from_the_day_on_which_the_profile_was_made(today: date) -> None:
    old, young = JobSeekerFactory.create_batch(2, spell=False)
    made = timezone.now() - timedelta(days=26 * 31)
    JobSeeker.objects.filter(pk=old.pk).update(created_at=made)
    assert [one.pk for one in JOBSEEKERS.due(today)] == [old.pk]
    assert young.pk


# --- Telling and waiting -------------------------------------------------------------------------------------------
def test_what_is_due_is_told_of_first_and_nothing_is_deleted(today: date) -> None:
    coach = UserFactory()
    seeker = gone_seeker(long_ago(today), coach=coach)
    done = carry_out(JOBSEEKERS, today)
    assert (done.found, done.noticed, done.waiting, done.deleted) == (1, 1, 1, 0)
    notice = RetentionNotice.objects.get()
    assert (notice.rule, notice.object_id, notice.responsible) == ("jobseekers", seeker.pk, coach)
    assert notice.delete_on == today + timedelta(days=NOTICE_DAYS)
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


def test_told_once_and_deleted_on_the_day_that_was_told(today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    for day in (0, 1, NOTICE_DAYS - 1):
        done = carry_out(JOBSEEKERS, today + timedelta(days=day))
        assert done.noticed == (1 if day == 0 else 0)
        assert done.deleted == 0
    assert RetentionNotice.objects.count() == 1
    done = carry_out(JOBSEEKERS, today + timedelta(days=NOTICE_DAYS))
    assert done.deleted == 1
    assert not JobSeeker.objects.filter(pk=seeker.pk).exists()
    assert not RetentionNotice.objects.exists()


def test_a_notice_is_taken_back_when_somebody_comes_back(today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    notice_of(seeker.pk)
    RegistrationSpellFactory(seeker=seeker, started_on=today)
    done = carry_out(JOBSEEKERS, today)
    assert (done.found, done.withdrawn) == (0, 1)
    assert not RetentionNotice.objects.exists()


def test_who_is_told(today: date) -> None:
    area = EmploymentAreaFactory()
    lead = with_role(Role.TEAM_LEAD, area)
    coach, gone, later_gone = UserFactory.create_batch(3)
    named = with_role(Role.WORK_PAIR, area)
    ended = long_ago(today)
    served = gone_seeker(ended, area=area, coach=coach)
    alone = gone_seeker(ended, area=area)
    hidden = gone_seeker(ended, area=area, coach=coach, hidden=True)
    nobodys = gone_seeker(ended)
    unseen = gone_seeker(ended, area=area, coach=coach, hidden=True)
    NamedWorker.objects.filter(seeker__in=(hidden, unseen)).delete()
    for seeker, user in ((hidden, gone), (hidden, named), (hidden, later_gone), (unseen, gone)):
        NamedWorker.objects.create(seeker=seeker, user=user)
    told = JOBSEEKERS.responsible([served.pk, alone.pk, hidden.pk, unseen.pk, nobodys.pk])
    assert told == {served.pk: coach.pk, alone.pk: lead.pk, hidden.pk: named.pk}


# --- What blocks ---------------------------------------------------------------------------------------------------
BLOCKS: tuple[tuple[Block, Callable[[JobSeeker], Any]], ...] = (
    (Block.OPEN_REQUEST, request_of),
    (Block.RESTRICTED, restrict),
    (Block.NAMED_REASON, lambda seeker: hold_on(seeker.pk)),
    (Block.LEGAL_HOLD, lambda seeker: hold_on(seeker.pk, kind=HoldKind.LEGAL_HOLD)),
)


@pytest.mark.parametrize(("block", "put"), BLOCKS, ids=[block.value for block, _put in BLOCKS])
def test_what_blocks_is_told_by_its_reason_and_nothing_is_deleted(
    block: Block, put: Callable[[JobSeeker], Any], today: date
) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    put(seeker)
    done = carry_out(JOBSEEKERS, today)
    assert dict(done.blocked) == {block: 1}
    assert (done.found, done.deleted, done.counted, done.digest) == (1, 0, 0, "")
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


@pytest.mark.parametrize(("block", "put"), BLOCKS, ids=[block.value for block, _put in BLOCKS])
def test_what_no_longer_blocks_lets_go(block: Block, put: Callable[[JobSeeker], Any], today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    one = put(seeker)
    now = timezone.now()
    if block is Block.OPEN_REQUEST:
        type(one).objects.filter(pk=one.pk).update(state=RequestState.REFUSED, decision="no", decided_at=now)
    elif block is Block.RESTRICTED:
        type(one).objects.filter(pk=one.pk).update(lifted_at=now, lift_reason="checked", told_on=today)
    else:
        release(one.pk, "over", UserFactory())
    assert carry_out(JOBSEEKERS, today).deleted == 1


def test_several_reasons_are_one_blocked_person(today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    restrict(seeker)
    request_of(seeker)
    done = carry_out(JOBSEEKERS, today)
    assert dict(done.blocked) == {Block.OPEN_REQUEST: 1}


def test_a_hold_on_something_else_of_the_same_number_does_not_block(today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    hold_on(seeker.pk, rule="vacancies")
    assert carry_out(JOBSEEKERS, today).deleted == 1


# --- Deleting ------------------------------------------------------------------------------------------------------
def test_whoever_goes_leaves_a_mark_and_a_digest_that_name_nobody(today: date) -> None:
    people = [gone_seeker(long_ago(today)) for _ in range(3)]
    for seeker in people:
        ripe(seeker, today)
    ids = [seeker.pk for seeker in people]
    done = carry_out(JOBSEEKERS, today)
    assert done.deleted == 3
    assert done.digest == digest_of("jobseekers", ids)
    assert set(Tombstone.objects.values_list("mark", flat=True)) == {mark_of("jobseekers", pk) for pk in ids}
    assert not JobSeeker.objects.filter(pk__in=ids).exists()
    assert not RegistrationSpell.objects.filter(seeker__in=ids).exists()


def test_people_of_one_month_are_counted_together_before_they_go(today: date) -> None:
    town = MunicipalityFactory()
    ended = long_ago(today)
    common: dict[str, Any] = {"home": town, "birth_date": date(1990, 1, 1), "sex": "female"}
    for _ in range(5):
        ripe(gone_seeker(ended, **common), today)
    ripe(gone_seeker(ended, **{**common, "sex": "male"}), today)
    ripe(gone_seeker(ended, hidden=True, **common), today)
    done = carry_out(JOBSEEKERS, today)
    assert (done.counted, done.deleted) == (7, 7)
    rows = {(row.municipality, row.sex, row.people) for row in DepartedCount.objects.select_related("municipality")}
    assert rows == {(town, "female", 5), (None, "", 2)}


def test_nobody_is_counted_twice_when_a_run_was_cut_short(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        ripe(gone_seeker(long_ago(today)), today)

    def cut_short(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "delete_now", cut_short)
    with pytest.raises(KeyboardInterrupt):
        carry_out(JOBSEEKERS, today)
    monkeypatch.undo()
    assert sum(DepartedCount.objects.values_list("people", flat=True)) == 6
    done = carry_out(JOBSEEKERS, today)
    assert (done.counted, done.deleted) == (0, 6)
    assert sum(DepartedCount.objects.values_list("people", flat=True)) == 6


def test_one_that_cannot_be_deleted_keeps_none_of_the_others(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, *others = [gone_seeker(long_ago(today)) for _ in range(3)]
    for seeker in (stuck, *others):
        ripe(seeker, today)
    usual = type(JOBSEEKERS).delete

    def delete(rule: Any, pk: int) -> None:
        usual(rule, pk)
        if pk == stuck.pk:
            raise ValueError(f"a message with a name: {stuck.last_name}")

    monkeypatch.setattr(type(JOBSEEKERS), "delete", delete)
    done = carry_out(JOBSEEKERS, today)
    assert (done.deleted, done.failed, done.errors) == (2, 1, ["ValueError"])
    assert set(JobSeeker.objects.values_list("pk", flat=True)) == {stuck.pk}


def test_more_than_a_night_can_do_waits_for_the_next(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_A_NIGHT", 2)
    monkeypatch.setattr(work, "BATCH", 1)
    for _ in range(3):
        ripe(gone_seeker(long_ago(today)), today)
    assert [carry_out(JOBSEEKERS, today).deleted for _ in range(3)] == [2, 1, 0]


def test_a_dry_run_says_what_a_run_does_and_changes_nothing(today: date) -> None:
    ripe(gone_seeker(long_ago(today)), today)
    blocked = gone_seeker(long_ago(today))
    ripe(blocked, today)
    restrict(blocked)
    gone_seeker(long_ago(today))
    rows = {model: list(model.objects.order_by("pk").values()) for model in (JobSeeker, RetentionNotice, DepartedCount)}
    planned = carry_out(JOBSEEKERS, today, dry=True)
    assert {model: list(model.objects.order_by("pk").values()) for model in rows} == rows
    assert not Tombstone.objects.exists()
    done = carry_out(JOBSEEKERS, today)
    told = ("found", "noticed", "waiting", "withdrawn", "deleted", "blocked")
    assert {name: getattr(planned, name) for name in told} == {name: getattr(done, name) for name in told}
    assert done.left == 2


# --- Looked at again under the lock --------------------------------------------------------------------------------
def test_how_somebody_stands_under_the_lock(today: date) -> None:
    before = carry_out(JOBSEEKERS, today, dry=True).row.before(today)
    due = gone_seeker(long_ago(today))
    back = gone_seeker(long_ago(today))
    RegistrationSpellFactory(seeker=back, started_on=today)
    with transaction.atomic():
        assert JOBSEEKERS.lock(due.pk, before) is Standing.DUE
        assert JOBSEEKERS.lock(back.pk, before) is Standing.NOT_DUE
        assert JOBSEEKERS.lock(back.pk + 1000, before) is Standing.GONE


def test_people_under_non_disclosure_are_in_no_count_as_long_as_they_are_there(today: date) -> None:
    ended = long_ago(today)
    shown = gone_seeker(ended)
    hidden, kept = gone_seeker(ended, hidden=True), gone_seeker(ended, hidden=True)
    hold_on(kept.pk)

    first = carry_out(JOBSEEKERS, today)
    assert (first.found, first.noticed, first.waiting) == (1, 1, 1)
    later = RetentionNotice.objects.get(object_id=hidden.pk).delete_on
    planned = carry_out(JOBSEEKERS, later, dry=True)
    assert (planned.found, planned.deleted, planned.blocked.total()) == (1, 1, 0)
    assert count_due(JOBSEEKERS, planned.row.before(later)) == 1

    done = carry_out(JOBSEEKERS, later)
    assert (done.found, done.deleted, done.left, done.blocked.total()) == (2, 2, 0, 0)
    assert set(JobSeeker.objects.values_list("pk", flat=True)) == {kept.pk}
    assert not JobSeeker.objects.filter(pk=shown.pk).exists()
