"""scipy: the sparse product of a block of vacancies with everybody, then the filters, then the best of each.

Exact, in whole numbers, with all filters; one side only (the best jobseekers of each vacancy). The matrices are made
beforehand and not counted.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from jobmatching.engine.blocks import fits_every_place
from jobmatching.engine.csr import row_positions
from jobmatching.engine.features import MAX_FEATURES
from tests.bench.matching.market import Best, Market

_BLOCK: Final = 32
"""Vacancies whose scores with everybody are in memory at a time."""


class ScipyPeer:
    """The market as sparse matrices: `everybody` [features, seekers], `weights` [readings, features], both int32."""

    def __init__(self, market: Market) -> None:
        self.market = market
        seekers, vacancies = market.seekers, market.vacancies
        by_seeker = sparse.csr_matrix(
            (seekers.value.astype(np.int32), seekers.feature.astype(np.int32), seekers.ptr),
            shape=(len(seekers), MAX_FEATURES),
        )
        self.everybody = by_seeker.T.tocsr()
        self.weights = sparse.csr_matrix(
            (vacancies.weight, vacancies.feature.astype(np.int32), vacancies.ptr),
            shape=(vacancies.ptr.size - 1, MAX_FEATURES),
            copy=True,  # zeros are taken out in place, which must not reach the market's own arrays
        )
        self.weights.eliminate_zeros()
        self.allowed = seekers.has | seekers.unknown
        self.every_place = fits_every_place(vacancies)

    def scores(self, rows: npt.NDArray[np.int64], everybody: Any) -> npt.NDArray[np.int32]:
        """Scores [vacancies, seekers], of several readings the best; `everybody`: columns of that matrix."""
        ptr, readings = row_positions(self.market.vacancies.reading_ptr, rows)
        product = (self.weights[readings] @ everybody).toarray()
        return np.maximum.reduceat(product, ptr[:-1], axis=0)

    def fits(self, vacancy: int, seekers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether nothing is known to be missing, for rows of seekers."""
        of, on = self.market.vacancies, self.market.seekers
        good: npt.NDArray[np.bool_] = on.available_from[seekers] <= of.starts[vacancy]
        for word in np.flatnonzero(of.need[vacancy]):
            good &= of.need[vacancy, word] & ~self.allowed[seekers, word] == 0
        if not self.every_place[vacancy]:
            shared = np.zeros(seekers.size, np.uint64)
            for word in np.flatnonzero(of.places[vacancy]):
                shared |= on.reach[seekers, word] & of.places[vacancy, word]
            good &= shared != 0
        return good

    def best_seekers(self, rows: npt.NDArray[np.int64]) -> Best:
        """The best seekers of these vacancies."""
        weights, ids = self.market.rules.weights, self.market.seekers.ids.astype(np.int64)
        best: Best = {}
        for start in range(0, rows.size, _BLOCK):
            block = rows[start : start + _BLOCK]
            for vacancy, scores in zip(block, self.scores(block, self.everybody), strict=True):
                candidates = np.flatnonzero(scores >= weights.floor)
                candidates = candidates[self.fits(int(vacancy), candidates)]
                best[int(self.market.vacancies.ids[vacancy])] = _best(
                    ids[candidates], scores[candidates], weights.k_vacancy
                )
        return best

    def best_vacancies(self, seekers: npt.NDArray[np.int64]) -> Best:
        """The best vacancies of these seekers, for checking the other side; not timed."""
        weights, ids = self.market.rules.weights, self.market.vacancies.ids.astype(np.int64)
        some = self.everybody[:, seekers]
        found: dict[int, list[tuple[int, int]]] = {int(self.market.seekers.ids[s]): [] for s in seekers}
        for start in range(0, ids.size, 1000):
            block = np.arange(start, min(start + 1000, ids.size))
            scores = self.scores(block, some)
            for vacancy, row in zip(block, scores, strict=True):
                enough = np.flatnonzero(row >= weights.floor)
                enough = enough[self.fits(int(vacancy), seekers[enough])]
                for column in enough:
                    found[int(self.market.seekers.ids[seekers[column]])].append((int(ids[vacancy]), int(row[column])))
        return {
            seeker: sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[: weights.k_seeker]
            for seeker, pairs in found.items()
        }


def _best(ids: npt.NDArray[np.int64], scores: npt.NDArray[np.int32], k: int) -> list[tuple[int, int]]:
    """The k highest scores, of equal ones the lower id, the best first."""
    keys = (scores.astype(np.int64) << 32) - ids
    chosen = np.argpartition(-keys, k)[:k] if keys.size > k else np.arange(keys.size)
    chosen = chosen[np.argsort(-keys[chosen])]
    return list(zip(ids[chosen].tolist(), scores[chosen].tolist(), strict=True))
