"""A person under non-disclosure is found by the named worker, and nobody else; an identity code only where it is shown.

The person was matched by a night before, so that there is something to hide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from jobmatching.models import JobSeeker, Match, MatchChange, NearMiss, SeekerVector
from jobmatching.nightly.hiding import forget_hidden
from portal.accounts.roles import Role
from tests.databases import using_database
from tests.portal.privacy.planted.conftest import Copy, WorldCopy
from tests.portal.privacy.planted.planting import OPEN_CODE, TOWN, WORDS, Planted, as_every_person, plant_matched
from tests.portal.privacy.planted.processes import at_once
from tests.portal.privacy.planted.searching import (
    listening,
    tables,
    tables_with,
    text_of,
    words_in,
    words_in_cache,
    words_in_sessions,
)
from tests.portal.privacy.planted.walking import EVERYBODY, Visit, Walker, plain_requests, walk

pytestmark = pytest.mark.slow

EVERYTHING = {**WORDS, "open code": OPEN_CODE}
"""What nobody may find anywhere else: all of the hidden person, and the identity code of an ordinary one."""

OWN_TABLES = frozenset(
    {
        *("jobmatching_jobseeker", "jobmatching_workperiod"),
        # What was entered about the person, told to whoever may see the person, and gone with them.
        "privacy_historyevent",
    }
)
"""Where the person's own data is kept."""

LISTS = frozenset({"seekers:list", "seekers:non_disclosures"})
"""Lists that show the person to the named worker, without the municipality."""

OF_THE_REGISTER = ("admin:classifications", "vacancies:")
"""Pages that show every municipality of the area, whether anybody lives there or not."""

WRITTEN = frozenset({"outbox_message", "privacy_accesslogentry", "django_admin_log"})
"""Tables that a request may write to beside the person's own."""


@dataclass
class Walked:
    """What was found on the way: (word, role, method and address)."""

    planted: Planted
    visits: int = 0
    by_named: set[tuple[str, str, str]] = field(default_factory=set)
    by_others: set[tuple[str, str, str]] = field(default_factory=set)
    codes: set[tuple[str, str]] = field(default_factory=set)
    """Name of the address and role where the ordinary person's identity code stood."""
    broken: set[str] = field(default_factory=set)
    """Pages that gave no answer to look at."""
    elsewhere: set[str] = field(default_factory=set)
    """Beside answers: log, tasks, cache, sessions, tables."""

    def look(self, visit: Visit) -> None:
        """Look for everything in one answer."""
        self.visits += 1
        if visit.response.status_code == 500:
            self.broken.add(f"{visit.name}, {visit.who}")
        text = text_of(visit.response)
        wanted = {**WORDS, "municipality": TOWN}
        if not visit.of_planted and str(self.planted.address) not in visit.url:
            wanted["address"] = self.planted.address
        if visit.name.startswith(OF_THE_REGISTER):
            del wanted["municipality"]
        found = words_in(text, wanted)
        place = f"{visit.method} {visit.name} {visit.url}"
        if visit.user is not None and visit.user.pk == self.planted.named.pk:
            about_person = visit.of_planted or self.planted.address in visit.url
            allowed = set(wanted) if about_person else set(wanted) - {"municipality"} if visit.name in LISTS else set()
            (self.by_others if found - allowed else self.by_named).update(
                (word, "named worker", place) for word in found
            )
        else:
            self.by_others.update((word, visit.who, place) for word in found)
        if words_in(text, {"code": OPEN_CODE}):
            self.codes.add((visit.name, visit.who))
        if self.visits % 20 == 0:
            self.elsewhere |= {f"cache: {word}" for word in words_in_cache(EVERYTHING)}

    def listen(self, lines: list[str], sent: list[str]) -> None:
        """Look for everything in lines of the log, and in tasks with their arguments."""
        self.elsewhere |= {f"log: {word}" for word in words_in("\n".join(lines), EVERYTHING)}
        self.elsewhere |= {f"tasks: {word}" for word in words_in("\n".join(sent), EVERYTHING)}
        self.elsewhere |= {f"tasks: {line}" for line in sent if f"[{self.planted.seeker.pk}" in line}

    def add(self, other: "Walked") -> None:
        """What others have found on their way."""
        self.visits += other.visits
        for name in ("by_named", "by_others", "codes", "broken", "elsewhere"):
            getattr(self, name).update(getattr(other, name))


PARTIES = (
    frozenset({Role.CASE_WORKER, Role.TEAM_LEAD, Role.WORK_PAIR, Role.EMPLOYER_SPECIALIST}),
    EVERYBODY - {Role.CASE_WORKER, Role.TEAM_LEAD, Role.WORK_PAIR, Role.EMPLOYER_SPECIALIST},
)
"""Who walks together: about half of all questions each."""


@pytest.fixture(scope="module")
def walked(copy_of_world: Copy) -> Iterator[Walked]:
    """Walk once, in two parties at the same time; the copy stays for the tests that look into its tables."""
    with copy_of_world("planted") as copy, plain_requests(), using_database(copy.name):
        with listening() as heard:
            planted = plant_matched(copy.world)
        told = Walked(planted)
        told.listen(*heard)
        for party in at_once([partial(_walk, copy, planted, roles) for roles in PARTIES]):
            told.add(party)
        told.elsewhere |= {f"sessions: {word}" for word in words_in_sessions(EVERYTHING)}
        told.elsewhere |= {f"table {name}" for name in tables_with(EVERYTHING.values(), OWN_TABLES)}
        yield told


def _walk(copy: WorldCopy, planted: Planted, roles: frozenset[str]) -> Walked:
    """What one party finds; what it writes into memory or logs is looked at in its process."""
    told = Walked(planted)
    foreign = frozenset(tables()) - WRITTEN

    def after_post() -> None:
        found = tables_with(EVERYTHING.values(), but=foreign)
        told.elsewhere.update(f"written by a request: {table}" for table in found)

    with listening() as heard:
        everybody = as_every_person(copy.world, planted.seeker)
        for visit in walk(copy.world, everybody, walker=Walker(after_post), roles=roles):
            told.look(visit)
    told.listen(*heard)
    return told


def test_nobody_but_the_named_worker_finds_a_trace(walked: Walked) -> None:
    assert not walked.by_others, "\n".join(map(str, sorted(walked.by_others)))


def test_the_named_worker_finds_the_person_where_the_work_is_done(walked: Walked) -> None:
    places = {place.split()[1] for _word, _who, place in walked.by_named}

    assert {"seekers:page", "seekers:list", "seekers:non_disclosure", "seekers:reveal"} <= places
    assert walked.visits > 1500


def test_every_page_gave_an_answer_to_look_at(walked: Walked) -> None:
    assert not walked.broken, "\n".join(sorted(walked.broken))


def test_the_person_stands_in_no_log_task_cache_session_or_foreign_table(walked: Walked) -> None:
    assert not walked.elsewhere, "\n".join(sorted(walked.elsewhere))


def test_an_identity_code_stands_in_no_answer_but_the_one_that_shows_it(walked: Walked) -> None:
    assert {name for name, _who in walked.codes} == {"seekers:reveal"}
    may = {Role.CASE_WORKER.value, Role.WORK_PAIR.value, Role.TEAM_LEAD.value}
    assert {who for _name, who in walked.codes} <= may


def test_what_the_nights_have_kept_is_gone(walked: Walked) -> None:
    pk = walked.planted.seeker.pk
    forget_hidden()

    for model in (Match, NearMiss, MatchChange):
        assert not model.objects.filter(seeker_id=pk).exists()
    assert not SeekerVector.objects.filter(seeker=pk).exists()


def test_the_walker_finds_what_leaks(copy_of_world: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that forgets to ask who is hidden, a line of the log and a message that name the person."""
    import logging

    from tests.factories import JobSeekerFactory

    everybody = type(JobSeeker.objects.all())
    monkeypatch.setattr(everybody, "visible_to", lambda self, user: self)
    with copy_of_world("leaking") as copy, plain_requests(), using_database(copy.name):
        world = copy.world
        planted = plant_matched(world)
        told = Walked(planted)
        roles = frozenset({Role.EMPLOYER_SPECIALIST.value})
        for visit in walk(world, as_every_person(world, planted.seeker), walker=Walker(), roles=roles):
            told.look(visit)
        with listening() as (lines, _sent):
            logging.getLogger("portal").warning("Look at %s.", planted.seeker.name)
        JobSeekerFactory(area=world.own.area, summary=f"Ystävä: {WORDS['last name']}", source_id="x-1")

        words = {word for word, _who, _place in told.by_others}
        assert {"first name", "last name", "address"} <= words
        assert "last name" in words_in("\n".join(lines), WORDS)
        assert "jobmatching_jobseeker" in tables_with([WORDS["last name"]])
