"""Whose clients a person serves: one step through pairs, absences and teams, on the days that say so."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import StandIn, TeamMembership, User, WorkPair
from portal.accounts.teams import whose_clients
from tests.factories import StandInFactory, TeamFactory, TeamMembershipFactory, UserFactory, WorkPairFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)


def ids(*users: User) -> set[int]:
    return {user.pk for user in users}


def test_everybody_serves_their_own_and_nobody_elses() -> None:
    user = UserFactory()
    WorkPairFactory()
    StandInFactory()
    TeamMembershipFactory(lead=True)

    assert whose_clients(user, DAY) == ids(user)


def test_each_half_of_a_pair_serves_the_others() -> None:
    pair = WorkPairFactory(valid_from=DAY, valid_to=DAY)

    for one in (pair.first, pair.second):
        assert whose_clients(one, DAY) == ids(pair.first, pair.second)
        assert whose_clients(one, DAY - ONE_DAY) == whose_clients(one, DAY + ONE_DAY) == ids(one)


def test_a_stand_in_serves_for_the_days_of_the_absence_and_not_the_other_way() -> None:
    absence = StandInFactory(valid_from=DAY, valid_to=DAY + ONE_DAY)

    assert whose_clients(absence.stand_in, DAY) == ids(absence.stand_in, absence.absent)
    assert whose_clients(absence.stand_in, DAY + ONE_DAY) == ids(absence.stand_in, absence.absent)
    assert whose_clients(absence.stand_in, DAY + 2 * ONE_DAY) == ids(absence.stand_in)
    assert whose_clients(absence.absent, DAY) == ids(absence.absent)


def test_whoever_leads_a_team_serves_its_members_of_that_day() -> None:
    team = TeamFactory()
    lead = TeamMembershipFactory(team=team, lead=True).user
    member = TeamMembershipFactory(team=team, valid_from=DAY).user
    gone = TeamMembershipFactory(team=team, valid_to=DAY - ONE_DAY).user
    TeamMembershipFactory()

    assert whose_clients(lead, DAY) == ids(lead, member)
    assert whose_clients(lead, DAY - ONE_DAY) == ids(lead, gone)
    assert whose_clients(member, DAY) == ids(member)


def test_whoever_led_a_team_serves_its_members_no_longer() -> None:
    team = TeamFactory()
    lead = TeamMembershipFactory(team=team, lead=True, valid_to=DAY - ONE_DAY).user
    TeamMembershipFactory(team=team, user=lead, valid_from=DAY)
    TeamMembershipFactory(team=team)

    assert whose_clients(lead, DAY) == ids(lead)


def test_it_goes_one_step_only() -> None:
    lead_of_team = TeamMembershipFactory(lead=True)
    TeamMembershipFactory(team=lead_of_team.team)
    absent = lead_of_team.user
    WorkPairFactory(first=absent)
    StandInFactory(stand_in=absent)
    stand_in = StandInFactory(absent=absent).stand_in

    assert whose_clients(stand_in, DAY) == ids(stand_in, absent)


def test_closed_accounts_and_strangers_serve_nobody() -> None:
    pair = WorkPairFactory()
    User.objects.filter(pk=pair.first.pk).update(is_active=False)

    assert whose_clients(User.objects.get(pk=pair.first.pk), DAY) == frozenset()
    assert whose_clients(AnonymousUser()) == frozenset()


def test_todays_answer_costs_one_query_a_request_and_is_not_that_of_another_day() -> None:
    today = timezone.localdate()
    user = UserFactory()
    for model, fields in (
        (WorkPair, {"first": user, "second": UserFactory(), "area": TeamFactory().area, "sector": "hoiva"}),
        (StandIn, {"absent": UserFactory(), "stand_in": user, "valid_to": today, "reason": "leave"}),
        (TeamMembership, {"team": TeamFactory(), "user": user, "lead": True}),
    ):
        model.objects.create(valid_from=today, **fields)
    user = User.objects.get(pk=user.pk)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(whose_clients(user)) == 3
        assert len(whose_clients(user)) == 3
    assert len(queries) == 1
    assert whose_clients(user, today - ONE_DAY) == ids(user)
