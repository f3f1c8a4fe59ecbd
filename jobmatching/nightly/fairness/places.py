"""Who has which place in the vacancies' lists of best jobseekers."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.codes import positions
from jobmatching.nightly.copying import read_columns
from jobmatching.nightly.querysets import BY_VACANCY


@dataclass(frozen=True)
class Places:
    """Every place of every vacancy's list of a run: n places. Place 1 is the best; the order is that of the lists."""

    vacancy_id: npt.NDArray[np.int64]
    seeker_id: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    matched_seekers: npt.NDArray[np.int64]
    """Ascending ids of jobseekers with any match: in a vacancy's list, or a vacancy in their own."""

    @classmethod
    def of_pairs(
        cls,
        vacancy_id: npt.NDArray[np.integer[Any]],
        seeker_id: npt.NDArray[np.integer[Any]],
        score: npt.NDArray[np.integer[Any]],
        by_vacancy: npt.NDArray[np.bool_],
    ) -> Self:
        """From kept pairs: those among the vacancy's best have a place, by score, of equal scores by the lower id."""
        matched = np.unique(seeker_id).astype(np.int64)
        vacancies, seekers, scores = (column[by_vacancy].astype(np.int64) for column in (vacancy_id, seeker_id, score))
        order = np.lexsort((seekers, -scores, vacancies))
        vacancies, seekers = vacancies[order], seekers[order]
        starts = np.flatnonzero(np.diff(vacancies, prepend=-1))
        lengths = np.diff(np.append(starts, vacancies.size))
        rank = np.arange(vacancies.size) - np.repeat(starts, lengths) + 1
        return cls(vacancies, seekers, rank, matched)

    @classmethod
    def of_run(cls, run_id: int) -> Self:
        """From the stored result of a run."""
        rows = read_columns(
            "SELECT vacancy_id, seeker_id, score, flags::int4 FROM jobmatching_match WHERE run_id = %s",
            (("vacancy", "int4"), ("seeker", "int4"), ("score", "int4"), ("flags", "int4")),
            [run_id],
        )
        return cls.of_pairs(rows["vacancy"], rows["seeker"], rows["score"], rows["flags"] & BY_VACANCY != 0)


@dataclass(frozen=True)
class Shares:
    """What each of n people has of the lists."""

    places: npt.NDArray[np.int64]
    """How many lists the person is in."""
    first_ten: npt.NDArray[np.bool_]
    """Whether the person is among the first ten of any list."""
    rank_sum: npt.NDArray[np.int64]
    exposure: npt.NDArray[np.float64]
    """Sum of 1 / log2(place + 1) over the person's places: the first place counts 1, the third a half, the 50th 0.18.
    People look at the beginning of a list more than at its end; this is the usual weight of a place."""
    matched: npt.NDArray[np.bool_]
    """Whether the person has any match."""
    candidates: npt.NDArray[np.int64]
    """[vacancies with a list] how many of the people each list shows."""

    @classmethod
    def of(cls, places: Places, seeker_ids: npt.NDArray[np.int64]) -> Self:
        """Add up places by person. `seeker_ids` are ascending; places of others (hidden since) are left out."""
        n = seeker_ids.size
        person = positions(seeker_ids, places.seeker_id)
        known = person >= 0
        person, rank = person[known], places.rank[known]
        matched = np.zeros(n, np.bool_)
        at = positions(seeker_ids, places.matched_seekers)
        matched[at[at >= 0]] = True
        return cls(
            places=np.bincount(person, minlength=n),
            first_ten=np.bincount(person[rank <= 10], minlength=n) > 0,
            rank_sum=np.bincount(person, weights=rank, minlength=n).astype(np.int64),
            exposure=np.bincount(person, weights=1 / np.log2(rank + 1), minlength=n).astype(np.float64),
            matched=matched,
            candidates=np.unique(places.vacancy_id[known], return_counts=True)[1],
        )
