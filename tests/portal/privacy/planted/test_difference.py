"""Whether there is a hidden person or not, the portal answers everybody but the named worker with the same bytes.

Two copies of the small world, each with a night of its own: in one of them there is one person more, who has been under
non-disclosure since before that night. What is drawn at random anew each time is masked; the clock stands still.
"""

import re
from datetime import timedelta
from functools import partial
from typing import Final

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from jobmatching.nightly.night import run_here
from portal.accounts.roles import Role
from portal.runs.models import JobRun
from tests.databases import using_database
from tests.portal.privacy.planted.conftest import Copy
from tests.portal.privacy.planted.planting import hide, plant, town_of
from tests.portal.privacy.planted.processes import at_once
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
    (re.compile(r'("token": ")\w{64}"'), r'\1T"'),
    (re.compile(r"'nonce-[^']+'"), "'nonce-N'"),
    (re.compile(r"([?&]s=)[\w-]{8}(?![\w-])"), r"\1S"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "H"),
    (re.compile(r"sessionid=[^;]+"), "sessionid=S"),
    (re.compile(r"\d{1,2}[.:]\d{2}(?:[.:]\d{2}(?:\.\d+)?)?"), "TIME"),
)
"""What is another one each time it is drawn: tokens, keys of words searched for, times of day."""


def masked(text: str) -> str:
    """The text without what is drawn at random."""
    for pattern, replacement in _RANDOM:
        text = pattern.sub(replacement, text)
    return text


def prepare(world: World, *, hidden: bool) -> None:
    """The night of a copy, with or without the person."""
    named = world.own.users[Role.CASE_WORKER]
    town = town_of(world.own)
    if hidden:
        hide(plant(world, town), named)
    run_here(world.day + timedelta(days=1))
    moment = timezone.now()
    JobRun.objects.update(seconds={}, created_at=moment, started_at=moment, finished_at=moment, beat_at=moment)


def answers(world: World, name: str) -> dict[Place, str]:
    """Every answer to everybody but the named worker, from the copy of a name."""
    cache.clear()  # limits count in it, and the other copy's visitors have the same addresses
    walker = Walker(skip=frozenset({world.own.users[Role.CASE_WORKER].pk}))
    told: dict[Place, str] = {}
    with using_database(name):
        for visit in walk(world, walker=walker):
            place = (visit.who, visit.method, visit.url)
            again = sum(1 for one in told if one[:3] == place) if (*place, 0) in told else 0
            told[(*place, again)] = f"{visit.response.status_code}\n{masked(text_of(visit.response))}"
    return told


def test_all_pages_are_the_same_with_and_without_the_hidden_person(copy_of_world: Copy) -> None:
    still = time_machine.travel(timezone.now(), tick=False)
    with still, plain_requests(), copy_of_world("without") as without, copy_of_world("with") as with_person:
        for copy in (without, with_person):
            with using_database(copy.name):
                prepare(copy.world, hidden=copy is with_person)
        told = at_once([partial(answers, copy.world, copy.name) for copy in (without, with_person)])

    assert told[0].keys() == told[1].keys()
    different = [key for key, answer in told[0].items() if answer != told[1][key]]
    assert not different, _first_difference(told[0][different[0]], told[1][different[0]], different)
    assert len(told[0]) > 4000


def _first_difference(one: str, other: str, places: list[Place]) -> str:
    """Where two answers part, and in how many more they do."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, at - 200)
    lines = "\n".join(map(str, places[:20]))
    parts = "\n".join(f"--- {name}\n{text[start : at + 200]}" for name, text in (("without", one), ("with", other)))
    return f"{len(places)} answers differ:\n{lines}\n{parts}"
