"""A profile or a vacancy that a page has already read, as the engine's columns of one row.

Only what gives points stands in them (occupations, work, skills, experience); requirements are told by `facts`.
"""

from datetime import date

import numpy as np

from employers.enums import RequirementStrength
from employers.models import Vacancy
from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, SkillBasis, VacancyColumns
from jobmatching.engine.criteria import MASK_WORDS
from jobmatching.engine.rules import Rules
from jobmatching.models import JobSeeker
from jobmatching.nightly.codes import positions
from jobmatching.nightly.seeker_columns import EPOCH, months_between
from jobmatching.seekers import enums

_BASIS = {enums.SkillBasis.CONFIRMED.value: SkillBasis.CONFIRMED, enums.SkillBasis.OWN_WORD.value: SkillBasis.OWN_WORD}


def _day(day: date | None, otherwise: int) -> int:
    return (day - EPOCH).days if day else otherwise


def seeker_columns(seeker: JobSeeker, rules: Rules) -> SeekerColumns:
    """The profile's columns; relations must be prefetched (`JobSeekerQuerySet.for_page`)."""
    taxonomy = rules.taxonomy
    wishes = sorted(seeker.wishes.all(), key=lambda row: (row.order, row.pk))
    work = sorted(seeker.work_history.all(), key=lambda row: (row.started_on, row.pk))
    held = sorted(seeker.skills_held.all(), key=lambda row: row.skill_id)
    skill = positions(taxonomy.skill_ids, np.array([row.skill_id for row in held], dtype=np.int64))
    keep = skill >= 0
    masks = np.zeros((1, MASK_WORDS), dtype=np.uint64)
    nowhere = np.zeros((1, 1), dtype=np.uint64)
    return SeekerColumns(
        ids=np.array([seeker.pk], dtype=np.int32),
        wish_ptr=np.array([0, len(wishes)]),
        wish_occupation=positions(
            taxonomy.occupation_ids, np.array([row.occupation_id for row in wishes], dtype=np.int64)
        ),
        work_ptr=np.array([0, len(work)]),
        work_occupation=positions(
            taxonomy.occupation_ids, np.array([row.occupation_id or -1 for row in work], dtype=np.int64)
        ),
        work_months=np.array([months_between(row.started_on, row.ended_on) for row in work], dtype=np.uint16),
        work_started=np.array([_day(row.started_on, ALWAYS) for row in work], dtype=np.int32),
        work_ended=np.array([_day(row.ended_on, NEVER) for row in work], dtype=np.int32),
        skill_ptr=np.array([0, int(keep.sum())]),
        skill=skill[keep],
        skill_basis=np.array([_BASIS[row.basis] for row in held], dtype=np.uint8)[keep],
        has=masks,
        unknown=masks,
        available_from=np.array([ALWAYS], dtype=np.int32),
        available_unknown=np.array([True]),
        reach=nowhere,
        reach_wide=nowhere,
        home=np.array([-1], dtype=np.int16),
    )


def vacancy_columns(vacancy: Vacancy, rules: Rules) -> VacancyColumns:
    """The vacancy's columns; relations must be prefetched (`VacancyQuerySet.for_page`)."""
    asked = sorted(vacancy.required_skills.all(), key=lambda row: row.pk)
    skill = positions(rules.taxonomy.skill_ids, np.array([row.skill_id for row in asked], dtype=np.int64))
    keep = skill >= 0
    occupations = [row.pk for row in vacancy.occupations.all()]
    return VacancyColumns(
        ids=np.array([vacancy.pk], dtype=np.int32),
        occupation_ptr=np.array([0, len(occupations)]),
        occupation=positions(rules.taxonomy.occupation_ids, np.array(occupations, dtype=np.int64)),
        skill_ptr=np.array([0, int(keep.sum())]),
        skill=skill[keep],
        skill_essential=np.array([row.strength == RequirementStrength.ESSENTIAL for row in asked], dtype=np.bool_)[
            keep
        ],
        experience_months=np.array([vacancy.experience_months], dtype=np.uint16),
        need=np.zeros((1, MASK_WORDS), dtype=np.uint64),
        starts=np.array([NEVER], dtype=np.int32),
        places=np.zeros((1, 1), dtype=np.uint64),
        remote=np.array([True]),
    )
