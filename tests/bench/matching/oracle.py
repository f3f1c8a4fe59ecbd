"""Is the engine exact on this market? The oracle in plain Python says it for samples, scipy for larger ones.

Three samples go to the oracle (`engine.reference`), which reads the profiles from the tables and shares no code with
the fast path: some vacancies with everybody (their whole lists and near misses), some jobseekers with every vacancy
(their whole lists), and a small market of its own with both sides, near misses and all counts.
"""

from dataclasses import dataclass

import numpy as np

from jobmatching.engine import reference
from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import NearMisses, find_near_misses
from jobmatching.engine.top import Top, merge
from jobmatching.nightly.seeker_columns import EPOCH
from tests.bench.matching.market import Market, best_of
from tests.bench.matching.say import say

_SEED = 7


@dataclass(frozen=True)
class Samples:
    """How many rows each sample has."""

    vacancies: int
    """With everybody."""
    seekers: int
    """With every vacancy."""
    market: tuple[int, int]
    """Jobseekers and vacancies of the small market."""


def is_exact(market: Market, top: Top, near: NearMisses, samples: Samples) -> bool:
    """Whether lists, near misses and counts of the whole run equal the oracle's on all samples; says what differs."""
    checks = {
        f"{samples.vacancies} vacancies with everybody": _vacancies_with_everybody(
            market, top, near, samples.vacancies
        ),
        f"{samples.seekers} jobseekers with every vacancy": _seekers_with_everything(market, top, samples.seekers),
        "{} jobseekers x {} vacancies, both sides".format(*samples.market): _small_market(market, *samples.market),
    }
    for name, same in checks.items():
        say(f"   Oracle, {name}: {'equal' if same else 'DIFFERENT'}")
    return all(checks.values())


def _day(market: Market) -> int:
    return (market.as_of - EPOCH).days


def _vacancies_with_everybody(market: Market, top: Top, near: NearMisses, count: int) -> bool:
    rows = market.sample_vacancies(count, _SEED)
    if not rows.size:
        return True
    everybody = np.arange(len(market.seekers))
    expected = reference.run(market.seeker_columns(everybody), market.vacancy_columns(rows), market.rules, _day(market))
    ids = market.vacancies.ids[rows]
    listed = {
        (vacancy, seeker, score) for vacancy, pairs in best_of(top.by_vacancy, ids).items() for seeker, score in pairs
    }
    missed = {tuple(pair) for pair in near.pairs[np.isin(near.pairs["vacancy_id"], ids)].tolist()}
    return listed == {(v, s, score) for v, s, score, by_vacancy, _by_seeker in expected.pairs if by_vacancy} and (
        missed == expected.near_misses
    )


def _seekers_with_everything(market: Market, top: Top, count: int) -> bool:
    rows = market.sample_seekers(count, _SEED)
    everything = np.arange(len(market.vacancies))
    expected = reference.run(
        market.seeker_columns(rows), market.vacancy_columns(everything), market.rules, _day(market)
    )
    listed = {
        (vacancy, seeker, score)
        for seeker, pairs in best_of(top.by_seeker, market.seekers.ids[rows]).items()
        for vacancy, score in pairs
    }
    return listed == {(v, s, score) for v, s, score, _by_vacancy, by_seeker in expected.pairs if by_seeker}


def _small_market(market: Market, n_seekers: int, n_vacancies: int) -> bool:
    some, posts = market.sample_seekers(n_seekers, _SEED + 1), market.sample_vacancies(n_vacancies, _SEED + 1)
    expected = reference.run(market.seeker_columns(some), market.vacancy_columns(posts), market.rules, _day(market))
    seekers, vacancies = market.seekers.take(some), market.vacancies.take(posts)
    matches = merge(
        [match(seekers, vacancies, market.rules, threads=2, shard_rows=max(1, some.size // 5))], market.rules
    )
    near = find_near_misses(seekers, vacancies, market.rules, threads=2)
    return (
        {tuple(pair) for pair in matches.pairs.tolist()} == expected.pairs
        and matches.counts[1:] == (expected.reachable, expected.above_floor)
        and {tuple(pair) for pair in near.pairs.tolist()} == expected.near_misses
        and {row[0]: tuple(row[1:]) for row in near.unlocks.tolist()} == expected.unlocks
        and near.feasible == expected.feasible
    )
