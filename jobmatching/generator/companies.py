"""Employers: each of one trade, in one municipality, some much larger than others."""

from dataclasses import dataclass

import numpy as np

from jobmatching.generator.draws import Floats, Ints, Rng, cumulative, pick
from jobmatching.generator.trades import TRADES
from jobmatching.generator.world import World


@dataclass(frozen=True)
class Companies:
    """n employers; row i of every array is the same one."""

    trade: Ints
    place: Ints
    """Position of the municipality."""
    names: list[str]
    by_trade: dict[int, Ints]
    """Trade -> its employers."""
    chances: dict[int, Floats]
    """Trade -> chances of each of its employers to be the one that seeks, cumulative."""

    def __len__(self) -> int:
        return self.trade.size


def draw_companies(rng: Rng, world: World, rows: int) -> Companies:
    """Draw employers. Each trade that vacancies can come from has at least one."""
    trades = np.unique(world.occupations.trade)
    trade = world.occupations.trade[pick(rng, world.occupations.offered, rows)]
    trade[: trades.size] = trades[:rows]
    by_trade = {int(t): np.flatnonzero(trade == t) for t in np.unique(trade)}
    return Companies(
        trade=trade,
        place=pick(rng, world.places.work, rows),
        names=_names(rng, world, trade),
        by_trade=by_trade,
        chances={t: cumulative(1 / (np.arange(members.size) + 3.0)) for t, members in by_trade.items()},
    )


def employer_of(rng: Rng, companies: Companies, trade: Ints) -> Ints:
    """An employer of the trade for each vacancy, the large ones more often."""
    employer = np.zeros(trade.size, dtype=np.int64)
    for t in np.unique(trade).tolist():
        rows = np.flatnonzero(trade == t)
        members = companies.by_trade.get(t, np.arange(len(companies)))
        chances = companies.chances.get(t, cumulative(np.ones(len(companies))))
        employer[rows] = members[pick(rng, chances, rows.size)]
    return employer


def _names(rng: Rng, world: World, trade: Ints) -> list[str]:
    """Invented names; one used before gets the name of a municipality, then a number."""
    names = world.texts.employers
    general = names[""]
    seen: set[str] = set()
    chosen: list[str] = []
    draws = rng.random(trade.size)
    towns = pick(rng, world.places.work, trade.size)
    for t, draw, town in zip(trade.tolist(), draws.tolist(), towns.tolist(), strict=True):
        options = names.get(TRADES[t].industry) or general
        name = base = options[int(draw * len(options))]
        if name in seen:
            name = base = f"{base} {world.places.names[town]}"
        number = 1
        while name in seen:
            number += 1
            name = f"{base} {number}"
        seen.add(name)
        chosen.append(name)
    return chosen
