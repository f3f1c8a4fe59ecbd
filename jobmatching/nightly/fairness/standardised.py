"""The same comparison within occupations: is a group behind because of the work it looks for, or also beside that?

Indirect standardisation. For each occupation group (two digits) everybody's mean is taken; what a group of people would
have, were each of its people to have the mean of the own occupation, is the expected sum; the ratio observed / expected
is told. 1 means: as others who look for the same kind of work.
"""

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.fairness.estimates import Estimate, Floats, observed_to_expected


def within_occupations(
    values: Floats, group: npt.NDArray[np.int64], groups: int, occupation: npt.NDArray[np.int64]
) -> list[Estimate | None]:
    """Observed over expected for each group (0 .. groups - 1); None where nothing would be expected of anybody.

    Limits by the delta method over people. The group's own people are part of the mean of their occupation, which the
    variance takes into account: somebody who is alone in an occupation tells nothing.
    """
    occupations, at = np.unique(occupation, return_inverse=True)
    cell, shape = group * occupations.size + at, (groups, occupations.size)

    def in_cells(weights: Floats | None = None) -> Floats:
        """[groups, occupations] sums over people; without weights their number."""
        return np.bincount(cell, weights=weights, minlength=groups * occupations.size).astype(np.float64).reshape(shape)

    own = in_cells()
    mean = in_cells(values).sum(axis=0) / own.sum(axis=0)
    squares = in_cells((values - mean[at]) ** 2)
    part = own / own.sum(axis=0)
    variance = ((1 - part) ** 2 * squares + part**2 * (squares.sum(axis=0) - squares)).sum(axis=1)
    observed, expected = np.bincount(group, weights=values, minlength=groups), own @ mean
    return [
        observed_to_expected(*numbers)
        for numbers in zip(observed.tolist(), expected.tolist(), variance.tolist(), strict=True)
    ]
