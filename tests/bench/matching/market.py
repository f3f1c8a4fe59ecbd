"""What is measured: the frozen input of a run as the night reads it, and the same people as columns for the oracle."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.columns import SeekerColumns, VacancyColumns
from jobmatching.engine.rules import Rules
from jobmatching.engine.top import ID_LIMIT, Lists
from jobmatching.nightly.enums import Side
from jobmatching.nightly.freezing import read_seeker_shard, read_vacancies_of
from jobmatching.nightly.models import MatchingRules, RunInput
from jobmatching.nightly.rules_versions import engine_rules
from jobmatching.nightly.seeker_columns import read_seekers
from jobmatching.nightly.vacancy_columns import read_vacancies
from jobmatching.nightly.vectors import VectorBuilder
from portal.runs.models import JobRun

Best = dict[int, list[tuple[int, int]]]
"""Owner of a list -> (id of the other side, score), the best first."""


@dataclass(frozen=True)
class Market:
    """One day's jobseekers and vacancies under one version of the rules."""

    run_id: int
    version: MatchingRules
    rules: Rules
    as_of: date
    seekers: SeekerBlock
    vacancies: VacancyBlock

    @classmethod
    def of_run(cls, run: JobRun) -> Self:
        """Read the frozen input of a run."""
        version = MatchingRules.objects.get(version=run.rules_version)
        return cls(run.pk, version, engine_rules(version), run.for_date, *read_input(run.pk))

    def seeker_columns(self, rows: npt.NDArray[np.int64]) -> SeekerColumns:
        """The same people from the tables; rows of the block, in ascending order of ids."""
        builder = VectorBuilder(self.version, self.as_of)
        ids = np.sort(self.seekers.ids[rows]).tolist()
        return read_seekers(ids, builder.rules, builder.layout, builder.places, self.as_of).columns

    def vacancy_columns(self, rows: npt.NDArray[np.int64]) -> VacancyColumns:
        """The same vacancies from the tables; rows of the block, in ascending order of ids."""
        builder = VectorBuilder(self.version, self.as_of)
        ids = np.sort(self.vacancies.ids[rows]).tolist()
        return read_vacancies(ids, builder.rules, builder.layout, builder.places)

    def sample_vacancies(self, count: int, seed: int) -> npt.NDArray[np.int64]:
        """So many rows of vacancies at most, ascending."""
        return _sample(len(self.vacancies), count, seed)

    def sample_seekers(self, count: int, seed: int) -> npt.NDArray[np.int64]:
        """So many rows of jobseekers at most, ascending."""
        return _sample(len(self.seekers), count, seed)


def _sample(of: int, count: int, seed: int) -> npt.NDArray[np.int64]:
    return np.sort(np.random.default_rng(seed).permutation(of)[:count])


def read_input(run_id: int) -> tuple[SeekerBlock, VacancyBlock]:
    """All that a run froze, as the night reads it."""
    parts = RunInput.objects.filter(run_id=run_id, side=Side.SEEKERS).order_by("part").values_list("part", flat=True)
    return SeekerBlock.concat([read_seeker_shard(run_id, part) for part in parts]), read_vacancies_of(run_id)


def best_of(lists: Lists, owners: npt.NDArray[np.int32]) -> Best:
    """The lists of some owners; an owner without any pair has an empty one."""
    best: Best = {int(owner): [] for owner in owners}
    place_of = {int(owner): place for place, owner in enumerate(lists.owner_ids)}
    for owner in best.keys() & place_of.keys():
        keys = lists.keys[lists.ptr[place_of[owner]] : lists.ptr[place_of[owner] + 1]].tolist()
        best[owner] = [(ID_LIMIT - (key & 0xFFFFFFFF), key >> 32) for key in keys]
    return best
