"""How many matches a jobseeker has: new ones in the list, all on the tab; nobody learns more than they may see."""

from typing import Any

from django.db.models import F
from django.test import Client
from django.urls import reverse

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.models import Match
from jobmatching.nightly.panels_seekers import match_count, new_matches
from jobmatching.nightly.querysets import BY_SEEKER, IS_NEW
from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.world import World


def counts(rf: Any, user: User, *seekers: JobSeeker) -> dict[int, int]:
    request = rf.get("/")
    request.user = user
    filled = new_matches(request, list(seekers))
    assert filled is not None
    found: dict[int, int] = filled[1]["counts"]
    return found


def mark(seeker: JobSeeker, *, new: bool) -> None:
    """Make the best matches of a jobseeker new, or known from the night before."""
    matches = Match.objects.current().filter(seeker_id=seeker.pk)
    matches.update(flags=F("flags").bitor(BY_SEEKER | IS_NEW) if new else F("flags").bitand(~IS_NEW))


def test_only_new_matches_count_in_the_list(rf: Any, world: World) -> None:
    coach, seeker = world.own.users[Role.CASE_WORKER], world.own.seeker
    mark(seeker, new=True)
    assert counts(rf, coach, seeker, world.own.hidden_seeker) == {seeker.pk: 1}
    mark(seeker, new=False)
    assert counts(rf, coach, seeker) == {}


def test_vacancies_that_the_person_may_not_see_do_not_count(rf: Any, world: World) -> None:
    coach, seeker = world.own.users[Role.CASE_WORKER], world.own.seeker
    mark(seeker, new=True)
    Vacancy.objects.filter(pk=world.own.vacancy.pk).update(area=world.other.area)
    assert counts(rf, coach, seeker) == {}


def test_the_tab_tells_how_many_matches_there_are(world: World) -> None:
    client = Client()
    client.force_login(world.own.users[Role.CASE_WORKER])
    mark(world.own.seeker, new=False)
    for seeker, told in ((world.own.seeker, [1]), (world.own.hidden_seeker, [])):
        tabs = client.get(reverse("seekers:page", args=[seeker.pk])).context["tabs"]
        assert [tab.count for tab in tabs if tab.count is not None] == told


def test_roles_that_see_no_matches_get_no_column(rf: Any, world: World) -> None:
    request = rf.get("/")
    request.user = world.own.users[Role.MANAGER]
    assert new_matches(request, [world.own.seeker]) is None
    assert match_count(request, world.own.seeker) is None
