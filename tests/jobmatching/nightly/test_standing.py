"""Whoever leaves matching by day is gone from all lists at once, and the own page says why there are no matches."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.nightly.models import RunInput
from jobmatching.nightly.standing import Standing
from jobmatching.seekers.services import pause_matching
from portal.accounts.roles import Role
from portal.runs.stopping import stop
from portal.ui.parts import Choice
from tests.factories import JobSeekerFactory
from tests.rights import restrict
from tests.world import World


def paused(seeker: JobSeeker, world: World) -> None:
    pause_matching(seeker.pk, "Moving house.")


def ended(seeker: JobSeeker, world: World) -> None:
    seeker.spells.update(ended_on=timezone.localdate())


def in_service(seeker: JobSeeker, world: World) -> None:
    seeker.spells.update(full_time_service=True)


def restricted(seeker: JobSeeker, world: World) -> None:
    restrict(seeker)


def hidden(seeker: JobSeeker, world: World) -> None:
    JobSeeker.objects.filter(pk=seeker.pk).update(non_disclosure=True)


Change = Callable[[JobSeeker, World], None]


@pytest.fixture
def coach_client(client: Client, world: World) -> Client:
    client.force_login(world.own.users[Role.CASE_WORKER])
    return client


def candidates(client: Client, world: World) -> list[int]:
    (panel,) = client.get(reverse("vacancies:page", args=[world.own.vacancy.pk])).context["panels"]
    shown = [row.other.pk for row in panel.context["page_obj"]]
    counts = client.get(reverse("vacancies:list"), {"show": "all"}).context["row_panels"][0].context["counts"]
    assert counts[world.own.vacancy.pk].pairs == len(shown) == panel.context["tabs"][0].count
    return shown


def matches_of(client: Client, seeker: JobSeeker) -> tuple[str, Choice, str]:
    """Standing, the tab and the page of somebody's matches."""
    answer = client.get(reverse("seekers:matches", args=[seeker.pk]))
    (panel,) = answer.context["panels"]
    (tab,) = [one for one in answer.context["tabs"] if one.current]
    return panel.context["standing"], tab, answer.content.decode()


@pytest.mark.parametrize("change", [paused, ended, in_service, restricted, hidden])
def test_whoever_leaves_matching_is_gone_from_candidates_at_once(
    coach_client: Client, world: World, change: Change
) -> None:
    before = candidates(coach_client, world)
    change(world.own.seeker, world)
    assert candidates(coach_client, world) == [pk for pk in before if pk != world.own.seeker.pk]
    fragment = reverse("matching:candidate", args=[world.own.vacancy.pk, world.own.seeker.pk])
    assert coach_client.get(fragment).status_code == 404


@pytest.mark.parametrize(
    ("change", "standing"),
    [(paused, Standing.PAUSED), (ended, Standing.NOT_SEARCHING), (in_service, Standing.IN_SERVICE)],
)
def test_the_own_page_says_why_there_are_no_matches(
    coach_client: Client, world: World, change: Change, standing: Standing
) -> None:
    assert matches_of(coach_client, world.own.seeker)[1].count
    change(world.own.seeker, world)
    found, tab, page = matches_of(coach_client, world.own.seeker)
    assert (found, tab.count) == (standing, None)
    assert world.own.vacancy.title not in page


def test_whoever_was_not_in_the_last_run_is_told_of_the_next_one(coach_client: Client, world: World) -> None:
    new = JobSeekerFactory(area=world.own.seeker.area, coach=world.own.users[Role.CASE_WORKER])
    found, tab, page = matches_of(coach_client, new)
    assert (found, tab.count) == (Standing.NEXT_RUN, None)
    assert "Osumat lasketaan seuraavassa ajossa." in page
    assert "tarpeeksi lähellä" not in page


def test_no_match_in_the_run_is_a_count_of_none(coach_client: Client, world: World) -> None:
    new = JobSeekerFactory(area=world.own.seeker.area, coach=world.own.users[Role.CASE_WORKER])
    frozen = RunInput.objects.filter(run_id=world.run.pk, side="S").order_by("pk").first()
    assert frozen is not None
    RunInput.objects.filter(pk=frozen.pk).update(ids=[*frozen.ids, new.pk])
    found, tab, _page = matches_of(coach_client, new)
    assert (found, tab.count) == (Standing.SHOWN, 0)


def test_no_count_while_results_are_hidden(coach_client: Client, world: World) -> None:
    stop("matching", None, "A wrong weight.", hide=True)
    assert matches_of(coach_client, world.own.seeker)[1].count is None


# --- Restriction of processing -------------------------------------------------------------------------------------
def test_whoever_handles_a_restriction_is_told_on_every_page(client: Client, world: World) -> None:
    seeker, lead = world.own.restricted_seeker, world.own.users[Role.TEAM_LEAD]
    client.force_login(lead)
    for name in ("seekers:page", "seekers:matches", "seekers:history", "seekers:looked", "seekers:rights"):
        page = client.get(reverse(name, args=[seeker.pk])).content.decode()
        assert "Tietojen käsittelyä on rajoitettu" in page, name
        assert reverse("seekers:pause", args=[seeker.pk]) not in page, name
    assert matches_of(client, seeker)[0] == Standing.RESTRICTED


def test_a_restricted_person_stands_in_no_list_and_no_search_by_name(client: Client, world: World) -> None:
    seeker = world.own.restricted_seeker
    client.force_login(world.own.users[Role.TEAM_LEAD])
    assert client.get(reverse("seekers:page", args=[seeker.pk])).status_code == 200
    for scope in ("own", "area"):
        listed = client.get(reverse("seekers:list"), {"scope": scope, "situation": ["ended", "unemployed"]})
        assert seeker.pk not in [row.pk for row in listed.context["page_obj"]]
    found = client.post(reverse("seekers:search"), {"q": seeker.name}, follow=True)
    assert seeker.pk not in [row.pk for row in found.context["page_obj"]]


def test_matching_is_not_paused_while_the_processing_is_restricted(client: Client, world: World) -> None:
    seeker = world.own.restricted_seeker
    client.force_login(world.own.users[Role.TEAM_LEAD])
    answer = client.post(reverse("seekers:pause", args=[seeker.pk]), {"kind": "other", "reason": "why not"})
    assert answer.status_code == 302
    seeker.refresh_from_db()
    assert seeker.matching_paused_at is None


@pytest.mark.parametrize(
    ("before", "told"),
    [(None, "Seuraava yö"), (paused, "edelleen tauolla"), (ended, "kun työnhaku on voimassa")],
)
def test_lifting_a_restriction_says_what_happens_next(
    client: Client, world: World, before: Change | None, told: str
) -> None:
    seeker = world.own.seeker
    restrict(seeker)
    if before:
        before(seeker, world)
    client.force_login(world.own.users[Role.TEAM_LEAD])
    client.post(reverse("seekers:reason", args=[seeker.pk]), {"code": "quality"})
    posted = {"told_on": timezone.localdate().isoformat(), "reason": "The data is right."}
    answer = client.post(reverse("seekers:restriction_lift", args=[seeker.pk]), posted, follow=True)
    assert told in " ".join(str(message) for message in answer.context["messages"])
