"""Made-up labour markets of any size, for benchmarks and larger tests of the engine: seeded, skewed like real ones.

Skills follow occupations, a few skills and places take most of the mass (zipf), municipalities cluster round centres,
and the areas that people reach differ by powers of ten. Nothing here comes from real people.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, SkillBasis, VacancyColumns
from jobmatching.engine.rules import Rules, Weights
from jobmatching.engine.taxonomy import Taxonomy, compute_idf

SIZES: Final = {"S": (4_000, 1_000, 1), "M": (60_000, 6_000, 4), "L": (500_000, 60_000, 19)}
"""Seekers, vacancies and centres: one area, a region, Finland."""

TODAY: Final = 20_779
"""The as-of day of all markets (days since 1970-01-01)."""

_SKILLS, _GROUPS, _OCCUPATIONS = 13_939, 640, 3_039
_MUNICIPALITIES, _CENTRES = 309, 19
_RADII_KM, _RADII_SHARE = (20.0, 50.0, 80.0, 150.0, 9_999.0), (0.30, 0.40, 0.15, 0.10, 0.05)
_LANGUAGE_LEVELS, _LICENCES, _EDUCATION, _SHIFTS = 12, 14, 8, 6

_LEAN: Final = Weights(
    occupation=40, skills=45, experience=15, occupation_leaf=30, occupation_isco4=30, occupation_isco3=20,
    occupation_isco2=20, occupation_related=0, essential=100, optional=50, group_share=50,
    level_work_essential=0, level_work_optional=0, level_wish_essential=0, level_wish_optional=0,
)  # fmt: skip
"""Weights of the shape in which the kernel was first measured beside other engines."""


@dataclass(frozen=True)
class Market:
    """One made-up labour market."""

    rules: Rules
    seekers: SeekerColumns
    vacancies: VacancyColumns


def make_market(n_seekers: int, n_vacancies: int, centres: int, *, seed: int = 1, shipped: bool = False) -> Market:
    """Make a market round some of the 19 centres.

    The weights are lean (occupations imply no skills and relate to no others: about 36 features a seeker) or, with
    `shipped`, today's defaults together with a table of related occupations (about five times as many).
    """
    rng = np.random.default_rng(seed)
    taxonomy = _taxonomy(rng, related=20 if shipped else 0)
    weights = Weights() if shipped else _LEAN
    kilometres, attraction = _map(centres, rng)
    popularity = _zipf(_OCCUPATIONS, 0.8, rng)
    return Market(
        Rules("synthetic", taxonomy, weights),
        _seekers(n_seekers, taxonomy, kilometres, attraction, popularity, rng),
        _vacancies(n_vacancies, taxonomy, attraction, popularity, rng),
    )


def _zipf(n: int, power: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return n probabilities that fall by a power of the rank, in random order."""
    mass = 1 / np.arange(1, n + 1) ** power
    return rng.permutation(mass / mass.sum())


def _taxonomy(rng: np.random.Generator, related: int) -> Taxonomy:
    """Make 3,039 occupations in 43/130/436 ISCO groups, each with 25 skills of its ISCO3 pool and 15 common ones.

    Each has so many related occupations, most of them near it in the code.
    """
    isco2 = np.sort(rng.choice(np.arange(11, 97), 43, replace=False))
    isco3 = np.sort(rng.choice((isco2[:, None] * 10 + np.arange(10)).ravel(), 130, replace=False))
    isco4 = np.sort(rng.choice((isco3[:, None] * 10 + np.arange(10)).ravel(), 436, replace=False))
    of_occupation = np.sort(rng.choice(isco4, _OCCUPATIONS))
    pools = {code: rng.choice(_SKILLS, 220, replace=False) for code in isco3}
    common = _zipf(_SKILLS, 1.0, rng)
    skills = [
        np.unique(np.concatenate((rng.choice(pools[code // 10], 25, replace=False), rng.choice(_SKILLS, 15, p=common))))
        for code in of_occupation
    ]
    relation_skill = np.concatenate(skills)
    return Taxonomy(
        occupation_ids=np.arange(1, _OCCUPATIONS + 1),
        isco4=of_occupation,
        skill_ids=np.arange(1, _SKILLS + 1),
        skill_group=np.minimum(_GROUPS - 1, (rng.power(0.6, _SKILLS) * _GROUPS).astype(np.int64)),
        relation_ptr=np.concatenate(([0], np.cumsum([row.size for row in skills]))),
        relation_skill=relation_skill,
        relation_essential=rng.random(relation_skill.size) < 0.5,
        idf=compute_idf(_OCCUPATIONS, _SKILLS, relation_skill),
        related_ptr=np.arange(_OCCUPATIONS + 1) * related,
        related_occupation=np.clip(
            np.repeat(np.arange(_OCCUPATIONS), related) + rng.integers(-30, 31, _OCCUPATIONS * related),
            0,
            _OCCUPATIONS - 1,
        ),
        related_value=rng.integers(10, 90, _OCCUPATIONS * related),
    )


def _map(centres: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return kilometres between municipalities, and how many live in each (probabilities): most round the centres."""
    middle = rng.random((_CENTRES, 2)) * (500, 1000)
    of_centre = rng.integers(0, _CENTRES, _MUNICIPALITIES)
    where = middle[of_centre] + rng.normal(0, 18, (_MUNICIPALITIES, 2))
    attraction = _zipf(_MUNICIPALITIES, 1.0, rng) * (of_centre < centres)
    return np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1)), attraction / attraction.sum()


def _occupation_skills(
    occupations: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], taxonomy: Taxonomy, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Draw skills (CSR) for rows: three in four from the row's occupation, the others from anywhere."""
    ptr = np.concatenate(([0], np.cumsum(counts)))
    row = np.repeat(np.arange(counts.size), counts)
    own = occupations[row]
    size = np.diff(taxonomy.relation_ptr)
    drawn = taxonomy.relation_skill[taxonomy.relation_ptr[own] + (rng.random(row.size) * size[own]).astype(np.int64)]
    elsewhere = rng.random(row.size) < 0.25
    drawn[elsewhere] = taxonomy.relation_skill[rng.integers(0, taxonomy.relation_skill.size, int(elsewhere.sum()))]
    return ptr, drawn


def _bits(set_bits: npt.NDArray[np.bool_], words: int) -> npt.NDArray[np.uint64]:
    """Pack [n, bits] truth values into uint64 words, lowest bit first."""
    padded = np.zeros((set_bits.shape[0], 64 * words), np.bool_)
    padded[:, : set_bits.shape[1]] = set_bits
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _requirements(n: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return what seekers have: two languages of six levels, licences, a level of education, shifts."""
    levels = np.column_stack((rng.choice(7, n, p=(0.02, 0.02, 0.04, 0.07, 0.1, 0.1, 0.65)), rng.integers(0, 7, n)))
    languages = (levels[:, :, None] > np.arange(6)).reshape(n, _LANGUAGE_LEVELS)
    licences = rng.random((n, _LICENCES)) < np.linspace(0.7, 0.03, _LICENCES)
    education = rng.choice(9, n, p=(0.05, 0.1, 0.1, 0.35, 0.1, 0.1, 0.1, 0.08, 0.02))[:, None] > np.arange(_EDUCATION)
    shifts = rng.random((n, _SHIFTS)) < (0.95, 0.6, 0.5, 0.4, 0.6, 0.5)
    return np.hstack((languages, licences, education, shifts))


def _needs(n: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return what vacancies ask: one bit a language level, licence, education and shift."""
    asked = np.zeros((n, _LANGUAGE_LEVELS + _LICENCES + _EDUCATION + _SHIFTS), np.bool_)
    rows = np.arange(n)
    for first, count, share in (
        (0, 6, 0.6),
        (6, 6, 0.15),
        (12, _LICENCES, 0.35),
        (26, _EDUCATION, 0.4),
        (34, _SHIFTS, 0.6),
    ):
        some = rng.random(n) < share
        asked[rows[some], first + np.minimum(count - 1, rng.exponential(1.2, int(some.sum())).astype(np.int64))] = True
    return asked


def _seekers(
    n: int, taxonomy: Taxonomy, kilometres: npt.NDArray[np.float64], attraction: npt.NDArray[np.float64],
    popularity: npt.NDArray[np.float64], rng: np.random.Generator,
) -> SeekerColumns:  # fmt: skip
    """Make the seekers: 16 in 100 without a coded occupation, as in the registers."""
    main = rng.choice(_OCCUPATIONS, n, p=popularity)
    coded = rng.random(n) >= 0.16
    wishes = np.where(coded, rng.choice((1, 2, 3), n, p=(0.6, 0.25, 0.15)), 0)
    wish_ptr = np.concatenate(([0], np.cumsum(wishes)))
    wish = np.repeat(main, wishes)
    others = np.ones(wish.size, np.bool_)
    others[wish_ptr[:-1][wishes > 0]] = False
    wish[others] = np.clip(wish[others] + rng.integers(-60, 61, int(others.sum())), 0, _OCCUPATIONS - 1)
    works = np.where(coded, rng.choice((0, 1, 2, 3), n, p=(0.2, 0.4, 0.25, 0.15)), 0)
    work_ptr = np.concatenate(([0], np.cumsum(works)))
    n_works = int(work_ptr[-1])
    work = np.clip(np.repeat(main, works) + rng.choice((0, 0, 0, -25, 40), n_works), 0, _OCCUPATIONS - 1)
    ongoing = rng.random(n_works) < 0.15
    skill_counts = np.clip(rng.lognormal(2.5, 0.5, n), 5, 40).astype(np.int64) * (rng.random(n) >= 0.1)
    skill_ptr, skill = _occupation_skills(main, skill_counts, taxonomy, rng)
    has = _bits(_requirements(n, rng), 4)
    unknown = _bits(rng.random((n, _LANGUAGE_LEVELS + _LICENCES)) < 0.04, 4) & ~has
    home = rng.choice(_MUNICIPALITIES, n, p=attraction)
    radius = rng.choice(_RADII_KM, n, p=_RADII_SHARE)
    words = (_MUNICIPALITIES + 63) // 64
    return SeekerColumns(
        ids=rng.permutation(n) + 1, wish_ptr=wish_ptr, wish_occupation=wish, work_ptr=work_ptr, work_occupation=work,
        work_months=np.minimum(480, rng.lognormal(3.3, 1.0, n_works)),
        work_started=np.where(ongoing, TODAY - rng.integers(1, 4_000, n_works), ALWAYS),
        work_ended=np.where(ongoing, NEVER, TODAY - rng.integers(0, 5_000, n_works)),
        skill_ptr=skill_ptr, skill=skill,
        skill_basis=np.where(rng.random(skill.size) < 0.5, SkillBasis.CONFIRMED, SkillBasis.OWN_WORD),
        has=has, unknown=unknown,
        available_from=np.where(rng.random(n) < 0.7, ALWAYS, TODAY + rng.integers(0, 120, n)),
        available_unknown=rng.random(n) < 0.05,
        reach=np.vstack([_bits(part, words) for part in _within(kilometres, home, radius)]),
        reach_wide=np.vstack([_bits(part, words) for part in _within(kilometres, home, radius + 30)]),
        home=home,
    )  # fmt: skip


def _within(
    kilometres: npt.NDArray[np.float64], home: npt.NDArray[np.int64], radius: npt.NDArray[np.float64]
) -> list[npt.NDArray[np.bool_]]:
    """Return, in parts that fit the memory, which municipalities lie within the radius of home."""
    return [
        kilometres[home[part]] <= radius[part, None]
        for part in np.array_split(np.arange(home.size), home.size // 50_000 + 1)
    ]


def _vacancies(
    n: int, taxonomy: Taxonomy, attraction: npt.NDArray[np.float64], popularity: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> VacancyColumns:  # fmt: skip
    """Make the vacancies: one occupation each, 4-14 skills, every third asks for experience."""
    occupation = rng.choice(_OCCUPATIONS, n, p=popularity)
    skill_ptr, skill = _occupation_skills(occupation, rng.integers(4, 15, n), taxonomy, rng)
    places = np.zeros((n, _MUNICIPALITIES), np.bool_)
    places[np.arange(n), rng.choice(_MUNICIPALITIES, n, p=attraction)] = True
    return VacancyColumns(
        ids=rng.permutation(n) + 1, occupation_ptr=np.arange(n + 1), occupation=occupation, skill_ptr=skill_ptr,
        skill=skill, skill_essential=rng.random(skill.size) < 0.5,
        experience_months=rng.choice((0, 12, 24, 36, 60), n, p=(0.65, 0.12, 0.1, 0.08, 0.05)),
        need=_bits(_needs(n, rng), 4),
        starts=np.where(rng.random(n) < 0.4, NEVER, TODAY + rng.integers(0, 90, n)),
        places=_bits(places, (_MUNICIPALITIES + 63) // 64), remote=rng.random(n) < 0.05,
    )  # fmt: skip
