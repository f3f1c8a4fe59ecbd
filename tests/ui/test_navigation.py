"""The navigation offers what the person may open, and nothing else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from portal.accounts.models import User
from portal.accounts.permissions import may
from portal.accounts.roles import Permission, Role
from portal.ui.navigation import ENTRIES, SEARCH_TARGETS, Entry, address, first_page, navigation, search_target
from tests.ui.html import read
from tests.world import World


def entries_of(user: User, path: str = "/nowhere/") -> list[str]:
    request = RequestFactory().get(path)
    request.user = user
    return [item.url for item in navigation(request)]


@pytest.mark.parametrize("entry", [*ENTRIES, *SEARCH_TARGETS], ids=lambda entry: str(entry.url_name))
def test_every_entry_leads_somewhere_and_asks_for_a_permission(entry: Entry) -> None:
    assert address(entry.url_name) is not None
    assert entry.permission in set(Permission)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_what_its_permissions_open(role: Role, world: World) -> None:
    user = world.own.users[role]
    expected = [address(entry.url_name) for entry in ENTRIES if may(user, entry.permission)]
    assert entries_of(user) == expected


@pytest.mark.parametrize("role", list(Role))
def test_each_entry_opens_for_those_who_see_it(role: Role, world: World) -> None:
    client = Client()
    client.force_login(world.own.users[role])
    for url in entries_of(world.own.users[role]):
        assert client.get(url).status_code == 200


def test_managers_and_auditors_are_not_led_to_people(world: World) -> None:
    seekers = address("seekers:list")
    for role in (Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.EMPLOYER_OWNER):
        assert seekers not in entries_of(world.own.users[role])
        request = RequestFactory().get("/")
        request.user = world.own.users[role]
        found = search_target(request)
        assert found is None or found.url not in (seekers, address("seekers:search"))


def test_nobody_is_led_nowhere() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert navigation(request) == ()
    assert search_target(request) is None
    assert first_page(request) is None


def test_the_part_that_a_page_belongs_to_is_current(world: World) -> None:
    client = Client()
    client.force_login(world.own.users[Role.ADMINISTRATOR])
    runs = str(address("runs:list"))
    page = read(client.get(runs).content)
    menu = next(nav for nav in page.all("nav") if nav.attrs.get("id") == "paavalikko")
    assert [link.attrs["href"] for link in menu.all("a") if link.attrs.get("aria-current") == "page"] == [runs]


@pytest.mark.parametrize("role", list(Role))
def test_home_leads_each_role_to_its_first_page(role: Role, world: World) -> None:
    client = Client()
    client.force_login(world.own.users[role])
    answer = client.get("/", follow=True)
    assert answer.status_code == 200
    entries = entries_of(world.own.users[role])
    own_work = {Role.AUDITOR: "/luottamus/kayttoloki/", Role.ADMINISTRATOR: "/tili/kayttajat/"}
    assert answer.request["PATH_INFO"] == own_work.get(role, entries[0] if entries else "/tili/oma/")


@pytest.mark.django_db
def test_home_leads_others_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tili/login/")
