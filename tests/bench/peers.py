"""The same question put to other engines, for ratios measured in one run.

Both compute one side only (the best seekers of each vacancy). `scipy_exact` honours place, masks and day, and finds the
same pairs; `sparse_dot_topn_unfiltered` cannot take filters and so answers an easier question.
"""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sparse_dot_topn import sp_matmul_topn

from jobmatching.engine.blocks import SeekerBlock, VacancyBlock, fits_every_place
from jobmatching.engine.features import MAX_FEATURES

_BLOCK = 64


def matrices(seekers: SeekerBlock, vacancies: VacancyBlock) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return U [seekers, features] and W [vacancies, features]; every vacancy must have one reading."""
    u = sparse.csr_matrix((seekers.value.astype(np.int32), seekers.feature.astype(np.int32), seekers.ptr),
                          shape=(len(seekers), MAX_FEATURES))  # fmt: skip
    w = sparse.csr_matrix((vacancies.weight, vacancies.feature.astype(np.int32), vacancies.ptr),
                          shape=(len(vacancies), MAX_FEATURES))  # fmt: skip
    return u, w


def scipy_exact(
    seekers: SeekerBlock, vacancies: VacancyBlock, floor: int, k: int, rows: npt.NDArray[np.int64]
) -> list[npt.NDArray[np.int64]]:
    """Return, for each of the vacancies `rows`, the ids of its best k seekers (ties by lower id)."""
    u, w = matrices(seekers, vacancies)
    columns = u.T.tocsr()
    allowed = seekers.has | seekers.unknown
    anywhere = fits_every_place(vacancies)
    best: list[npt.NDArray[np.int64]] = []
    for low in range(0, rows.size, _BLOCK):
        block = rows[low : low + _BLOCK]
        scores = (w[block] @ columns).toarray()
        for v, score in zip(block, scores, strict=True):
            fits = (score >= floor) & (seekers.available_from <= vacancies.starts[v])
            candidates = np.flatnonzero(fits)
            missing = (vacancies.need[v] & ~allowed[candidates]).any(axis=1)
            if not anywhere[v]:
                missing |= ~(seekers.reach[candidates] & vacancies.places[v]).any(axis=1)
            candidates = candidates[~missing]
            keys = (score[candidates].astype(np.int64) << 32) - seekers.ids[candidates]
            if keys.size > k:
                part = np.argpartition(-keys, k)[:k]
                candidates, keys = candidates[part], keys[part]
            best.append(seekers.ids[candidates[np.argsort(-keys)]])
    return best


def sparse_dot_topn_unfiltered(
    u: sparse.csr_matrix, w: sparse.csr_matrix, floor: int, k: int, threads: int
) -> sparse.csr_matrix:
    """Return the best k seekers of each vacancy by score alone."""
    return sp_matmul_topn(w, u.T.tocsr(), top_n=k, threshold=floor, n_threads=threads)
