"""Lists of candidates and near misses: whom they show and count, and to whom."""

import pytest
from django.test import Client
from django.urls import reverse

from jobmatching.models import JobSeeker, Match, NearMiss
from portal.accounts.roles import Role
from portal.privacy.access import Action, Purpose
from portal.privacy.access.models import AccessLogEntry
from tests.factories import NamedWorkerFactory, RoleMembershipFactory, with_role
from tests.world import World


@pytest.fixture
def coach_client(client: Client, world: World) -> Client:
    """Signed in as the case worker of the own area."""
    client.force_login(world.own.users[Role.CASE_WORKER])
    return client


def listed(client: Client, world: World, **query: str) -> tuple[str, list[int]]:
    """The page of the own vacancy, and the counts on its tabs."""
    response = client.get(reverse("vacancies:page", args=[world.own.vacancy.pk]), query)
    (panel,) = response.context["panels"]
    return response.content.decode(), [tab.count for tab in panel.context["tabs"]]


def test_who_comes_under_non_disclosure_by_day_is_in_no_list_of_the_night_before(
    coach_client: Client, world: World
) -> None:
    seeker = world.own.seeker
    match = Match.objects.current().get(vacancy_id=world.own.vacancy.pk, seeker_id=seeker.pk)
    NearMiss.objects.filter(run_id=match.run_id, seeker_id=seeker.pk).delete()
    page, (candidates, near) = listed(coach_client, world)
    assert seeker.last_name in page

    JobSeeker.objects.filter(pk=seeker.pk).update(non_disclosure=True)
    NamedWorkerFactory(seeker=seeker, user=world.own.users[Role.CASE_WORKER])

    page, counts = listed(coach_client, world)
    assert seeker.last_name not in page
    assert counts == [candidates - 1, near]
    assert seeker.last_name not in listed(coach_client, world, nakyma="lahelta")[0]
    for name, pks in (
        ("candidate", (match.vacancy_id, seeker.pk)),
        ("vacancy_of_seeker", (seeker.pk, match.vacancy_id)),
    ):
        assert coach_client.get(reverse(f"matching:{name}", args=pks)).status_code == 404


def test_candidates_are_opened_by_who_works_with_the_vacancy_and_logged_with_it(
    coach_client: Client, world: World
) -> None:
    colleagues = world.own.colleagues_seeker
    match = Match.objects.current().filter(vacancy_id=world.own.vacancy.pk).first()
    assert match is not None
    JobSeeker.objects.filter(pk=match.seeker_id).update(coach=colleagues.coach)
    address = reverse("matching:candidate", args=[match.vacancy_id, match.seeker_id])
    assert coach_client.get(address, {"avaa": "1"}).status_code == 200
    entry = AccessLogEntry.objects.filter(action=Action.PROFILE).latest("id")
    assert (entry.subjects, entry.purpose, entry.about) == (
        [match.seeker_id], Purpose.CANDIDATE, f"vacancy {match.vacancy_id}",
    )  # fmt: skip


def test_to_see_a_vacancy_of_another_area_opens_none_of_its_candidates(client: Client, world: World) -> None:
    match = Match.objects.current().filter(vacancy_id=world.own.vacancy.pk).first()
    assert match is not None
    user = with_role(Role.MANAGER, world.own.area)
    RoleMembershipFactory(user=user, role=Role.CASE_WORKER, area=world.other.area)
    JobSeeker.objects.filter(pk=match.seeker_id).update(area=world.other.area)
    client.force_login(user)
    page = client.get(reverse("vacancies:page", args=[match.vacancy_id]))
    assert page.status_code == 200
    assert not any(panel.template == "nightly/candidates.html" for panel in page.context["panels"])
    assert client.get(reverse("matching:candidate", args=[match.vacancy_id, match.seeker_id])).status_code == 404
