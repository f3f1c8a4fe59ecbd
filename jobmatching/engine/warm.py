"""Compile everything once, when a worker starts, so that the night's first task does not pay for it."""

import numpy as np

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.criteria import MASK_BITS, Criterion
from jobmatching.engine.explain import explain_pairs
from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import find_near_misses
from jobmatching.engine.packing import pack_seekers, pack_vacancies
from jobmatching.engine.rules import Rules
from jobmatching.engine.suitable import count_suitable
from jobmatching.engine.taxonomy import Taxonomy, nothing_related
from jobmatching.engine.top import merge


def warm_up() -> None:
    """Run every compiled function on a market of one seeker and one vacancy.

    The compiled code is kept in NUMBA_CACHE_DIR (or beside the source) for the next start on the same kind of
    processor.
    """
    rules = Rules(
        "warm-up",
        Taxonomy(
            occupation_ids=np.array([1]), isco4=np.array([1111]), skill_ids=np.array([1]), skill_group=np.array([0]),
            relation_ptr=np.array([0, 1]), relation_skill=np.array([0]), relation_essential=np.array([True]),
            idf=np.array([1000]), **nothing_related(1),
        ),
    )  # fmt: skip
    one, bits = np.array([0, 1]), np.zeros((1, MASK_BITS // 64), np.uint64)
    place = np.ones((1, 1), np.uint64)
    packed = pack_seekers(
        SeekerColumns(
            ids=np.array([1]), wish_ptr=one, wish_occupation=np.array([0]), work_ptr=one, work_occupation=np.array([0]),
            work_months=np.array([12]), work_started=np.array([ALWAYS]), work_ended=np.array([0]), skill_ptr=one,
            skill=np.array([0]), skill_basis=np.array([0]), has=bits, unknown=bits, available_from=np.array([ALWAYS]),
            available_unknown=np.array([False]), reach=place, reach_wide=place, home=np.array([0]),
        ),
        rules,
        as_of_day=1,
    )  # fmt: skip
    seekers = SeekerBlock.from_buffer(packed.buffer, packed.offsets)
    packed = pack_vacancies(
        VacancyColumns(
            ids=np.array([1]), occupation_ptr=one, occupation=np.array([0]), skill_ptr=one, skill=np.array([0]),
            skill_essential=np.array([True]), experience_months=np.array([12]), need=bits, starts=np.array([NEVER]),
            places=place, remote=np.array([False]),
        ),
        rules,
    )  # fmt: skip
    vacancies = VacancyBlock.from_buffer(packed.buffer, packed.offsets)
    top = match(seekers, vacancies, rules)
    matches = merge([top, top], rules)
    find_near_misses(seekers, vacancies, rules)
    explain_pairs(matches.pairs, seekers, vacancies, rules, np.full(MASK_BITS, Criterion.WORKING_TIME))
    count_suitable(vacancies, seekers, rules)
