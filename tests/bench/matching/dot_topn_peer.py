"""sparse_dot_topn on two threads: the best of each row of a sparse product.

It knows no filters, no best of several readings, and one side only: it answers an easier question, so nothing but its
time is compared. The matrices are made beforehand and not counted.
"""

import numpy as np
import numpy.typing as npt
from sparse_dot_topn import sp_matmul_topn

from jobmatching.engine.csr import row_positions
from tests.bench.matching.scipy_peer import ScipyPeer


def best_without_filters(peer: ScipyPeer, rows: npt.NDArray[np.int64], threads: int) -> int:
    """Match the readings of these vacancies with everybody; returns how many pairs it kept."""
    weights = peer.market.rules.weights
    _ptr, readings = row_positions(peer.market.vacancies.reading_ptr, rows)
    kept = sp_matmul_topn(
        peer.weights[readings], peer.everybody, top_n=weights.k_vacancy, threshold=weights.floor - 1, n_threads=threads
    )
    return int(kept.nnz)
