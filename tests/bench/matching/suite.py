"""The whole benchmark of one size, from the database to the findings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from employers.models import Vacancy
from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import find_near_misses
from jobmatching.engine.warm import warm_up
from jobmatching.generator.day import change_a_day
from jobmatching.models import JobSeeker
from jobmatching.nightly.freezing import bring_vectors_up_to_date
from jobmatching.nightly.rules_versions import in_force
from portal.privacy.history import without_history
from portal.runs.models import JobRun
from tests.bench.matching import loading, oracle
from tests.bench.matching.clock import Took, in_turns
from tests.bench.matching.database import AS_OF, SEED, Wishes, prepare, working_copy
from tests.bench.matching.dot_topn_peer import best_without_filters
from tests.bench.matching.market import Best, Market, best_of
from tests.bench.matching.nights import THREADS, run_night, time_parts
from tests.bench.matching.orm_peer import OrmPeer
from tests.bench.matching.report import Findings
from tests.bench.matching.say import say, step
from tests.bench.matching.scipy_peer import ScipyPeer
from tests.bench.matching.sql_peer import SqlPeer
from tests.databases import using_database


class PeerDiffers(Exception):
    """A peer that should answer the same question found other pairs."""


@dataclass(frozen=True)
class Plan:
    """How often things are measured at a size, and on how large samples (None: the peer is left out)."""

    repetitions: int
    nights: int
    scipy: int | None
    dot_topn: int | None
    sql: int | None
    orm: tuple[int, int] | None
    """Vacancies and jobseekers of the double loop."""
    objects: int
    """Jobseekers loaded as objects."""
    oracle: oracle.Samples
    days_pass: bool
    """Whether a day's changes come before each night."""
    checked_by_scipy: int = 0
    """Vacancies compared with scipy where it is not timed."""


PLANS: Final = {
    "S": Plan(20, 5, 1_000, 1_000, 200, (10, 300), 4_000, oracle.Samples(2, 10, (200, 40)), True),
    "M": Plan(5, 3, 400, 600, 60, None, 4_000, oracle.Samples(1, 6, (1_500, 40)), True),
    "L": Plan(3, 2, None, 300, None, None, 4_000, oracle.Samples(0, 1, (3_000, 30)), False, checked_by_scipy=40),
}


def run(wishes: Wishes) -> Findings:
    """Measure everything; raises PeerDiffers where an exact peer found other pairs than the engine."""
    plan = PLANS[wishes.size]
    if wishes.people is not None:
        plan = replace(plan, repetitions=3, nights=1)
    prepare(wishes)
    warm_up()
    with working_copy(wishes.database) as database, using_database(database):
        with step("A first night, not counted"):
            first = run_night(database, AS_OF)
        market = Market.of_run(JobRun.objects.get(pk=first.run))
        found = Findings(wishes.size, JobSeeker.objects.count(), Vacancy.objects.count())
        found.sampled.append(
            f"in matching on the day: {len(market.seekers):,} of {found.seekers:,} jobseekers (search open, not paused,"
            f" no full-time service), {len(market.vacancies):,} of {found.vacancies:,} vacancies (open)"
        )
        _engine_and_peers(market, plan, found)
        _loading(market, plan, found)
        del market
        _nights(database, plan, found)
    return found


def _engine_and_peers(market: Market, plan: Plan, found: Findings) -> None:
    def kernel() -> Any:
        return match(market.seekers, market.vacancies, market.rules, threads=THREADS)

    def near_misses() -> Any:
        return find_near_misses(market.seekers, market.vacancies, market.rules, threads=THREADS)

    with step("Kernel and near misses"):
        top, near = kernel(), near_misses()
        times = in_turns([kernel, near_misses], plan.repetitions)
    found.kernel, found.near_miss = (Took.median_of(taken) for taken in times)
    share = top.counts.reachable / max(1, top.counts.pairs)
    found.add("kernel, both sides, all filters, 2 threads", found.kernel, f"{share:.0%} of pairs in reach")
    found.add("near-miss pass, 2 threads", found.near_miss)
    with step("Oracle"):
        found.exact = oracle.is_exact(market, top, near, plan.oracle)

    scipy = ScipyPeer(market)

    def beside(
        name: str, told: str, size: int, ask: Callable[[npt.NDArray[np.int64]], Best | int], repetitions: int, seed: int
    ) -> None:
        """Ask a peer about some vacancies, in turns with the kernel; scale, compare, report."""
        rows = market.sample_vacancies(size, seed)
        answer = ask(rows)
        if isinstance(answer, dict):
            _same(told, best_of(top.by_vacancy, market.vacancies.ids[rows]), answer)
        ours, theirs = in_turns([kernel, lambda: ask(rows)], repetitions)
        factor = len(market.vacancies) / rows.size
        took = Took.median_of(theirs).scaled(factor)
        found.ratios[name] = took.wall / Took.median_of(ours).wall
        found.add(told, took, f"x {found.ratios[name]:,.1f}")
        if factor > 1:
            found.sampled.append(f"{told}: {rows.size:,} of {len(market.vacancies):,} vacancies, scaled")

    few = max(3, plan.repetitions // 4)
    if plan.scipy:
        with step("scipy"):
            beside("scipy", "scipy, exact, one side", plan.scipy, scipy.best_seekers, few, 1)
    if plan.checked_by_scipy:
        with step("scipy, for equality"):
            rows, people = market.sample_vacancies(plan.checked_by_scipy, 1), market.sample_seekers(40, 1)
            if scipy.best_seekers(rows) != best_of(top.by_vacancy, market.vacancies.ids[rows]) or (
                scipy.best_vacancies(people) != best_of(top.by_seeker, market.seekers.ids[people])
            ):
                found.exact = False
            found.sampled.append(f"equality with scipy: {rows.size} vacancies and {people.size} jobseekers")
    if plan.dot_topn:
        with step("sparse_dot_topn"):
            beside(
                "sparse_dot_topn", "sparse_dot_topn, no filters, one side, 2 threads", plan.dot_topn,
                lambda rows: best_without_filters(scipy, rows, THREADS), few, 2,
            )  # fmt: skip
    if plan.sql:
        with step("PostgreSQL"):
            sql = SqlPeer(market)
            beside("postgres_lateral", "PostgreSQL LATERAL, exact, one side", plan.sql, sql.best_seekers, 3, 3)
            sql.remove()
    if plan.orm:
        with step("Django objects"):
            _orm_loop(market, kernel, scipy, plan.orm, found)
    found.sampled.append(
        f"oracle: {plan.oracle.vacancies} vacancies with everybody, {plan.oracle.seekers} jobseekers with every "
        "vacancy, {} jobseekers x {} vacancies on both sides".format(*plan.oracle.market)
    )


def _same(told: str, ours: Best, theirs: Best) -> None:
    """Raise PeerDiffers unless the lists are equal."""
    other = [owner for owner, pairs in ours.items() if pairs != theirs.get(owner)]
    if other:
        raise PeerDiffers(f"{told} found other pairs than the engine, for {len(other)} of {len(ours)}: {other[:3]}")


def _orm_loop(
    market: Market, kernel: Callable[[], object], scipy: ScipyPeer, sample: tuple[int, int], found: Findings
) -> None:
    posts, people = market.sample_vacancies(sample[0], 4), market.sample_seekers(sample[1], 4)
    posts = posts[np.argsort(market.vacancies.ids[posts])]
    people = people[np.argsort(market.seekers.ids[people])]
    vacancies = loading.vacancies_with_requirements(
        market.vacancies.ids[posts].tolist(), "occupations__skill_relations"
    )
    seekers = loading.seekers_with_profile(
        market.seekers.ids[people].tolist(),
        "wishes__occupation__skill_relations",
        "work_history__occupation__skill_relations",
    )
    loop = OrmPeer(market.rules, market.as_of)
    scores = loop.match(vacancies, seekers)
    if not np.array_equal(scores, scipy.scores(posts, scipy.everybody[:, people])):
        raise PeerDiffers("The loop over Django objects found other scores than the engine.")
    ours, theirs = in_turns([kernel, lambda: loop.match(vacancies, seekers)], 3)
    took = Took.median_of(theirs).scaled(len(market.seekers) * len(market.vacancies) / scores.size)
    found.ratios["orm"] = took.wall / Took.median_of(ours).wall
    found.add("double loop over Django objects", took, f"x {found.ratios['orm']:,.0f}")
    found.sampled.append(
        f"double loop: {scores.size:,} of {market.seekers.ids.size * len(market.vacancies):,} pairs, scaled"
    )


def _loading(market: Market, plan: Plan, found: Findings) -> None:
    """Both kinds of loading, of the same share of people and vacancies, scaled to all."""
    people = market.sample_seekers(plan.objects, 5)
    factor = len(market.seekers) / people.size
    posts = market.sample_vacancies(round(len(market.vacancies) / factor), 5)
    seeker_ids, vacancy_ids = market.seekers.ids[people].tolist(), market.vacancies.ids[posts].tolist()
    with step("Loading"):
        packed, objects = in_turns(
            [lambda: loading.load_packed(market.run_id), lambda: loading.load_objects(seeker_ids, vacancy_ids)], 3
        )
    ours, theirs = Took.median_of(packed), Took.median_of(objects).scaled(factor)
    found.ratios["load_vs_orm"] = theirs.wall / ours.wall
    found.add("load, packed rows", ours)
    found.add("load, Django objects prefetched", theirs, f"x {found.ratios['load_vs_orm']:,.0f}")
    if factor > 1:
        found.sampled.append(f"loading objects: {people.size:,} jobseekers and {posts.size:,} vacancies, scaled")


def _nights(database: str, plan: Plan, found: Findings) -> None:
    """Nights, and after each its parts alone: a busy hour slows both."""
    nights, parts = [], []
    for number in range(1, plan.nights + 1):
        day = AS_OF + timedelta(days=number if plan.days_pass else 0)
        if plan.days_pass:
            with step(f"A day passes, to {day}"), without_history("employers", "jobmatching"):
                change_a_day(day, SEED)
            with step("Its edits reach the vectors, as every five minutes by day"):
                bring_vectors_up_to_date(in_force(), day - timedelta(days=1))
        with step("A night"):
            nights.append(run_night(database, day))
        with step("Its parts alone"):
            parts.append(time_parts(Market.of_run(JobRun.objects.get(pk=nights[-1].run))))
    found.end_to_end_s = median(night.wall_s for night in nights)
    found.peak_rss_mb = max(night.peak_rss_mb for night in nights)
    together = [Took(sum(part.wall for part in one.values()), sum(part.cpu for part in one.values())) for one in parts]
    ratio = median(night.wall_s / alone.wall for night, alone in zip(nights, together, strict=True))
    found.ratios["end_to_end_over_parts"] = ratio
    for name in parts[0]:
        found.add(f"part alone: {name}", Took.median_of([one[name] for one in parts]))
    found.add("parts together", Took.median_of(together))
    whole = Took.median_of([Took(night.wall_s, night.cpu_s) for night in nights])
    found.add("end to end", whole, f"x {ratio:.2f} of the parts")
    for name in nights[-1].seconds:
        found.add(f"   step: {name}", Took(median(night.seconds.get(name, 0.0) for night in nights), 0.0))
    say(f"   Counts of the last night: {nights[-1].counts}")
