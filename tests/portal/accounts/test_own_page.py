"""The own account tells what one may, with whom one works, and from when to when."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from portal.accounts.models import StandIn, TeamMembership, User, WorkPair
from portal.accounts.roles import Role
from tests.factories import EmploymentAreaFactory, RoleMembershipFactory, TeamFactory, with_role
from tests.portal.accounts.by_provider.fake import FakeProvider

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW, LATER = (TODAY + timedelta(days=days) for days in (-1, 1, 30))


def page_of(user: User) -> str:
    """What the person reads, in one line."""
    with time_machine.travel("2026-11-23 09:00+02:00", tick=False):
        client = Client()
        client.force_login(user)
        body = client.get("/tili/oma/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body[body.index("<main") : body.index("</main>")]))


@pytest.fixture
def workers() -> tuple[User, User, User]:
    area = EmploymentAreaFactory()
    names = ("Oma", "Pari", "Sijainen")
    own, pair, third = (with_role(Role.CASE_WORKER, area, first_name="X", last_name=name) for name in names)
    return own, pair, third


def test_teams_pairs_and_stand_ins_stand_there_from_both_sides(workers: tuple[User, User, User]) -> None:
    own, pair, third = workers
    team = TeamFactory(name="Rannikon tiimi", area=own.memberships.get().area)
    TeamMembership.objects.create(team=team, user=own, lead=True, valid_from=date(2026, 1, 2))
    WorkPair.objects.create(area=team.area, first=pair, second=own, sector="hoiva", valid_from=date(2026, 2, 3))
    StandIn.objects.create(absent=own, stand_in=third, valid_from=TODAY, valid_to=LATER, reason="holiday")
    StandIn.objects.create(absent=third, stand_in=own, valid_from=TOMORROW, valid_to=LATER, reason="training")

    told = page_of(own)
    assert "Rannikon tiimi vedät tiimiä" in told
    assert "2.1.2026 alkaen" in told
    assert "X Pari Työpari, hoiva" in told
    assert re.search(r"X Sijainen Sijaistaa sinua ja palvelee asiakkaitasi: loma 23.11.2026 alkaen ?, 23.12.2026", told)
    assert "X Sijainen Sijaistat ja palvelet hänen asiakkaitaan: koulutus tai muu tehtävä alkaa 24.11.2026" in told

    others = page_of(pair)
    assert "X Oma Työpari, hoiva" in others
    assert "Rannikon tiimi" not in others
    assert "Sijainen" not in others


def test_what_is_over_is_not_told_and_what_comes_is(workers: tuple[User, User, User]) -> None:
    own, pair, third = workers
    area = own.memberships.get().area
    StandIn.objects.create(absent=own, stand_in=third, valid_from=date(2026, 1, 1), valid_to=YESTERDAY, reason="leave")
    WorkPair.objects.create(
        area=area, first=own, second=pair, sector="hoiva", valid_from=date(2026, 1, 1), valid_to=YESTERDAY
    )
    RoleMembershipFactory(user=own, role=Role.TEAM_LEAD, area=area, valid_from=TOMORROW)
    told = page_of(own)
    assert "Kenen kanssa teet työtä" not in told
    assert re.search(r"Tiiminvetäjä .* alkaa 24.11.2026", told)


def test_the_organisations_sign_in_is_told_to_those_who_use_it(workers: tuple[User, User, User]) -> None:
    from allauth.socialaccount.models import SocialAccount

    own, pair, _third = workers
    SocialAccount.objects.create(user=own, provider="kunta", uid="x" * 64)
    with override_settings(OIDC=FakeProvider(url="http://127.0.0.1:9/x").settings(name="Kemin kaupunki")):
        assert "Kirjaudut myös näin: Kemin kaupunki" in page_of(own)
        assert "Kemin kaupunki" not in page_of(pair)
    assert "Kirjaudut myös" not in page_of(own)
