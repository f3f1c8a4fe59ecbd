"""Sessions end in time, by role; a person sees them all and ends them; a new device is told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import resolve, reverse

from portal.accounts.models import KnownDevice, User
from portal.accounts.roles import Role
from portal.accounts.sessions.devices import words_of
from portal.accounts.sessions.limits import NO_ROLE, SESSION_LIMITS, limit_of
from portal.outbox.models import Message
from portal.runs.models import JobRun
from portal.ui.by_itself import is_fetched_by_itself
from tests.addresses import addresses
from tests.factories import PASSWORD, EmploymentAreaFactory, RoleMembershipFactory, UserFactory, with_role
from tests.own_code import committed_files, templates
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
OWN = "/tili/oma/"
START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Mobile Safari/537.36"


def in_by_password(user: User, client: Client | None = None, agent: str = FIREFOX) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, headers={"User-Agent": agent})
    assert "_auth_user_id" in client.session
    return client


def test_every_role_has_a_limit() -> None:
    assert set(SESSION_LIMITS) == set(Role)
    assert all(one.idle < one.absolute <= timedelta(hours=12) for one in SESSION_LIMITS.values())


@pytest.mark.parametrize("role", sorted(Role))
def test_a_session_ends_when_it_has_not_been_used(role: Role) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(role))
        clock.shift(SESSION_LIMITS[role].idle)
        assert client.get(OWN).status_code == 200
        clock.shift(SESSION_LIMITS[role].idle + MINUTE)
        assert client.get(OWN).headers["Location"].startswith(reverse("account_login"))
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.EMPLOYER_OWNER])
def test_a_session_in_use_ends_in_the_end(role: Role) -> None:
    limit = SESSION_LIMITS[role]
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(role))
        for _step in range(int(limit.absolute / (limit.idle / 2))):
            clock.shift(limit.idle / 2)
            assert client.get(OWN).status_code == 200
        clock.shift(2 * MINUTE)
        assert client.get(OWN).status_code == 302


def test_the_strictest_role_counts_and_no_role_has_the_shortest_time() -> None:
    area = EmploymentAreaFactory()
    user = with_role(Role.CASE_WORKER, area)
    RoleMembershipFactory(user=user, role=Role.PARTNER_WORKER, area=None)
    assert limit_of(User.objects.get(pk=user.pk)) == SESSION_LIMITS[Role.PARTNER_WORKER]
    assert limit_of(UserFactory()) == NO_ROLE


def test_a_page_that_asks_by_itself_keeps_no_session_alive() -> None:
    run = JobRun.objects.create(job="matching", for_date=START.date())
    idle = SESSION_LIMITS[Role.MANAGER].idle
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(Role.MANAGER))
        for _time in range(4):
            clock.shift(idle / 4)
            assert client.get(reverse("runs:progress", args=[run.pk])).status_code == 200
        clock.shift(MINUTE)
        assert client.get(OWN).status_code == 302


def test_everything_that_pages_fetch_by_themselves_is_marked() -> None:
    named = {name for name in addresses() if "progress" in name}
    polled = {
        name
        for path in committed_files()
        if path.suffix == ".py" and "tests" not in path.parts
        for name in re.findall(r"""poll_url=reverse\(\s*"([\w:]+)\"""", path.read_text(encoding="utf-8"))
    }
    assert polled >= {"runs:progress", "seekers:document_progress", "matching:rules_preview_progress"}
    for name in sorted(named | polled | {"accounts:session_left"}):
        parts = dict.fromkeys(addresses()[name].parameters, 1)
        assert is_fetched_by_itself(resolve(reverse(name, kwargs=parts)).func), name


def test_no_other_part_of_a_page_is_fetched_by_itself() -> None:
    by_itself = re.compile(r"""hx-trigger=["'](?:every|load|revealed|intersect)""")
    found = {path.name for path in templates() if by_itself.search(path.read_text(encoding="utf-8"))}
    assert found == {"progress.html"}, "a view that it fetches is marked with fetched_by_itself, and named above"


def test_a_session_of_before_without_its_beginning_is_over() -> None:
    client = Client()
    client.force_login(with_role(Role.EMPLOYER_OWNER))
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert client.get(OWN).status_code == 302


def test_the_key_of_the_session_changes_at_sign_in() -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    in_by_password(confirm_address(with_role(Role.EMPLOYER_OWNER)), client)

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])  # allauth looks at a person's few sessions one by one at sign-in
def test_a_person_sees_the_sessions_with_device_and_ends_one_or_all() -> None:
    user = confirm_address(with_role(Role.EMPLOYER_OWNER))
    here, there, third = in_by_password(user), in_by_password(user, agent=CHROME), in_by_password(user)
    page = here.get(reverse("usersessions_list"))
    rows = page.context["sessions"]
    assert [row.here for row in rows].count(True) == 1
    assert {row.words for row in rows} == {"Firefox, Windows", "Chrome, Android"}
    assert not any(client.session.session_key in page.content.decode() for client in (here, there, third))

    (phone,) = (row.key for row in rows if row.words == "Chrome, Android")
    here.post(reverse("usersessions_list"), {"end": phone})
    assert there.get(OWN).status_code == 302
    assert third.get(OWN).status_code == 200

    here.post(reverse("usersessions_list"), {"end": "all"})
    assert here.get(OWN).status_code == third.get(OWN).status_code == 302
    assert not UserSession.objects.filter(user=user).exists()


def test_nobody_ends_the_sessions_of_others() -> None:
    user, other = (confirm_address(with_role(Role.EMPLOYER_OWNER)) for _person in range(2))
    mine, theirs = in_by_password(user), in_by_password(other)
    (row,) = theirs.get(reverse("usersessions_list")).context["sessions"]

    mine.post(reverse("usersessions_list"), {"end": row.key})

    assert theirs.get(OWN).status_code == 200


def test_a_new_password_ends_every_session() -> None:
    user = confirm_address(with_role(Role.EMPLOYER_OWNER))
    here, there = in_by_password(user), in_by_password(user)
    new = "seitsemän lammasta laitumella"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get(OWN).status_code == 302


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not() -> None:
    user = confirm_address(with_role(Role.EMPLOYER_OWNER))
    told = Message.objects.filter(kind="new_device")
    first = in_by_password(user)
    assert not told.exists(), "the first device of all is the person's own beginning"
    first.post(reverse("account_logout"))
    in_by_password(user, first)
    assert not told.exists(), "known by its mark"

    in_by_password(user, agent=CHROME)
    (mail,) = told
    assert mail.address == user.email
    assert user.last_name not in mail.subject
    assert KnownDevice.objects.filter(user=user).count() == 2


def test_a_mark_of_somebody_else_does_not_make_a_device_known() -> None:
    user, other = (confirm_address(with_role(Role.EMPLOYER_OWNER)) for _person in range(2))
    in_by_password(user)
    stolen = in_by_password(other)
    stolen.post(reverse("account_logout"))
    in_by_password(user, stolen)
    assert Message.objects.filter(kind="new_device", recipient_id=user.pk).count() == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (CHROME, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/143.0 Safari/537.36 Edg/143.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iOS"),
        ("curl/8", "tuntematon laite"),
        ("", "tuntematon laite"),
    ],
)
def test_devices_in_words(agent: str, words: str) -> None:
    assert words_of(agent) == words


# --- What is left ----------------------------------------------------------------------------------------------------
LEFT = "/tili/istunto/"


def test_asking_what_is_left_keeps_no_session_alive_and_going_on_does() -> None:
    limit = SESSION_LIMITS[Role.CASE_WORKER]
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(Role.CASE_WORKER))
        clock.shift(limit.idle - 2 * MINUTE)
        told = client.get(LEFT).json()
        assert (told["idle"], told["absolute"]) == (120, (limit.absolute - limit.idle).total_seconds() + 120)
        clock.shift(MINUTE)
        assert client.get(LEFT).json()["idle"] == 60
        told = client.post(LEFT).json()
        assert told["idle"] == limit.idle.total_seconds()
        assert told["absolute"] == (limit.absolute - limit.idle).total_seconds() + 60


def test_after_the_end_nothing_is_lengthened_and_nothing_told() -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(Role.CASE_WORKER))
        clock.shift(SESSION_LIMITS[Role.CASE_WORKER].idle + MINUTE)
        assert client.post(LEFT).json() == {"idle": None}
        assert "_auth_user_id" not in client.session
    assert Client().get(LEFT).json() == {"idle": None}


def test_the_whole_length_ends_however_often_one_goes_on() -> None:
    limit = SESSION_LIMITS[Role.ADMINISTRATOR]
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.force_login(with_role(Role.ADMINISTRATOR))
        for _step in range(int(limit.absolute / (limit.idle / 2))):
            clock.shift(limit.idle / 2)
            assert client.post(LEFT).json()["idle"] is not None
        clock.shift(MINUTE)
        assert client.post(LEFT).json() == {"idle": None}


def test_another_site_cannot_go_on_for_somebody() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(with_role(Role.CASE_WORKER))
    assert client.post(LEFT).status_code == 403


def test_the_page_carries_numbers_that_a_program_reads() -> None:
    """Numbers over a thousand are written for people with a space in them."""
    client = Client()
    client.force_login(with_role(Role.CASE_WORKER))
    page = client.get(OWN).content.decode()
    limit = SESSION_LIMITS[Role.CASE_WORKER]
    for name, whole in (("idle", limit.idle), ("absolute", limit.absolute)):
        [told] = re.findall(rf'data-{name}="([^"]*)"', page)
        assert whole.total_seconds() - 60 < int(told) <= whole.total_seconds()
    assert re.findall(r'data-person="(\d+)"', page)
