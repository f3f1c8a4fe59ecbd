"""The double loop that one would write first: every vacancy with every jobseeker, over prefetched Django objects.

The same score to the last point, without the filters (most of its time would stay). What a vacancy asks is worked out
once a vacancy; who the person is, anew for each pair, from the objects.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from employers.models import Vacancy
from jobmatching.engine.reference import apportion
from jobmatching.engine.rules import WEIGHT_SUM, Rules
from jobmatching.models import JobSeeker
from jobmatching.nightly.seeker_columns import months_between
from portal.classifications.models import Occupation

_LEVEL_DIGITS: Final = {"isco2": 2, "isco3": 3, "isco4": 4}


@dataclass
class Asked:
    """What one reading of a vacancy asks, in weights."""

    occupation: Occupation | None
    budget: list[int]
    nodes: list[tuple[str, int]]
    """(level, weight) of the occupation's nodes."""
    related: int
    skills: list[tuple[int, int, int]]
    """(skill, its group, weight)"""
    months: list[tuple[str, int, int]]
    """(level, months, weight)"""


@dataclass
class OrmPeer:
    """The rules as dictionaries over database ids."""

    rules: Rules
    as_of: date
    idf: dict[int, int] = field(init=False)
    group: dict[int, int] = field(init=False)
    related: dict[int, dict[int, int]] = field(init=False)
    """Occupation asked -> occupation -> how far its people can do it."""

    def __post_init__(self) -> None:
        taxonomy = self.rules.taxonomy
        skills, occupations = taxonomy.skill_ids.tolist(), taxonomy.occupation_ids.tolist()
        self.idf = dict(zip(skills, taxonomy.idf.tolist(), strict=True))
        self.group = dict(zip(skills, taxonomy.skill_group.tolist(), strict=True))
        ids, values, ptr = taxonomy.related_occupation, taxonomy.related_value.tolist(), taxonomy.related_ptr.tolist()
        other = taxonomy.occupation_ids[ids].tolist()
        self.related = {
            asked: dict(zip(other[ptr[i] : ptr[i + 1]], values[ptr[i] : ptr[i + 1]], strict=True)) | {asked: 100}
            for i, asked in enumerate(occupations)
        }

    def match(self, vacancies: list[Vacancy], seekers: list[JobSeeker]) -> np.ndarray:
        """Scores [vacancies, seekers]."""
        scores = np.zeros((len(vacancies), len(seekers)), np.int64)
        for row, vacancy in enumerate(vacancies):
            asked = self.read(vacancy)
            for column, seeker in enumerate(seekers):
                scores[row, column] = max(self.score(reading, seeker) for reading in asked)
        return scores

    def read(self, vacancy: Vacancy) -> list[Asked]:
        """The readings of a vacancy."""
        occupations: list[Occupation | None] = [*vacancy.occupations.all()]
        return [self._reading(vacancy, occupation) for occupation in occupations or [None]]

    def _reading(self, vacancy: Vacancy, occupation: Occupation | None) -> Asked:
        weights = self.rules.weights
        increments = dict(
            zip(("isco2", "isco3", "isco4", "leaf", "related"), weights.occupation_increments, strict=True)
        )
        levels = list(increments) if occupation else []
        listed = [(row.skill_id, row.strength == "essential") for row in vacancy.required_skills.all()]
        if not listed and occupation:
            listed = [(row.skill_id, row.relation == "essential") for row in occupation.skill_relations.all()]
        counts = {
            skill: self.idf[skill] * (weights.essential if needed else weights.optional)
            for skill, needed in listed if skill in self.idf
        }  # fmt: skip
        skills = sorted(counts)
        asked = vacancy.experience_months
        steps = [step for step in weights.experience_steps if step <= asked] or [weights.experience_steps[0]]
        places = [
            (level, months, share * (months - before))
            for level, share in zip(("isco3", "isco4", "leaf"), weights.experience_increments, strict=True)
            for before, months in pairwise([0, *steps])
            if asked and occupation
        ]
        raws = (
            [increments[level] for level in levels],
            [counts[skill] for skill in skills],
            [raw for *_, raw in places],
        )
        shares = (weights.occupation, weights.skills, weights.experience)
        budget = apportion(WEIGHT_SUM, [share if sum(raw) else 0 for share, raw in zip(shares, raws, strict=True)])
        own = [apportion(part, list(raw)) for part, raw in zip(budget, raws, strict=True)]
        nodes = dict(zip(levels, own[0], strict=True))
        return Asked(
            occupation, budget,
            [(level, weight) for level, weight in nodes.items() if level != "related" and weight],
            nodes.get("related", 0),
            [(skill, self.group[skill], weight) for skill, weight in zip(skills, own[1], strict=True)],
            [(level, months, weight) for (level, months, _raw), weight in zip(places, own[2], strict=True)],
        )  # fmt: skip

    def score(self, asked: Asked, seeker: JobSeeker) -> int:
        """Score one person against one reading."""
        weights = self.rules.weights
        wished = [wish.occupation for wish in seeker.wishes.all()]
        works = [work for work in seeker.work_history.all() if work.occupation is not None]
        worked = [work.occupation for work in works if work.occupation is not None]
        occupations = [*wished, *worked]
        levels: dict[int, int] = {}
        groups: dict[int, int] = {}

        def knows(skill: int, level: int) -> None:
            if level and skill in self.group:
                levels[skill] = max(levels.get(skill, 0), level)
                groups[self.group[skill]] = max(groups.get(self.group[skill], 0), level)

        for people, essential, optional in (
            (wished, weights.level_wish_essential, weights.level_wish_optional),
            (worked, weights.level_work_essential, weights.level_work_optional),
        ):
            for occupation in people:
                for relation in occupation.skill_relations.all():
                    knows(relation.skill_id, essential if relation.relation == "essential" else optional)
        for held in seeker.skills_held.all():
            knows(held.skill_id, weights.level_own_word if held.basis == "own_word" else weights.level_confirmed)

        had = [0, 0, 0]
        if not occupations:
            had[0] = 100 * (asked.budget[0] * weights.unknown // 100)
        elif asked.occupation:
            known = {_node(occupation, level) for occupation in occupations for level, _weight in asked.nodes}
            had[0] = sum(100 * weight for level, weight in asked.nodes if _node(asked.occupation, level) in known)
            table = self.related[asked.occupation.pk]
            had[0] += asked.related * max(table.get(occupation.pk, 0) for occupation in occupations)
        if not levels:
            had[1] = 100 * (asked.budget[1] * weights.unknown // 100)
        else:
            for skill, group, weight in asked.skills:
                had[1] += weight * max(levels.get(skill, 0), min(groups.get(group, 0), weights.group_share))
        if not works:
            had[2] = 100 * (asked.budget[2] * weights.unknown // 100)
        elif asked.months and asked.occupation:
            months: dict[tuple[str, object], int] = defaultdict(int)
            for work, occupation in zip(works, worked, strict=True):
                counted = self._months(work.started_on, work.ended_on)
                for level in ("isco3", "isco4", "leaf"):
                    months[_node(occupation, level)] += counted
            for level, needed, weight in asked.months:
                had[2] += 100 * weight * (months[_node(asked.occupation, level)] >= 100 * needed)
        return sum(had)

    def _months(self, started_on: date, ended_on: date | None) -> int:
        """Months of a work as they count on the day, times 100."""
        weights = self.rules.weights
        if ended_on is None:
            return max(0, (self.as_of - started_on).days) * 100 // 3044 * weights.recency_percent[0]
        months = months_between(started_on, ended_on)
        for limit, percent in zip(weights.recency_days, weights.recency_percent[:-1], strict=True):
            if (self.as_of - ended_on).days <= limit:
                return months * percent
        return months * weights.recency_percent[-1]


def _node(occupation: Occupation, level: str) -> tuple[str, object]:
    """The occupation's node of the classification at a level."""
    return (level, occupation.pk) if level == "leaf" else (level, occupation.isco[: _LEVEL_DIGITS[level]])
