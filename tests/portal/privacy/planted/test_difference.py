"""Whether there is a hidden person or not, the portal answers everybody but the named worker with the same bytes.

Two copies of the small world, each with a night of its own: in one of them there is one person more, who has been under
non-disclosure since before that night. What is drawn at random anew each time is masked; the clock stands still.
"""

import re
from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.utils import timezone

from jobmatching.nightly.night import run_here
from portal.accounts.roles import Role
from portal.runs.models import JobRun
from tests.portal.privacy.planted.conftest import Copy
from tests.portal.privacy.planted.planting import hide, plant, town_of
from tests.portal.privacy.planted.searching import text_of
from tests.portal.privacy.planted.walking import Walker, plain_requests, walk
from tests.world import World

pytestmark = pytest.mark.slow

Place = tuple[str, str, str, int]
"""Who, method, address, and which time: a page and its part that htmx fetches have one address."""

_RANDOM: Final = (
    (
        re.compile(r'(csrf-?middleware-?token|X-CSRFToken|csrftoken)(["\'=:&; ]+(?:value=)?["\']?)[\w-]+', re.I),
        r"\1\2T",
    ),
    (re.compile(r"'nonce-[^']+'"), "'nonce-N'"),
    (re.compile(r"([?&]s=)[\w-]{8}\b"), r"\1S"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "H"),
    (re.compile(r"sessionid=[^;]+"), "sessionid=S"),
    (re.compile(r"\d{1,2}[.:]\d{2}(?:[.:]\d{2})?"), "TIME"),
)
"""What is another one each time it is drawn: tokens, keys of words searched for, times of day."""


def masked(text: str) -> str:
    """The text without what is drawn at random."""
    for pattern, replacement in _RANDOM:
        text = pattern.sub(replacement, text)
    return text


def answers(world: World, *, hidden: bool) -> dict[Place, str]:
    """Every answer to everybody but the named worker."""
    named = world.own.users[Role.CASE_WORKER]
    town = town_of(world.own)
    if hidden:
        hide(plant(world, town), named)
    run_here(world.day + timedelta(days=1))
    moment = timezone.now()
    JobRun.objects.update(seconds={}, created_at=moment, started_at=moment, finished_at=moment, beat_at=moment)
    walker = Walker(skip=frozenset({named.pk}))
    told: dict[Place, str] = {}
    for visit in walk(world, walker=walker):
        place = (visit.who, visit.method, visit.url)
        again = sum(1 for one in told if one[:3] == place) if (*place, 0) in told else 0
        told[(*place, again)] = f"{visit.response.status_code}\n{masked(text_of(visit.response))}"
    return told


def test_all_pages_are_the_same_with_and_without_the_hidden_person(copy_of_world: Copy) -> None:
    with time_machine.travel(timezone.now(), tick=False), plain_requests():
        with copy_of_world("without") as world:
            without = answers(world, hidden=False)
        with copy_of_world("with") as world:
            with_person = answers(world, hidden=True)

    assert without.keys() == with_person.keys()
    different = [key for key, answer in without.items() if answer != with_person[key]]
    assert not different, _first_difference(without[different[0]], with_person[different[0]], different)


def _first_difference(one: str, other: str, places: list[Place]) -> str:
    """Where two answers part, and in how many more they do."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, at - 200)
    lines = "\n".join(map(str, places[:20]))
    parts = "\n".join(f"--- {name}\n{text[start : at + 200]}" for name, text in (("without", one), ("with", other)))
    return f"{len(places)} answers differ:\n{lines}\n{parts}"
