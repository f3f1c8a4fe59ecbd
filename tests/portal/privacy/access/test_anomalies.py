"""What looks strange in a day of the log is found, told once, and handled by somebody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.access import Action, anomalies
from portal.privacy.access.anomalies import find, is_off_hours, look_at, rows_behind
from portal.privacy.access.enums import ANOMALY_TRANSITIONS, AnomalyKind, AnomalyState, Purpose
from portal.privacy.access.handling import NotPossible, OwnDoing, handle
from portal.privacy.access.models import AccessAnomaly, AccessThreshold, AnomalyHandling
from portal.privacy.access.night import JOB, NotAsSealed, run_here, start
from portal.privacy.access.partitions import make_months
from portal.privacy.access.tasks import check_access_log, seal_access_log
from portal.privacy.access.thresholds import thresholds_on, told_thresholds
from portal.runs.models import JobRun, RunState
from tests.factories import JobSeekerFactory, with_role
from tests.portal.privacy.access.logged import add_row, change_behind_its_back, rows

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 11, 18)


def at(hour: int, minute: int = 0, day: date = WEDNESDAY, second: int = 0) -> datetime:
    """A moment of the clock where the portal is."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _months() -> None:
    make_months(datetime(2026, 9, 1, tzinfo=UTC), ahead=3)


@pytest.fixture
def worker() -> User:
    return with_role(Role.CASE_WORKER, first_name="Aava", last_name="Mallikas", email="aava.mallikas@example.org")


def opened(user: User, people: int, hour: int = 10, day: date = WEDNESDAY, first: int = 1000, **fields: Any) -> None:
    """So many people opened within the hour."""
    for number in range(people):
        add_row(user_id=user.pk, at=at(hour, number % 60, day, number // 60), subjects=[first + number], **fields)


def kinds(day: date = WEDNESDAY) -> list[AnomalyKind]:
    return [one.kind for one in find(day)]


# --- Many people in an hour ------------------------------------------------------------------------------------------
def test_from_the_threshold_on_many_people_in_an_hour_are_pointed_out(worker: User) -> None:
    opened(worker, 29)
    assert kinds() == []
    opened(worker, 1, first=5000)
    (found,) = find(WEDNESDAY)
    assert (found.kind, found.user_id, found.count, found.threshold) == (
        AnomalyKind.MANY_IN_AN_HOUR, worker.pk, 30, 30,
    )  # fmt: skip


def test_who_leafs_through_lists_and_searches_is_pointed_out(worker: User) -> None:
    for page in range(10):
        action = Action.SEARCH if page % 2 else Action.LIST
        add_row(user_id=worker.pk, at=at(10, page), action=action, subjects=list(range(50 * page, 50 * page + 50)))
        add_row(user_id=worker.pk, at=at(10, page), action=action, subjects=list(range(50 * page, 50 * page + 50)))
        assert kinds() == ([AnomalyKind.MANY_LISTED] if page == 9 else [])
    (found,) = look_at(WEDNESDAY)
    assert (found.count, found.threshold) == (500, 500)
    assert rows_behind(found).count() == 20


def test_the_same_person_opened_again_is_one_person(worker: User) -> None:
    for minute in range(40):
        add_row(user_id=worker.pk, at=at(10, minute), subjects=[7])
    assert kinds() == []


def test_an_hour_is_sixty_minutes_wherever_they_begin(worker: User) -> None:
    for number in range(30):
        minutes = 35 + number * 59 // 30
        add_row(user_id=worker.pk, at=at(9) + timedelta(minutes=minutes), subjects=[number])
    assert kinds() == [AnomalyKind.MANY_IN_AN_HOUR]


def test_those_before_the_hour_are_not_counted(worker: User) -> None:
    for number in range(30):
        add_row(user_id=worker.pk, at=at(9) + timedelta(minutes=number * 60 // 29), subjects=[number])
    assert kinds() == [], "the last one comes sixty minutes after the first"


def test_who_usually_opens_many_is_held_against_the_own_median(worker: User) -> None:
    for back in range(1, 8):
        opened(worker, 15, day=WEDNESDAY - timedelta(days=back), first=2000 + back * 100)
    opened(worker, 40)
    assert AnomalyKind.MANY_IN_AN_HOUR not in kinds(), "three times the median of 15 is 45"
    opened(worker, 5, first=9000)
    found = next(one for one in find(WEDNESDAY) if one.kind == AnomalyKind.MANY_IN_AN_HOUR)
    assert (found.count, found.usual, found.threshold) == (45, 15.0, 45)


def test_one_unusual_hour_does_not_excuse_the_next(worker: User) -> None:
    opened(worker, 50, day=WEDNESDAY - timedelta(days=1))
    opened(worker, 40)
    (found,) = find(WEDNESDAY)
    assert (found.count, found.usual, found.threshold) == (40, None, 30)


def test_lists_are_not_counted(worker: User) -> None:
    add_row(user_id=worker.pk, at=at(10), action=Action.LIST, subjects=list(range(100)), purpose="")
    assert kinds() == []


# --- The same name ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "pointed_out"),
    [
        ({"last_name": "MALLIKAS"}, True),
        ({"email": "Aava.Mallikas@example.org"}, True),
        # The auditor would learn the surname of a number that has no name.
        ({"last_name": "Mallikas", "hidden": True}, False),
        ({"last_name": "Mallikasto"}, False),
        ({"first_name": "Mallikas", "last_name": "Toinen"}, False),
    ],
)
def test_a_person_of_the_users_name_or_address_is_pointed_out(
    worker: User, person: dict[str, Any], pointed_out: bool
) -> None:
    seeker = JobSeekerFactory(**person)
    add_row(user_id=worker.pk, at=at(10), subjects=[seeker.pk])
    assert kinds() == ([AnomalyKind.SAME_NAME] if pointed_out else [])


def test_a_user_without_a_name_is_nobodys_namesake() -> None:
    nameless = with_role(Role.CASE_WORKER, first_name="", last_name="")
    add_row(user_id=nameless.pk, at=at(10), subjects=[JobSeekerFactory(email="").pk])
    assert kinds() == []


def test_users_whose_account_is_gone_and_jobs_break_nothing() -> None:
    add_row(user_id=999_999, at=at(10))
    add_row(user_id=None, actor="job", at=at(23), subjects=list(range(50)))
    assert kinds() == []


# --- No reason, hours, refusals --------------------------------------------------------------------------------------
def test_a_page_opened_without_a_purpose_is_pointed_out(worker: User) -> None:
    add_row(user_id=worker.pk, at=at(10), purpose="")
    add_row(user_id=worker.pk, at=at(10), purpose="", action=Action.LIST)
    (found,) = find(WEDNESDAY)
    assert (found.kind, found.count) == (AnomalyKind.NO_REASON, 1)


@pytest.mark.parametrize(("vacancies", "pointed_out"), [(9, False), (10, True)])
def test_candidates_of_many_vacancies_whom_one_does_not_serve_are_pointed_out(
    worker: User, vacancies: int, pointed_out: bool
) -> None:
    own = JobSeekerFactory(coach=worker, last_name="Toinen")
    strangers = [JobSeekerFactory(last_name="Toinen") for _number in range(2)]
    for number in range(vacancies):
        row = {"purpose": Purpose.CANDIDATE, "about": f"vacancy {number}"}
        add_row(user_id=worker.pk, at=at(9, number), subjects=[strangers[number % 2].pk], **row)
    for number in range(100, 120):  # of one's own clients, and of one vacancy, as many as the work asks for
        row = {"purpose": Purpose.CANDIDATE, "about": f"vacancy {number}"}
        add_row(user_id=worker.pk, at=at(10, number % 60), subjects=[own.pk], **row)
        add_row(user_id=worker.pk, at=at(11, number % 60), subjects=[strangers[0].pk], **{**row, "about": "vacancy 1"})
    found = [one for one in find(WEDNESDAY) if one.kind == AnomalyKind.NO_REASON]
    assert bool(found) is pointed_out
    if pointed_out:
        assert found[0].subjects == sorted(one.pk for one in strangers)
        assert (found[0].count, found[0].threshold) == (2, 10)


@pytest.mark.parametrize(
    ("moment", "off"),
    [
        (at(5, 59), True),
        (at(6), False),
        (at(19, 59), False),
        (at(20), True),
        (at(12, day=date(2026, 11, 21)), True),
        (at(12, day=date(2026, 11, 22)), True),
        (at(12, day=date(2026, 12, 6)), True),
        (at(12, day=date(2027, 1, 6)), True),
        (at(12, day=date(2026, 11, 20)), False),
        (at(12, day=date(2025, 6, 20)), True),  # Midsummer Eve, a Friday
    ],
)
def test_working_hours_are_those_of_the_clock_in_finland(moment: datetime, off: bool) -> None:
    assert is_off_hours(moment, thresholds_on(WEDNESDAY)) is off


def test_some_people_opened_at_night_are_pointed_out(worker: User) -> None:
    opened(worker, 2, hour=22)
    assert kinds() == []
    opened(worker, 1, hour=23, first=3000)
    assert kinds() == [AnomalyKind.OFF_HOURS]


def test_an_export_at_night_counts_all_its_people(worker: User) -> None:
    add_row(user_id=worker.pk, at=at(22), action=Action.EXPORT, subjects=[1, 2, 3], purpose="")
    assert kinds() == [AnomalyKind.OFF_HOURS]


def test_many_refusals_in_a_day_are_pointed_out(worker: User) -> None:
    for minute in range(4):
        add_row(user_id=worker.pk, at=at(10, minute), action=Action.DENIED, subjects=[], purpose="")
    assert kinds() == []
    add_row(user_id=worker.pk, at=at(11), action=Action.DENIED, subjects=[5], purpose="")
    assert kinds() == [AnomalyKind.DENIED_OFTEN]


def test_days_are_those_of_the_clock_where_the_portal_is(worker: User) -> None:
    add_row(user_id=worker.pk, at=datetime(2026, 11, 17, 22, 30, tzinfo=UTC), purpose="")
    assert kinds(date(2026, 11, 18)) == [AnomalyKind.NO_REASON]
    assert kinds(date(2026, 11, 17)) == []


# --- Thresholds ------------------------------------------------------------------------------------------------------
def test_thresholds_are_those_of_the_day(worker: User) -> None:
    AccessThreshold.objects.filter(code="denied_least").update(valid_to=WEDNESDAY - timedelta(days=1))
    AccessThreshold.objects.create(code="denied_least", value=2, why="tried", valid_from=WEDNESDAY)
    for day in (WEDNESDAY - timedelta(days=1), WEDNESDAY):
        for minute in range(2):
            add_row(user_id=worker.pk, at=at(10, minute, day), action=Action.DENIED, subjects=[], purpose="")
    assert kinds(WEDNESDAY - timedelta(days=1)) == []
    assert kinds() == [AnomalyKind.DENIED_OFTEN]


def test_a_threshold_that_is_ended_asks_no_more(worker: User) -> None:
    AccessThreshold.objects.filter(code__in=("hour_least", "off_hours_least")).update(valid_to=date(2025, 12, 31))
    opened(worker, 60, hour=22)
    assert kinds() == []
    assert "hour_least" not in {one.label for one in told_thresholds(WEDNESDAY)}


# --- Kept once, handled by somebody else -----------------------------------------------------------------------------
def test_looking_twice_tells_once_and_brings_up_to_date(worker: User) -> None:
    opened(worker, 31)
    (first,) = look_at(WEDNESDAY)
    opened(worker, 4, first=7000)
    assert look_at(WEDNESDAY) == []
    (kept,) = AccessAnomaly.objects.all()
    assert (kept.pk, kept.count) == (first.pk, 35)
    assert {row.subjects[0] for row in rows_behind(kept)} == set(kept.subjects)


def test_what_has_been_handled_is_left_as_it_was(worker: User) -> None:
    opened(worker, 31)
    (first,) = look_at(WEDNESDAY)
    handle(first.pk, AnomalyState.EXPLAINED, "work of a campaign", with_role(Role.AUDITOR))
    opened(worker, 4, first=7000)
    look_at(WEDNESDAY)
    assert AccessAnomaly.objects.get().count == 31


def test_an_anomaly_is_handled_with_a_note_and_by_whom_and_when_is_kept(worker: User) -> None:
    opened(worker, 31)
    (anomaly,) = look_at(WEDNESDAY)
    auditor = with_role(Role.AUDITOR)
    handle(anomaly.pk, AnomalyState.ESCALATED, " told the superior ", auditor)
    handle(anomaly.pk, AnomalyState.EXPLAINED, "a campaign", auditor)
    told = [(one.from_state, one.to_state, one.note, one.by_id) for one in anomaly.handlings.order_by("pk")]
    assert told == [
        ("new", "escalated", "told the superior", auditor.pk),
        ("escalated", "explained", "a campaign", auditor.pk),
    ]
    anomaly.refresh_from_db()
    assert anomaly.state == AnomalyState.EXPLAINED


@pytest.mark.parametrize("before", list(AnomalyState))
@pytest.mark.parametrize("after", list(AnomalyState))
def test_every_change_of_state_is_as_the_table_says(worker: User, before: AnomalyState, after: AnomalyState) -> None:
    opened(worker, 31)
    (anomaly,) = look_at(WEDNESDAY)
    AccessAnomaly.objects.filter(pk=anomaly.pk).update(state=before)
    if after in ANOMALY_TRANSITIONS[before]:
        handle(anomaly.pk, after, "looked into", with_role(Role.AUDITOR))
        return
    with pytest.raises(NotPossible):
        handle(anomaly.pk, after, "looked into", with_role(Role.AUDITOR))
    assert not AnomalyHandling.objects.exists()


def test_nobody_handles_what_is_about_themselves_or_without_a_note(worker: User) -> None:
    opened(worker, 31)
    (anomaly,) = look_at(WEDNESDAY)
    with pytest.raises(OwnDoing):
        handle(anomaly.pk, AnomalyState.EXPLAINED, "it was me", worker)
    with pytest.raises(ValueError, match="found out"):
        handle(anomaly.pk, AnomalyState.EXPLAINED, "   ", with_role(Role.AUDITOR))


# --- The night -------------------------------------------------------------------------------------------------------
def test_the_night_looks_at_the_day_before_checks_the_log_and_makes_months(worker: User) -> None:
    opened(worker, 31)
    run = run_here(WEDNESDAY + timedelta(days=1))
    assert (run.state, run.counts["anomalies"], run.counts["findings"]) == (RunState.SUCCEEDED, 1, 0)
    assert run.counts["unsealed"] == 0
    assert run.result_hash


def test_nights_that_were_missed_are_made_up_for(worker: User) -> None:
    run_here(WEDNESDAY - timedelta(days=2))
    opened(worker, 31, day=WEDNESDAY - timedelta(days=2))
    opened(worker, 31, day=WEDNESDAY)
    assert run_here(WEDNESDAY + timedelta(days=1)).counts["days"] == 3
    assert sorted(AccessAnomaly.objects.values_list("day", flat=True)) == [WEDNESDAY - timedelta(days=2), WEDNESDAY]


def test_a_night_that_finds_the_log_changed_fails_and_says_so(worker: User) -> None:
    opened(worker, 31)
    run_here(WEDNESDAY)
    change_behind_its_back("UPDATE privacy_accesslogentry SET user_id = 1 WHERE id = %s", rows()[3].id)
    with pytest.raises(NotAsSealed):
        run_here(WEDNESDAY + timedelta(days=1))
    run = JobRun.objects.of(JOB).first()
    assert run is not None
    assert (run.state, run.counts["findings"]) == (RunState.FAILED, 1)
    assert "not as it was sealed" in run.error
    assert AccessAnomaly.objects.exists(), "what is strange is told all the same"


def test_the_tasks_do_the_same(worker: User) -> None:
    opened(worker, 31)
    seal_access_log()
    run = start(WEDNESDAY + timedelta(days=1))
    check_access_log(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    check_access_log(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED, "a task delivered twice does nothing more"


def test_the_slower_and_the_faster_count_of_the_fullest_hour_agree(worker: User) -> None:
    rows_of_day = [
        anomalies.Row(at(8) + timedelta(minutes=minute * 7 % 300), 1, "profile", (minute % 13,), "client")
        for minute in range(120)
    ]
    in_order = sorted(rows_of_day, key=lambda row: row.at)
    slow = max(
        len({row.subjects[0] for row in in_order if first.at <= row.at < first.at + timedelta(hours=1)})
        for first in in_order
    )
    assert anomalies._people(anomalies._fullest_hour(in_order)) == slow
