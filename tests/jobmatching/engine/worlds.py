"""Small made-up worlds for the property tests: everything small enough that ties, unknowns and edges are common."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.packing import pack_seekers, pack_vacancies
from jobmatching.engine.rules import Rules, Weights
from jobmatching.engine.taxonomy import Taxonomy, compute_idf, nothing_related

TODAY = 20_000

_NESTED: dict[str, Any] = {
    "occupation": 40, "skills": 45, "experience": 15, "occupation_leaf": 30, "occupation_isco4": 30,
    "occupation_isco3": 20, "occupation_isco2": 20, "occupation_related": 0, "optional": 50, "group_share": 50,
}  # fmt: skip

DIALS: dict[str, dict[str, Any]] = {
    "shipped": {},
    "plain": {**_NESTED},
    "short lists": {**_NESTED, "k_vacancy": 1, "k_seeker": 1, "near_miss_k": 1},
    "few": {**_NESTED, "k_vacancy": 3, "k_seeker": 2, "near_miss_k": 2},
    "low floor": {**_NESTED, "floor": 1},
    "high floor": {**_NESTED, "floor": 700_000},
    "related": {
        **_NESTED,
        "occupation_leaf": 10, "occupation_isco4": 20, "occupation_isco3": 20, "occupation_isco2": 10,
        "occupation_related": 40,
    },
    "no groups": {**_NESTED, "group_share": 0, "level_wish_essential": 0, "level_wish_optional": 0},
    "only groups": {**_NESTED, "group_share": 100},
    "unusual": {
        **_NESTED,
        "occupation": 7, "skills": 3, "experience": 1, "occupation_leaf": 100, "occupation_isco4": 0,
        "occupation_isco3": 0, "occupation_isco2": 0, "optional": 0, "experience_steps": (12,),
        "recency_days": (100,), "recency_percent": (100, 0), "unknown": 0,
    },
}  # fmt: skip
"""Weights, by a name that a failing test shows."""


@dataclass(frozen=True)
class World:
    """One world: what goes in, and the blocks that the engine makes of it."""

    rules: Rules
    seekers: SeekerColumns
    vacancies: VacancyColumns

    @property
    def seeker_block(self) -> SeekerBlock:
        packed = pack_seekers(self.seekers, self.rules, TODAY)
        return SeekerBlock.from_buffer(packed.buffer, packed.offsets)

    @property
    def vacancy_block(self) -> VacancyBlock:
        packed = pack_vacancies(self.vacancies, self.rules)
        return VacancyBlock.from_buffer(packed.buffer, packed.offsets)


def make_world(seed: int, n_seekers: int, n_vacancies: int, dial: str = "plain") -> World:
    """Make a world from a seed."""
    rng = np.random.default_rng(seed)
    rules = Rules("test", make_taxonomy(rng, related=dial in {"shipped", "related"}), Weights(**DIALS[dial]))
    return World(rules, make_seekers(rng, n_seekers, rules.taxonomy), make_vacancies(rng, n_vacancies, rules.taxonomy))


def make_taxonomy(rng: np.random.Generator, related: bool = False) -> Taxonomy:
    """Make 9 occupations (one without a code) and 14 skills in 4 groups."""
    n, skills = 9, 14
    counts = rng.integers(0, 5, n)
    relation = np.concatenate([rng.choice(skills, count, replace=False) for count in counts] + [np.empty(0, int)])
    others = rng.integers(0, 4, n) if related else np.zeros(n, int)
    rows = [rng.choice(n, count, replace=False) for count in others] + [np.empty(0, int)]
    near = {
        "related_ptr": np.concatenate(([0], np.cumsum(others))), "related_occupation": np.concatenate(rows),
        "related_value": rng.integers(1, 101, int(others.sum())),
    }  # fmt: skip
    return Taxonomy(
        occupation_ids=np.arange(n) + 100,
        isco4=np.array([1111, 1112, 1112, 1121, 1210, 1211, 2111, 110, -1]),
        skill_ids=np.arange(skills) + 500,
        skill_group=np.sort(rng.integers(0, 4, skills)),
        relation_ptr=np.concatenate(([0], np.cumsum(counts))),
        relation_skill=relation,
        relation_essential=rng.random(relation.size) < 0.5,
        idf=compute_idf(n, skills, relation.astype(np.int32)),
        **(near if related else nothing_related(n)),
    )


def _ragged(rng: np.random.Generator, n: int, most: int) -> np.ndarray:
    """Draw row lengths, with many empty rows, as pointers."""
    return np.concatenate(([0], np.cumsum(rng.integers(0, most + 1, n) * (rng.random(n) < 0.75))))


def _sparse_bits(rng: np.random.Generator, n: int, words: int, share: float, used: int) -> np.ndarray:
    """Draw bitsets in which only a few bits (spread over all words) are ever set."""
    chosen = np.linspace(0, 64 * words - 1, used).astype(int)
    rows = np.zeros((n, 64 * words), np.bool_)
    rows[:, chosen] = rng.random((n, used)) < share
    return np.packbits(rows, axis=1, bitorder="little").view(np.uint64).reshape(n, words)


def make_seekers(rng: np.random.Generator, n: int, taxonomy: Taxonomy) -> SeekerColumns:
    """Draw seekers."""
    wish_ptr, work_ptr, skill_ptr = _ragged(rng, n, 2), _ragged(rng, n, 3), _ragged(rng, n, 5)
    works = int(work_ptr[-1])
    ongoing = rng.random(works) < 0.3
    started = np.where(rng.random(works) < 0.2, ALWAYS, TODAY - rng.integers(-60, 4_000, works))
    has = _sparse_bits(rng, n, 4, 0.6, 6)
    reach = _sparse_bits(rng, n, 2, 0.35, 5)
    return SeekerColumns(
        ids=rng.permutation(n * 2)[:n] + 1,
        wish_ptr=wish_ptr,
        wish_occupation=rng.integers(-1, taxonomy.n_occupations, int(wish_ptr[-1])),
        work_ptr=work_ptr,
        work_occupation=rng.integers(-1, taxonomy.n_occupations, works),
        work_months=rng.integers(0, 150, works),
        work_started=np.where(ongoing, started, ALWAYS),
        work_ended=np.where(ongoing, NEVER, TODAY - rng.integers(-30, 5_000, works)),
        skill_ptr=skill_ptr,
        skill=rng.integers(0, taxonomy.n_skills, int(skill_ptr[-1])),
        skill_basis=rng.integers(0, 2, int(skill_ptr[-1])),
        has=has,
        unknown=_sparse_bits(rng, n, 4, 0.2, 6) & ~has,
        available_from=np.where(rng.random(n) < 0.5, ALWAYS, TODAY + rng.integers(-10, 60, n)),
        available_unknown=rng.random(n) < 0.15,
        reach=reach,
        reach_wide=reach | _sparse_bits(rng, n, 2, 0.2, 5),
        home=np.where(rng.random(n) < 0.2, -1, rng.integers(0, 128, n)),
    )


def make_vacancies(rng: np.random.Generator, n: int, taxonomy: Taxonomy) -> VacancyColumns:
    """Draw vacancies: some name no occupation, some several, some no skill, some no place."""
    occupation_ptr, skill_ptr = _ragged(rng, n, 3), _ragged(rng, n, 6)
    return VacancyColumns(
        ids=rng.permutation(n * 2)[:n] + 1,
        occupation_ptr=occupation_ptr,
        occupation=rng.integers(-1, taxonomy.n_occupations, int(occupation_ptr[-1])),
        skill_ptr=skill_ptr,
        skill=rng.integers(0, taxonomy.n_skills, int(skill_ptr[-1])),
        skill_essential=rng.random(int(skill_ptr[-1])) < 0.5,
        experience_months=rng.choice((0, 0, 3, 12, 30, 60, 200), n),
        need=_sparse_bits(rng, n, 4, 0.2, 6),
        starts=np.where(rng.random(n) < 0.5, NEVER, TODAY + rng.integers(0, 50, n)),
        places=_sparse_bits(rng, n, 2, 0.3, 5),
        remote=rng.random(n) < 0.15,
    )
