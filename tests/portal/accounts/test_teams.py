"""Who works with whom is kept by a lead of the area, from today on; nobody takes others' clients alone."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import StandIn, Team, TeamMembership, User, WorkPair
from portal.accounts.permission_words import WORDS
from portal.accounts.roles import Permission, Role
from portal.accounts.teams import services, whose_clients
from portal.accounts.teams.services import NotAllowed
from tests.factories import (
    EmploymentAreaFactory,
    StandInFactory,
    TeamFactory,
    TeamMembershipFactory,
    WorkPairFactory,
    with_role,
)

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
TWO_PEOPLE = override_settings(ZEAL_ALLOWLIST=[{"model": "accounts.User"}])
"""A form with two people to choose reads two people."""


@pytest.fixture
def lead() -> User:
    return with_role(Role.TEAM_LEAD)


@pytest.fixture
def client(lead: User) -> Client:
    client = Client()
    client.force_login(lead)
    return client


def area_of(user: User) -> object:
    return user.memberships.get().area


def day(days: int = 0) -> str:
    return (timezone.localdate() + days * ONE_DAY).isoformat()


def test_a_team_is_founded_filled_and_renamed(client: Client, lead: User) -> None:
    coach = with_role(Role.CASE_WORKER, area_of(lead))
    client.post(reverse("accounts:new_team"), {"area": area_of(lead).pk, "name": "Kemin tiimi"})
    team = Team.objects.get()
    page = reverse("accounts:team", args=[team.pk])
    client.post(page, {"user": coach.pk, "lead": "on", "valid_from": day()})
    client.post(reverse("accounts:rename_team", args=[team.pk]), {"name": "Tornion tiimi"})

    team.refresh_from_db()
    assert (team.name, team.memberships.get().user, team.memberships.get().lead) == ("Tornion tiimi", coach, True)
    assert "Tornion tiimi" in client.get(reverse("accounts:teams")).content.decode()


def test_nobody_makes_themselves_the_lead(client: Client, lead: User) -> None:
    team = TeamFactory(area=area_of(lead))
    client.post(reverse("accounts:team", args=[team.pk]), {"user": lead.pk, "lead": "on", "valid_from": day()})
    assert not team.memberships.exists()
    own = TeamMembershipFactory(team=team, user=lead)
    client.post(reverse("accounts:lead", args=[own.pk]), {"lead": "1"})
    assert not TeamMembership.objects.filter(lead=True).exists()


def test_a_new_lead_leads_from_today_and_yesterday_stays_as_it_was(lead: User) -> None:
    row = TeamMembershipFactory(team=TeamFactory(area=area_of(lead)))
    services.change_lead(row, lead=True, by=lead)
    old, new = TeamMembership.objects.filter(user=row.user).order_by("valid_from")
    assert (old.lead, old.valid_to) == (False, timezone.localdate() - ONE_DAY)
    assert (new.lead, new.valid_from, new.valid_to) == (True, timezone.localdate(), None)
    services.change_lead(new, lead=False, by=lead)
    assert TeamMembership.objects.filter(user=row.user).count() == 2, "the same day is changed in place"


def test_what_has_been_is_not_rewritten(client: Client, lead: User) -> None:
    team = TeamFactory(area=area_of(lead))
    coach = with_role(Role.CASE_WORKER, area_of(lead))
    client.post(reverse("accounts:team", args=[team.pk]), {"user": coach.pk, "valid_from": day(-1)})
    assert not team.memberships.exists()
    row = TeamMembershipFactory(team=team, user=coach)
    with pytest.raises(NotAllowed):
        services.end(row, timezone.localdate() - ONE_DAY)
    services.end(row, timezone.localdate())
    with pytest.raises(NotAllowed):
        services.end(row, timezone.localdate() + ONE_DAY)


def test_what_has_not_begun_goes_altogether(lead: User) -> None:
    row = StandInFactory(valid_from=timezone.localdate() + 5 * ONE_DAY, valid_to=timezone.localdate() + 9 * ONE_DAY)
    services.end(row, timezone.localdate())
    assert not StandIn.objects.exists()


@TWO_PEOPLE
def test_only_those_who_serve_in_the_area_can_be_chosen(client: Client, lead: User) -> None:
    here = with_role(Role.CASE_WORKER, area_of(lead))
    strangers = [with_role(Role.CASE_WORKER), with_role(Role.MANAGER, area_of(lead)), with_role(Role.AUDITOR)]
    closed = with_role(Role.CASE_WORKER, area_of(lead), is_active=False)
    for one in [*strangers, closed]:
        data = {"absent": one.pk, "stand_in": here.pk, "valid_from": day(), "valid_to": day(3), "reason": "holiday"}
        assert client.post(reverse("accounts:new_stand_in"), data).status_code == 200
    assert not StandIn.objects.exists()


@TWO_PEOPLE
def test_a_stand_in_gives_the_clients_for_the_days(client: Client, lead: User) -> None:
    away, here = (with_role(Role.CASE_WORKER, area_of(lead)) for _person in range(2))
    data = {"absent": away.pk, "stand_in": here.pk, "valid_from": day(), "valid_to": day(3), "reason": "holiday"}
    assert client.post(reverse("accounts:new_stand_in"), data).status_code == 302
    assert away.pk in whose_clients(here)
    assert client.post(reverse("accounts:new_stand_in"), data).status_code == 200, "not twice"
    row = StandIn.objects.get()
    client.post(reverse("accounts:end_stand_in", args=[row.pk]), {"last_day": day()})
    row.refresh_from_db()
    assert row.valid_to == timezone.localdate()


@TWO_PEOPLE
def test_a_pair_is_of_one_area(client: Client, lead: User) -> None:
    one, another = with_role(Role.CASE_WORKER, area_of(lead)), with_role(Role.WORK_PAIR, area_of(lead))
    data = {"area": area_of(lead).pk, "first": one.pk, "second": another.pk, "sector": "hoiva", "valid_from": day()}
    assert client.post(reverse("accounts:new_pair"), {**data, "area": EmploymentAreaFactory().pk}).status_code == 200
    assert client.post(reverse("accounts:new_pair"), {**data, "second": one.pk}).status_code == 200
    assert (
        client.post(reverse("accounts:new_pair"), {**data, "second": with_role(Role.WORK_PAIR).pk}).status_code == 200
    )
    assert not WorkPair.objects.exists()
    assert client.post(reverse("accounts:new_pair"), data).status_code == 302
    assert whose_clients(one) == {one.pk, another.pk}


def test_another_areas_rows_are_not_there(client: Client) -> None:
    elsewhere = with_role(Role.CASE_WORKER)
    area = area_of(elsewhere)
    rows = {
        "accounts:team": TeamFactory(area=area),
        "accounts:end_team_membership": TeamMembershipFactory(team=TeamFactory(area=area)),
        "accounts:end_pair": WorkPairFactory(area=area),
        "accounts:end_stand_in": StandInFactory(absent=elsewhere),
    }
    for name, row in rows.items():
        assert client.get(reverse(name, args=[row.pk])).status_code == 404, name


def test_lists_by_time(client: Client, lead: User) -> None:
    coach = with_role(Role.CASE_WORKER, area_of(lead))
    today = timezone.localdate()
    rows = {
        "now": StandInFactory(absent=coach, valid_from=today, valid_to=today),
        "coming": StandInFactory(absent=coach, valid_from=today + ONE_DAY, valid_to=today + ONE_DAY),
        "past": StandInFactory(absent=coach, valid_from=today - ONE_DAY, valid_to=today - ONE_DAY),
    }
    for time, row in rows.items():
        page = client.get(f"{reverse('accounts:stand_ins')}?time={time}")
        assert [one.pk for one in page.context["page_obj"]] == [row.pk], time


def test_every_permission_has_words_for_the_page_of_roles() -> None:
    assert set(WORDS) == set(Permission), "Say in portal/accounts/permission_words.py what it lets one do."
