"""The oracle: what the engine computes, written as the rules say it, in plain Python, slow and obvious.

It shares no code with the fast path but the rules and the columns: no feature numbers, no packing, no bit tricks.
Nodes of the classification are tuples such as ("isco3", 721). Tests demand equality to the last digit.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.criteria import AVAILABILITY_REQUIREMENT, MASK_BITS, TRAVEL_REQUIREMENT
from jobmatching.engine.rules import WEIGHT_SUM, Rules

Node = tuple[str, int]


@dataclass
class Seeker:
    """One seeker as the rules see them."""

    id: int
    occupations: set[int]
    levels: dict[int, int]
    months: dict[Node, int] = field(default_factory=dict)
    has_history: bool = False
    allowed: set[int] = field(default_factory=set)
    reach: set[int] | None = None
    reach_wide: set[int] | None = None
    available_from: int = ALWAYS


@dataclass
class Score:
    """Points had and possible by criterion (occupation, skills, experience) of the best reading."""

    had: tuple[int, int, int]
    possible: tuple[int, int, int]
    essential: frozenset[int]
    """Essential skills of the reading."""
    skill_weights: dict[int, int]
    """Skills of the reading and what each weighs."""

    @property
    def total(self) -> int:
        """The score."""
        return sum(self.had)


@dataclass
class Outcome:
    """Everything that a run finds, by ids."""

    pairs: set[tuple[int, int, int, bool, bool]]
    """(vacancy, seeker, score, by vacancy, by seeker)"""
    near_misses: set[tuple[int, int, int, int]]
    """(vacancy, seeker, score, requirement)"""
    unlocks: dict[int, tuple[int, int, int]]
    """requirement -> pairs, seekers, vacancies"""
    feasible: int
    reachable: int
    above_floor: int


def apportion(total: int, raw: list[int]) -> list[int]:
    """Share the total out in proportion, rounded down; the rest goes to the largest, the first of equals."""
    if not sum(raw):
        return [0] * len(raw)
    shares = [total * part // sum(raw) for part in raw]
    shares[raw.index(max(raw))] += total - sum(shares)
    return shares


def bits(words: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> set[int]:
    """Return the numbers of the bits that are set."""
    return {64 * w + b for w, word in enumerate(words) for b in range(64) if int(word) >> b & 1}


def nodes_of(rules: Rules, occupation: int) -> dict[str, int]:
    """Return the occupation's node at every level that it has."""
    code = int(rules.taxonomy.isco4[occupation])
    nodes = {"leaf": occupation}
    if code >= 0:
        nodes |= {"isco4": code, "isco3": code // 10, "isco2": code // 100}
    return nodes


def relations(rules: Rules, occupation: int) -> list[tuple[int, bool]]:
    """Return the (skill, essential) that an occupation needs."""
    taxonomy = rules.taxonomy
    span = range(int(taxonomy.relation_ptr[occupation]), int(taxonomy.relation_ptr[occupation + 1]))
    return [(int(taxonomy.relation_skill[k]), bool(taxonomy.relation_essential[k])) for k in span]


def months_on(rules: Rules, columns: SeekerColumns, k: int, day: int) -> int:
    """Return the months of work k as they count on the day, times 100."""
    weights = rules.weights
    months, started, ended = int(columns.work_months[k]), int(columns.work_started[k]), int(columns.work_ended[k])
    if ended == NEVER:
        if started != ALWAYS:
            months = max(0, day - started) * 100 // 3044
        return months * weights.recency_percent[0]
    for limit, percent in zip(weights.recency_days, weights.recency_percent[:-1], strict=True):
        if day - ended <= limit:
            return months * percent
    return months * weights.recency_percent[-1]


def read_seeker(columns: SeekerColumns, i: int, rules: Rules, day: int) -> Seeker:
    """Read one seeker as they stand on the day."""
    weights = rules.weights
    wishes = [int(o) for o in columns.wish_occupation[columns.wish_ptr[i] : columns.wish_ptr[i + 1]] if o >= 0]
    works = [k for k in range(columns.work_ptr[i], columns.work_ptr[i + 1]) if columns.work_occupation[k] >= 0]
    worked = [int(columns.work_occupation[k]) for k in works]
    levels: dict[int, int] = defaultdict(int)
    for occupations, essential, optional in (
        (wishes, weights.level_wish_essential, weights.level_wish_optional),
        (worked, weights.level_work_essential, weights.level_work_optional),
    ):
        for occupation in occupations:
            for skill, needed in relations(rules, occupation):
                levels[skill] = max(levels[skill], essential if needed else optional)
    for k in range(columns.skill_ptr[i], columns.skill_ptr[i + 1]):
        level = weights.level_own_word if columns.skill_basis[k] else weights.level_confirmed
        levels[int(columns.skill[k])] = max(levels[int(columns.skill[k])], level)
    months: dict[Node, int] = defaultdict(int)
    for k in works:
        for node in nodes_of(rules, int(columns.work_occupation[k])).items():
            months[node] += months_on(rules, columns, k, day)
    reach = bits(columns.reach[i])
    return Seeker(
        id=int(columns.ids[i]),
        occupations={*wishes, *worked},
        levels={skill: level for skill, level in levels.items() if level},
        months=months,
        has_history=bool(works),
        allowed=bits(columns.has[i]) | bits(columns.unknown[i]),
        reach=reach or None,
        reach_wide=bits(columns.reach_wide[i]) | reach if reach else None,
        available_from=ALWAYS if columns.available_unknown[i] else int(columns.available_from[i]),
    )


def related_value(rules: Rules, asked: int, occupation: int) -> int:
    """Return how far people of an occupation can do the asked one, 0..100."""
    taxonomy = rules.taxonomy
    span = range(int(taxonomy.related_ptr[asked]), int(taxonomy.related_ptr[asked + 1]))
    listed = [int(taxonomy.related_value[k]) for k in span if taxonomy.related_occupation[k] == occupation]
    return max([*listed, 100 if asked == occupation else 0])


def readings(columns: VacancyColumns, j: int) -> list[int]:
    """Return the occupations as which a vacancy can be read; -1 where it names none."""
    named = columns.occupation[columns.occupation_ptr[j] : columns.occupation_ptr[j + 1]]
    return [int(o) for o in named if o >= 0] or [-1]


def score_reading(seeker: Seeker, columns: VacancyColumns, j: int, occupation: int, rules: Rules) -> Score:
    """Score one seeker against one reading of a vacancy."""
    taxonomy, weights = rules.taxonomy, rules.weights
    nodes = nodes_of(rules, occupation) if occupation >= 0 else {}

    levels = ("isco2", "isco3", "isco4", "leaf", "related")
    own = {**nodes, "related": occupation} if nodes else {}
    occupation_raw = [
        part if level in own else 0 for level, part in zip(levels, weights.occupation_increments, strict=True)
    ]
    listed = [
        (int(columns.skill[k]), bool(columns.skill_essential[k]))
        for k in range(columns.skill_ptr[j], columns.skill_ptr[j + 1])
    ]
    if not listed and occupation >= 0:
        listed = relations(rules, occupation)
    counts: dict[int, int] = defaultdict(int)
    for skill, needed in listed:
        share = weights.essential if needed else weights.optional
        counts[skill] = max(counts[skill], int(taxonomy.idf[skill]) * share)
    skills = sorted(counts)
    skill_raw = [counts[skill] for skill in skills]

    asked_months = int(columns.experience_months[j])
    steps = [step for step in weights.experience_steps if step <= asked_months] or [weights.experience_steps[0]]
    widths = [step - previous for previous, step in pairwise([0, *steps])]
    places = [
        (level, step)
        for level in ("isco3", "isco4", "leaf")
        for step in range(len(steps))
        if asked_months and level in own
    ]
    increment = dict(zip(("isco3", "isco4", "leaf"), weights.experience_increments, strict=True))
    experience_raw = [increment[level] * widths[step] for level, step in places]

    shares = (weights.occupation, weights.skills, weights.experience)
    raws = (occupation_raw, skill_raw, experience_raw)
    budget = apportion(WEIGHT_SUM, [share if sum(raw) else 0 for share, raw in zip(shares, raws, strict=True)])
    own_weights = [apportion(part, raw) for part, raw in zip(budget, raws, strict=True)]
    assert sum(map(sum, own_weights)) in (0, WEIGHT_SUM)

    had = [0, 0, 0]
    known = {node for o in seeker.occupations for node in nodes_of(rules, o).items()}
    for level, weight in zip(levels, own_weights[0], strict=True):
        if level == "related":
            extent = max((related_value(rules, occupation, o) for o in seeker.occupations), default=0) if weight else 0
            had[0] += weight * extent
        elif level in own and (level, own[level]) in known:
            had[0] += weight * 100
    for skill, weight in zip(skills, own_weights[1], strict=True):
        group = taxonomy.skill_group[skill]
        others = [level for other, level in seeker.levels.items() if taxonomy.skill_group[other] == group]
        shared = min(max(others, default=0), weights.group_share)
        had[1] += weight * max(seeker.levels.get(skill, 0), shared)
    for (level, step), weight in zip(places, own_weights[2], strict=True):
        if seeker.months.get((level, own[level]), 0) >= steps[step] * 100:
            had[2] += weight * 100
    # Of what nothing is known a neutral share is earned instead.
    nothing_known = (not seeker.occupations, not seeker.levels, not seeker.has_history)
    for criterion in range(3):
        if nothing_known[criterion]:
            had[criterion] = 100 * (budget[criterion] * weights.unknown // 100)
    return Score(
        (had[0], had[1], had[2]),
        (100 * budget[0], 100 * budget[1], 100 * budget[2]),
        frozenset(skill for skill, needed in listed if needed),
        dict(zip(skills, own_weights[1], strict=True)),
    )


def score_pair(seeker: Seeker, columns: VacancyColumns, j: int, rules: Rules) -> Score:
    """Score one seeker against one vacancy: its best reading, the first of equals."""
    return max((score_reading(seeker, columns, j, o, rules) for o in readings(columns, j)), key=lambda s: s.total)


def known_misses(seeker: Seeker, columns: VacancyColumns, j: int) -> tuple[set[int], bool]:
    """Return the requirements known to be missing, and whether the place is out of even the wider reach."""
    missing = {bit for bit in bits(columns.need[j]) if bit not in seeker.allowed}
    if seeker.available_from > columns.starts[j]:
        missing.add(AVAILABILITY_REQUIREMENT)
    places = bits(columns.places[j])
    too_far = False
    if places and not columns.remote[j] and seeker.reach is not None and seeker.reach_wide is not None:
        if not places & seeker.reach:
            missing.add(TRAVEL_REQUIREMENT)
        too_far = not places & seeker.reach_wide
    return missing, too_far


def run(seekers: SeekerColumns, vacancies: VacancyColumns, rules: Rules, as_of_day: int) -> Outcome:
    """Match everybody with everything."""
    weights = rules.weights
    people = [read_seeker(seekers, i, rules, as_of_day) for i in range(len(seekers))]
    of_vacancy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    of_seeker: dict[int, list[tuple[int, int]]] = defaultdict(list)
    near: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    unlocked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    feasible = reachable = above_floor = 0
    for j in range(len(vacancies)):
        vacancy = int(vacancies.ids[j])
        for person in people:
            score = score_pair(person, vacancies, j, rules).total
            missing, too_far = known_misses(person, vacancies, j)
            reachable += TRAVEL_REQUIREMENT not in missing
            above_floor += TRAVEL_REQUIREMENT not in missing and score >= weights.floor
            if score < weights.floor or too_far:
                continue
            if not missing:
                feasible += 1
                of_vacancy[vacancy].append((-score, person.id))
                of_seeker[person.id].append((-score, vacancy))
            elif len(missing) == 1:
                (requirement,) = missing
                near[vacancy].append((-score, person.id, requirement))
                unlocked[requirement].append((vacancy, person.id))
    by_vacancy = {(v, s): -n for v, found in of_vacancy.items() for n, s in sorted(found)[: weights.k_vacancy]}
    by_seeker = {(v, s): -n for s, found in of_seeker.items() for n, v in sorted(found)[: weights.k_seeker]}
    return Outcome(
        {
            (v, s, score, (v, s) in by_vacancy, (v, s) in by_seeker)
            for (v, s), score in (by_vacancy | by_seeker).items()
        },
        {(v, s, -n, r) for v, found in near.items() for n, s, r in sorted(found)[: weights.near_miss_k]},
        {r: (len(pairs), len({s for _, s in pairs}), len({v for v, _ in pairs})) for r, pairs in unlocked.items()},
        feasible,
        reachable,
        above_floor,
    )


assert MASK_BITS == TRAVEL_REQUIREMENT
