"""Who the jobseekers are: age, sex, home, what they look for and what they have done.

Drawn block by block; row i of every array is the same person. Days count from 1970-01-01, occupations are positions in
`world.Occupations`, -1 = none (or work without a code).
"""

from dataclasses import dataclass

import numpy as np

from jobmatching.generator.draws import Bools, Ints, Rng, cumulative, happens, lasting, pick, pick_of
from jobmatching.generator.trades import TRADES
from jobmatching.generator.world import Occupations, World

WITHOUT_CODE = 0.16
"""Share of jobseekers without a coded occupation, as the region's statistics have it."""

_MOST_WISHES, _MOST_PERIODS = 3, 6
_AGE_STEPS = ((18, 24, 0.16), (25, 34, 0.23), (35, 44, 0.21), (45, 54, 0.19), (55, 64, 0.21))
"""First age, last age, share of jobseekers."""
_ALIKE_WISH = 0.6
"""Of further wishes, how many are for work of the same occupation group."""


@dataclass(frozen=True)
class People:
    """A block of n people."""

    female: Bools
    birth_day: Ints
    age: Ints
    home: Ints
    """Position of the municipality; -1 = not known."""
    coded: Bools
    """Has a coded occupation."""
    trade: Ints
    """Trade of the main occupation; of people without a coded one, of work they might do."""
    wishes: Ints
    """[n, 3] occupations wished, most wanted first."""
    periods: Ints
    """[n] how many periods of work."""
    work: Ints
    """[n, 6] occupations of work done, latest first; -1 = without a code or none at all (see `periods`)."""
    work_started: Ints
    work_ended: Ints
    """[n, 6] days; `work_ended` of ongoing work is the day of today."""
    working: Bools
    """The latest work still goes on."""

    def __len__(self) -> int:
        return self.female.size


def draw_people(rng: Rng, world: World, today: int, birth_day: Ints, female: Bools) -> People:
    """Draw the lives of people whose births are given (`draw_births`)."""
    rows = birth_day.size
    occupations = world.occupations
    main = _main_occupations(rng, occupations, female)
    coded = ~happens(rng, WITHOUT_CODE, rows)
    wishes = _wishes(rng, occupations, main)
    periods, work, started, ended, working = _work(rng, occupations, main, wishes, birth_day, today)
    wishes[~coded] = -1
    work[~coded] = -1
    return People(
        female=female,
        birth_day=birth_day,
        age=(today - birth_day) * 100 // 36525,
        home=np.where(happens(rng, 0.005, rows), -1, pick(rng, world.places.home, rows)),
        coded=coded,
        trade=occupations.trade[main],
        wishes=wishes,
        periods=periods,
        work=work,
        work_started=started,
        work_ended=ended,
        working=working,
    )


def draw_births(rng: Rng, today: int, rows: int) -> tuple[Ints, Bools]:
    """Birth days of people aged 18-64 on the day, and who are women."""
    first, last, share = (np.array(column) for column in zip(*_AGE_STEPS, strict=True))
    step = pick(rng, cumulative(share), rows)
    years = rng.integers(first[step], last[step] + 1)
    # A margin of a day on both sides keeps leap years from making anybody 17 or 65.
    return today - years * 36525 // 100 - rng.integers(2, 364, rows), happens(rng, 0.46, rows)


def _main_occupations(rng: Rng, occupations: Occupations, female: Bools) -> Ints:
    """One occupation each. A second draw is offered to those whose sex is rare in the first one."""
    women = np.array([trade.women for trade in TRADES])
    main = pick(rng, occupations.sought, female.size)
    for _ in range(2):
        usual = np.where(female, women[occupations.trade[main]], 1 - women[occupations.trade[main]])
        again = ~happens(rng, np.minimum(1, usual * 1.6), female.size)
        main[again] = pick(rng, occupations.sought, int(again.sum()))
    return main


def alike(rng: Rng, occupations: Occupations, of: Ints) -> Ints:
    """An occupation of the same three-digit group (it may be the same one)."""
    offset = (rng.random(of.shape) * occupations.group_size[of]).astype(np.int64)
    member: Ints = occupations.group_member[occupations.group_start[of] + offset]
    return member


def _wishes(rng: Rng, occupations: Occupations, main: Ints) -> Ints:
    rows = main.size
    count = pick_of(rng, (1, 2, 3), (0.4, 0.36, 0.24), rows)
    wishes = np.full((rows, _MOST_WISHES), -1, dtype=np.int64)
    wishes[:, 0] = main
    for place in range(1, _MOST_WISHES):
        other = np.where(
            happens(rng, _ALIKE_WISH, rows), alike(rng, occupations, main), pick(rng, occupations.sought, rows)
        )
        repeated = (wishes[:, :place] == other[:, None]).any(axis=1)
        wishes[:, place] = np.where((count > place) & ~repeated, other, -1)
    return wishes


def _work(
    rng: Rng, occupations: Occupations, main: Ints, wishes: Ints, birth_day: Ints, today: int
) -> tuple[Ints, Ints, Ints, Ints, Bools]:
    """Work history, latest first: mostly in the main occupation, in one like it, or in another that is wished."""
    rows = main.size
    years = (today - birth_day) / 365.25 - 18
    wanted = np.minimum(_MOST_PERIODS, rng.poisson(np.minimum(3.2, 0.35 + 0.16 * years)))
    lengths = lasting(rng, 420, 1.1, (rows, _MOST_PERIODS), 9_000)
    breaks = lasting(rng, 120, 1.2, (rows, _MOST_PERIODS), 2_500)
    working = happens(rng, 0.07, rows) & (wanted > 0)
    breaks[working, 0] = 0
    ended = today - np.cumsum(breaks, axis=1) - np.cumsum(lengths, axis=1) + lengths
    started = ended - lengths
    # Nobody worked before sixteen: the periods that would have begun then fall away.
    periods = np.minimum(wanted, (started >= birth_day[:, None] + 16 * 36525 // 100).sum(axis=1))
    kind = pick(rng, cumulative((0.56, 0.22, 0.12, 0.1)), rows * _MOST_PERIODS).reshape(rows, _MOST_PERIODS)
    mains = np.repeat(main[:, None], _MOST_PERIODS, axis=1)
    second = np.repeat(np.where(wishes[:, 1] >= 0, wishes[:, 1], main)[:, None], _MOST_PERIODS, axis=1)
    anything = pick(rng, occupations.sought, rows * _MOST_PERIODS).reshape(rows, _MOST_PERIODS)
    work = np.choose(kind, (mains, alike(rng, occupations, mains), second, anything))
    work[happens(rng, 0.05, rows * _MOST_PERIODS).reshape(rows, _MOST_PERIODS)] = -1
    work[np.arange(_MOST_PERIODS) >= periods[:, None]] = -1
    return periods, work, started, ended, working & (periods > 0)
