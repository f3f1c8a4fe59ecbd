"""On what terms people look for work: way, places, times of work, when they can start; and their spells of search."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from jobmatching.generator.abilities import Abilities
from jobmatching.generator.draws import Bools, Ints, Rng, cumulative, happens, lasting, pick, pick_of
from jobmatching.generator.people import People
from jobmatching.generator.world import World
from jobmatching.seekers.enums import SpellStatus
from portal.classifications.enums import WorkTime

TIMES: Final = tuple(WorkTime.values)
_ACCEPTED = (0.92, 0.55, 0.3, 0.5, 0.5, 0.92, 0.5, 0.5, 0.9, 0.45)
_DECLINED = (0.01, 0.15, 0.35, 0.1, 0.05, 0.01, 0.2, 0.2, 0.04, 0.2)
"""Shares in the order of `TIMES`; the rest is not known."""

STATUSES: Final = (
    SpellStatus.UNEMPLOYED,
    SpellStatus.LAID_OFF,
    SpellStatus.EMPLOYED,
    SpellStatus.IN_SERVICE,
    SpellStatus.STUDYING,
    SpellStatus.OUTSIDE,
)
_STATUS_SHARES = (0.69, 0.08, 0.08, 0.1, 0.04, 0.01)
SEARCHING = 0.9
"""Share of people whose search is open."""
_MOST_SPELLS = 4


@dataclass(frozen=True)
class Terms:
    """A block's terms."""

    minutes: Ints
    """Longest way to work; -1 = not known."""
    car: Ints
    """1 has one, 0 has none, -1 not known."""
    place_owner: Ints
    place: Ints
    """Positions of listed municipalities."""
    ready_to_move: Bools
    remote: Ints
    accepted: Ints
    declined: Ints
    """Bit masks over `TIMES`."""
    available_now: Bools
    available_on: Ints
    """First day; -1 = at once or not known."""


@dataclass(frozen=True)
class Spells:
    """Spells in long form, those of one person apart from each other in time."""

    owner: Ints
    status: Ints
    """Position in `STATUSES`."""
    started: Ints
    ended: Ints
    """First day no longer in it; -1 = still open."""
    full_time_service: Bools

    def begun_on(self, today: int) -> Self:
        """The same people with their latest spell begun on the day, as unemployed."""
        latest = np.r_[True, self.owner[1:] != self.owner[:-1]]
        return replace(
            self,
            status=np.where(latest, STATUSES.index(SpellStatus.UNEMPLOYED), self.status),
            started=np.where(latest, today, self.started),
            ended=np.where(latest, -1, self.ended),
            full_time_service=self.full_time_service & ~latest,
        )


def draw_terms(rng: Rng, world: World, people: People, abilities: Abilities, today: int) -> Terms:
    """Draw on what terms the block's people look for work."""
    rows = len(people)
    place_owner, place = _listed_places(rng, world, people)
    accepted, declined = _times(rng, rows)
    start = pick(rng, cumulative((0.55, 0.2, 0.25)), rows)
    return Terms(
        minutes=np.where(
            happens(rng, 0.08, rows),
            -1,
            pick_of(rng, (20, 30, 45, 60, 90, 120), (0.06, 0.22, 0.28, 0.27, 0.12, 0.05), rows),
        ),
        car=np.where(happens(rng, 0.1, rows), -1, abilities.car_licence & happens(rng, 0.78, rows)).astype(np.int64),
        place_owner=place_owner,
        place=place,
        ready_to_move=happens(rng, 0.06, rows),
        remote=pick_of(rng, (-1, 1, 0), (0.6, 0.25, 0.15), rows),
        accepted=accepted,
        declined=declined,
        available_now=start == 0,
        available_on=np.where(start == 1, today + rng.integers(1, 150, rows), -1),
    )


def _listed_places(rng: Rng, world: World, people: People) -> tuple[Ints, Ints]:
    """One person in eight names places: mostly home and what is near it."""
    nearest = world.places.nearest
    rows = len(people)
    lists = np.flatnonzero(happens(rng, 0.12, rows) & (people.home >= 0))
    count = pick_of(rng, (1, 2, 3, 4), (0.25, 0.35, 0.25, 0.15), lists.size)
    width = min(3, nearest.shape[1])
    options = np.concatenate((people.home[lists, None], nearest[people.home[lists], :width]), axis=1)
    listed = np.arange(options.shape[1]) < count[:, None]
    at, column = np.nonzero(listed)
    return lists[at], options[at, column]


def _times(rng: Rng, rows: int) -> tuple[Ints, Ints]:
    draw = rng.random((rows, len(TIMES)))
    accepts = draw < np.array(_ACCEPTED)
    declines = draw > 1 - np.array(_DECLINED)
    silent = happens(rng, 0.12, rows)
    bits = 1 << np.arange(len(TIMES))
    return np.where(silent, 0, accepts @ bits), np.where(silent, 0, declines @ bits)


def draw_spells(rng: Rng, people: People, today: int) -> Spells:
    """Draw spells backwards from today: the latest, then earlier ones, some following directly, some after a break."""
    rows = len(people)
    open_now = happens(rng, SEARCHING, rows)
    count = np.where(people.age < 20, 1, pick_of(rng, (1, 2, 3, 4), (0.46, 0.27, 0.17, 0.1), rows))
    shape = (rows, _MOST_SPELLS)
    lengths = lasting(rng, 150, 1.15, shape, 3_200)
    breaks = np.where(rng.random(shape) < 0.35, 0, lasting(rng, 260, 1.1, shape, 3_000))
    breaks[:, 0] = np.where(open_now, 0, lasting(rng, 100, 1.0, rows, 700))
    ended = today - np.cumsum(breaks, axis=1) - np.cumsum(lengths, axis=1) + lengths
    started = ended - lengths
    adult = started >= people.birth_day[:, None] + 17 * 36525 // 100
    exists = (np.arange(_MOST_SPELLS) < count[:, None]) & adult
    exists[:, 0] = True
    status = pick(rng, cumulative(_STATUS_SHARES), rows * _MOST_SPELLS).reshape(shape)
    employed = STATUSES.index(SpellStatus.EMPLOYED)
    # Who works is registered as employed while still searching, and nobody else is.
    status[:, 0] = np.where(people.working & open_now, employed, np.where(status[:, 0] == employed, 0, status[:, 0]))
    in_service = STATUSES.index(SpellStatus.IN_SERVICE)
    full_time = (status == in_service) & (rng.random(shape) < 0.5)
    owner, column = np.nonzero(exists)
    last = column == 0
    return Spells(
        owner=owner,
        status=status[owner, column],
        started=started[owner, column],
        ended=np.where(last & open_now[owner], -1, ended[owner, column]),
        full_time_service=full_time[owner, column],
    )
