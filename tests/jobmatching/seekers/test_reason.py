"""Who serves a jobseeker opens the page at once; everybody else gives a reason that is kept and noted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.seekers.permissions import serves
from portal.accounts.models import Team, TeamMembership, User, WorkPair
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.privacy.access import ReasonCode
from portal.privacy.access.models import AccessLogEntry, AccessReason
from tests.factories import JobSeekerFactory, NamedWorkerFactory, StandInFactory, with_role
from tests.world import World

SINCE = date(2020, 1, 1)


@pytest.fixture
def colleague(area: EmploymentArea) -> User:
    """Somebody of the same area who does not serve the coach's people."""
    return with_role(Role.CASE_WORKER, area)


@pytest.fixture
def seeker(area: EmploymentArea, coach: User) -> JobSeeker:
    made: JobSeeker = JobSeekerFactory(area=area, coach=coach, last_name="Kysyttävä")
    return made


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(seeker: JobSeeker, name: str = "seekers:page") -> str:
    return reverse(name, args=[seeker.pk])


def reason_page(seeker: JobSeeker) -> str:
    return reverse("seekers:reason", args=[seeker.pk])


def logged(*actions: str) -> list[AccessLogEntry]:
    return list(AccessLogEntry.objects.filter(action__in=actions).order_by("id"))


# --- Who serves whom -------------------------------------------------------------------------------------------------
def _as_work_pair(coach: User, other: User, area: EmploymentArea) -> None:
    WorkPair.objects.create(area=area, first=other, second=coach, sector="teollisuus", valid_from=SINCE)


def _as_stand_in(coach: User, other: User, area: EmploymentArea) -> None:
    StandInFactory(absent=coach, stand_in=other, valid_from=SINCE, valid_to=timezone.localdate())


def _as_team_lead(coach: User, other: User, area: EmploymentArea) -> None:
    team = Team.objects.create(area=area, name="Tiimi")
    TeamMembership.objects.create(team=team, user=coach, valid_from=SINCE)
    TeamMembership.objects.create(team=team, user=other, lead=True, valid_from=SINCE)


def _as_named_worker(coach: User, other: User, area: EmploymentArea) -> None:
    NamedWorkerFactory(seeker=JobSeeker.objects.get(coach=coach), user=other)


@pytest.mark.parametrize("relation", [_as_work_pair, _as_stand_in, _as_team_lead, _as_named_worker])
def test_they_serve_the_person_too(
    relation: Callable[[User, User, EmploymentArea], None],
    coach: User,
    colleague: User,
    area: EmploymentArea,
    seeker: JobSeeker,
) -> None:
    assert serves(coach, seeker)
    assert not serves(colleague, seeker)
    relation(coach, colleague, area)
    again = User.objects.get(pk=colleague.pk)
    assert serves(again, seeker)
    assert signed_in_as(again).get(page_of(seeker)).status_code == 200
    (row,) = logged("profile")
    assert (row.user_id, row.subjects, row.purpose) == (colleague.pk, [seeker.pk], "client")


def test_a_stand_in_whose_time_is_over_is_asked_again(coach: User, colleague: User, seeker: JobSeeker) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    StandInFactory(absent=coach, stand_in=colleague, valid_from=SINCE, valid_to=yesterday)
    assert signed_in_as(colleague).get(page_of(seeker)).status_code == 302


def test_a_member_of_the_team_who_does_not_lead_it_is_asked(
    coach: User, colleague: User, area: EmploymentArea, seeker: JobSeeker
) -> None:
    team = Team.objects.create(area=area, name="Tiimi")
    for user in (coach, colleague):
        TeamMembership.objects.create(team=team, user=user, valid_from=SINCE)
    assert not serves(colleague, seeker)


def test_nobody_serves_somebody_without_a_coach(area: EmploymentArea, colleague: User) -> None:
    assert not serves(colleague, JobSeekerFactory(area=area, coach=None))


# --- Asking ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["seekers:page", "seekers:matches", "seekers:pause"])
def test_the_page_asks_first_and_shows_nothing(name: str, colleague: User, seeker: JobSeeker) -> None:
    client = signed_in_as(colleague)
    answer = client.get(page_of(seeker, name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reason_page(seeker))
    assert logged("profile") == []
    asked = client.get(answer.headers["Location"])
    assert asked.status_code == 200
    assert seeker.name in asked.content.decode()
    assert [(row.view, row.subjects) for row in logged("list")] == [("seekers:reason", [seeker.pk])]


def test_the_reason_opens_the_page_is_shown_there_and_noted(colleague: User, seeker: JobSeeker) -> None:
    client = signed_in_as(colleague)
    asked = client.get(page_of(seeker, "seekers:matches"))
    given = client.post(asked.headers["Location"], {"code": "contact", "words": " Soitti  palvelunumeroon "})
    assert (given.status_code, given.headers["Location"]) == (302, page_of(seeker, "seekers:matches"))
    reason = AccessReason.objects.get()
    assert (reason.user_id, reason.subject, reason.code) == (colleague.pk, seeker.pk, ReasonCode.CONTACT)
    assert reason.words == "Soitti palvelunumeroon"
    page = client.get(page_of(seeker)).content.decode()
    assert str(ReasonCode.CONTACT.label) in page
    assert "Soitti palvelunumeroon" in page
    (noted,) = logged("reason")
    assert (noted.user_id, noted.subjects, noted.purpose) == (colleague.pk, [seeker.pk], "contact")
    assert noted.about.startswith(f"reason {reason.pk}, words ")
    (opened,) = logged("profile")
    assert (opened.purpose, opened.about) == ("contact", f"reason {reason.pk}")


def test_the_words_of_a_reason_are_not_in_the_log(colleague: User, seeker: JobSeeker) -> None:
    signed_in_as(colleague).post(reason_page(seeker), {"code": "other", "words": "Kysyttävä Matti soitti"})
    (noted,) = logged("reason")
    assert "Matti" not in str(vars(noted))


def test_a_reason_is_good_for_one_person_one_user_and_one_day(
    colleague: User, seeker: JobSeeker, area: EmploymentArea, coach: User
) -> None:
    helsinki = timezone.get_default_timezone()
    with time_machine.travel(datetime(2026, 11, 21, 23, 50, tzinfo=helsinki), tick=False) as clock:
        client = signed_in_as(colleague)
        client.post(reason_page(seeker), {"code": "cover"})
        assert client.get(page_of(seeker)).status_code == 200
        assert client.get(page_of(JobSeekerFactory(area=area, coach=coach))).status_code == 302
        assert signed_in_as(with_role(Role.CASE_WORKER, area)).get(page_of(seeker)).status_code == 302
        clock.shift(timedelta(minutes=11))
        assert client.get(page_of(seeker)).status_code == 302


def test_another_reason_needs_words(colleague: User, seeker: JobSeeker) -> None:
    client = signed_in_as(colleague)
    for data in ({}, {"code": "nonsense"}, {"code": "other"}, {"code": "other", "words": "   "}):
        answer = client.post(reason_page(seeker), data)
        assert answer.status_code == 200
        assert "k-errors" in answer.content.decode()
    assert not AccessReason.objects.exists()
    assert logged("reason") == []


def test_a_change_that_was_posted_without_a_reason_is_not_made(colleague: User, seeker: JobSeeker) -> None:
    answer = signed_in_as(colleague).post(page_of(seeker, "seekers:pause"), {"reason": "x"})
    assert answer.headers["Location"].startswith(reason_page(seeker))
    seeker.refresh_from_db()
    assert seeker.matching_paused_at is None


def test_who_serves_the_person_is_not_asked(coach: User, seeker: JobSeeker) -> None:
    client = signed_in_as(coach)
    assert client.get(reason_page(seeker)).headers["Location"] == page_of(seeker)
    client.post(reason_page(seeker), {"code": "contact"})
    assert not AccessReason.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "tili/", ""]
)
def test_the_way_on_leads_nowhere_else(elsewhere: str, colleague: User, seeker: JobSeeker) -> None:
    answer = signed_in_as(colleague).post(reason_page(seeker), {"code": "contact", "minne": elsewhere})
    assert answer.headers["Location"] == page_of(seeker)


def test_a_reason_opens_nobody_whom_one_may_not_see(colleague: User, area: EmploymentArea, coach: User) -> None:
    client = signed_in_as(colleague)
    for hidden in (JobSeekerFactory(area=area, coach=coach, hidden=True), JobSeekerFactory()):
        AccessReason.objects.create(
            user_id=colleague.pk, subject=hidden.pk, code="cover", valid_until=timezone.now() + timedelta(hours=1)
        )
        for name in ("seekers:page", "seekers:reason"):
            assert client.get(page_of(hidden, name)).status_code == 404
        assert client.post(reason_page(hidden), {"code": "contact"}).status_code == 404


def test_a_row_fetched_into_a_page_takes_the_whole_page_to_the_question(world: World) -> None:
    client = signed_in_as(world.own.users[Role.TEAM_LEAD])
    row = reverse("matching:vacancy_of_seeker", args=[world.own.seeker.pk, world.own.vacancy.pk])
    here = page_of(world.own.seeker, "seekers:matches")
    answer = client.get(row, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"})
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["HX-Redirect"].startswith(reason_page(world.own.seeker))
    assert "osumat" in answer.headers["HX-Redirect"]
    client.post(answer.headers["HX-Redirect"], {"code": "cover"})
    assert client.get(row).status_code == 200


def test_lists_show_colleagues_clients_without_asking(colleague: User, seeker: JobSeeker) -> None:
    page = signed_in_as(colleague).get(reverse("seekers:list"), {"scope": "area"})
    assert seeker.name in page.content.decode()


def test_candidates_of_a_vacancy_are_seen_for_the_vacancy(world: World) -> None:
    client = signed_in_as(world.own.users[Role.EMPLOYER_SPECIALIST])
    vacancy, seeker = world.own.vacancy, world.own.seeker
    before = AccessLogEntry.objects.latest("id").pk  # rows that the world comes with
    shown = client.get(reverse("vacancies:page", args=[vacancy.pk]), {"avaa": seeker.pk})
    assert seeker.name in shown.content.decode()
    rows = AccessLogEntry.objects.filter(id__gt=before).order_by("id")
    told: list[Any] = [(row.action, row.purpose, row.about) for row in rows]
    assert told == [("list", "candidate", f"vacancy {vacancy.pk}"), ("profile", "candidate", f"vacancy {vacancy.pk}")]
    assert rows[1].subjects == [seeker.pk]
    assert set(rows[0].subjects) >= {seeker.pk}
