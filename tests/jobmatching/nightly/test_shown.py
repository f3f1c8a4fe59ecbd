"""Lists in an installation of several areas: the best that the person may see, counted alike everywhere.

In the small world both jobseekers of each area suit both vacancies, `seeker` better than `colleagues_seeker`. Tests
change the stored pairs into those of a night that kept fewer.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from employers.models import Vacancy
from jobmatching.engine.criteria import TRAVEL_REQUIREMENT
from jobmatching.models import JobSeeker, Match, NearMiss
from jobmatching.nightly.models import MatchResult
from jobmatching.nightly.querysets import BY_SEEKER, BY_VACANCY, IS_NEW
from portal.accounts.roles import Role
from portal.ui.panels import Panel
from tests.factories import NamedWorkerFactory
from tests.world import World


@pytest.fixture
def coach_client(client: Client, world: World) -> Client:
    """Signed in as the case worker of the own area."""
    client.force_login(world.own.users[Role.CASE_WORKER])
    return client


def keep_at_most(**weights: int) -> None:
    """As if the rules of the run had kept so many."""
    rules = MatchResult.objects.get(current=True).rules
    rules.weights |= weights
    rules.save(update_fields=["weights"])


def mark(vacancy: Vacancy, seeker: JobSeeker, flags: int) -> None:
    """For whose sake the night kept a pair; not at all with 0."""
    pair = Match.objects.current().filter(vacancy_id=vacancy.pk, seeker_id=seeker.pk)
    assert pair.update(flags=flags) if flags else pair.delete()


def panel_of(client: Client, vacancy: Vacancy, **query: str) -> Panel:
    (panel,) = client.get(reverse("vacancies:page", args=[vacancy.pk]), query).context["panels"]
    return panel


def people(panel: Panel) -> list[int]:
    return [row.other.pk for row in panel.context["page_obj"]]


def in_list(client: Client, vacancy: Vacancy) -> tuple[int, int]:
    """How many candidates, and new ones, the list of vacancies tells."""
    panel = client.get(reverse("vacancies:list"), {"show": "all"}).context["row_panels"][0]
    shown = panel.context["counts"][vacancy.pk]
    return shown.pairs, shown.new


def page(client: Client, url: str, **query: str) -> str:
    """A page without what differs at each request."""
    changing = r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|data-(idle|absolute)="\d+"'
    return re.sub(changing, "", client.get(url, query).content.decode())


def near_miss(world: World, seeker: JobSeeker) -> NearMiss:
    return NearMiss.objects.create(
        run_id=world.run.pk,
        vacancy_id=world.own.vacancy.pk,
        seeker_id=seeker.pk,
        score=700_000,
        requirement=TRAVEL_REQUIREMENT,
    )


def test_people_of_another_area_take_no_place_in_the_list(coach_client: Client, world: World) -> None:
    vacancy, own, other = world.own.vacancy, world.own, world.other
    keep_at_most(k_vacancy=2)
    for seeker in (other.seeker, other.colleagues_seeker):
        mark(vacancy, seeker, BY_VACANCY | BY_SEEKER)
    mark(vacancy, own.seeker, BY_SEEKER)
    mark(vacancy, own.colleagues_seeker, BY_SEEKER | IS_NEW)

    panel = panel_of(coach_client, vacancy)

    assert people(panel) == [own.seeker.pk, own.colleagues_seeker.pk]
    assert [tab.count for tab in panel.context["tabs"]] == [2, 0]
    assert panel.context["elsewhere"]
    assert in_list(coach_client, vacancy) == (2, 1)


def test_no_list_is_longer_than_what_the_night_keeps(coach_client: Client, world: World) -> None:
    vacancy, own = world.own.vacancy, world.own
    keep_at_most(k_vacancy=1, k_seeker=1)
    mark(vacancy, own.seeker, BY_VACANCY | BY_SEEKER)
    mark(vacancy, own.colleagues_seeker, BY_SEEKER | IS_NEW)

    panel = panel_of(coach_client, vacancy)

    assert people(panel) == [own.seeker.pk]
    assert panel.context["tabs"][0].count == 1
    assert in_list(coach_client, vacancy) == (1, 0)


def test_vacancies_of_another_area_take_no_place_in_the_list_of_a_jobseeker(coach_client: Client, world: World) -> None:
    seeker = world.own.seeker
    keep_at_most(k_seeker=1)
    mark(world.other.vacancy, seeker, BY_SEEKER)
    mark(world.own.vacancy, seeker, BY_VACANCY | IS_NEW)

    response = coach_client.get(reverse("seekers:matches", args=[seeker.pk]))
    (panel,) = response.context["panels"]

    assert people(panel) == [world.own.vacancy.pk]
    assert panel.context["elsewhere"]
    assert response.context["tabs"][1].count == 1
    listed = coach_client.get(reverse("seekers:list")).context["row_panels"][0]
    assert listed.context["counts"] == {seeker.pk: 1}


def test_where_nobody_else_was_kept_no_other_area_is_spoken_of(coach_client: Client, world: World) -> None:
    vacancy, other = world.own.vacancy, world.other
    # Kept for their own sake alone: they took no place among the vacancy's best.
    mark(vacancy, other.seeker, BY_SEEKER)
    mark(vacancy, other.colleagues_seeker, 0)
    mark(other.vacancy, world.own.seeker, BY_VACANCY)

    assert not panel_of(coach_client, vacancy).context["elsewhere"]
    assert not panel_of(coach_client, vacancy, nakyma="lahelta").context["elsewhere"]
    (panel,) = coach_client.get(reverse("seekers:matches", args=[world.own.seeker.pk])).context["panels"]
    assert not panel.context["elsewhere"]


def test_near_misses_of_other_areas_are_spoken_of_and_not_shown(coach_client: Client, world: World) -> None:
    miss = near_miss(world, world.other.seeker)

    panel = panel_of(coach_client, world.own.vacancy, nakyma="lahelta")

    assert (panel.context["near_count"], panel.context["near_groups"]) == (0, [])
    assert panel.context["elsewhere"]
    miss.delete()
    near_miss(world, world.own.seeker)
    panel = panel_of(coach_client, world.own.vacancy, nakyma="lahelta")
    assert (panel.context["near_count"], panel.context["elsewhere"]) == (1, False)


@pytest.mark.parametrize("view", ["", "lahelta"])
@pytest.mark.parametrize("alone", [True, False], ids=["alone there", "with somebody else there"])
@pytest.mark.parametrize("side", ["own", "other"])
def test_a_page_is_the_same_whether_or_not_there_is_somebody_under_non_disclosure(
    coach_client: Client, world: World, side: str, alone: bool, view: str
) -> None:
    """Somebody who comes under non-disclosure by day, still in the stored pairs, against a night without them."""
    vacancy, hidden = world.own.vacancy, getattr(world, side).seeker
    near_miss(world, hidden)
    if alone:
        others = world.other.colleagues_seeker.pk if side == "other" else world.other.seeker.pk
        Match.objects.filter(vacancy_id=vacancy.pk, seeker_id=others).delete()
    JobSeeker.objects.filter(pk=hidden.pk).update(non_disclosure=True)
    NamedWorkerFactory(seeker=hidden, user=getattr(world, side).users[Role.CASE_WORKER])
    url = reverse("vacancies:page", args=[vacancy.pk])

    with_them = page(coach_client, url, nakyma=view)
    Match.objects.filter(seeker_id=hidden.pk).delete()
    NearMiss.objects.filter(seeker_id=hidden.pk).delete()
    without_them = page(coach_client, url, nakyma=view)

    assert hidden.last_name not in with_them
    assert with_them == without_them
