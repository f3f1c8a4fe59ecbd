"""Estimates with their 95 % intervals. Every function says by which method; none of them draws random numbers.

The night's people are taken as a sample of the people who could be in the register: an interval says how far a figure
may be off by chance.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Z: Final = 1.959963984540054
"""97.5th percentile of the normal distribution: 95 % lie between the two limits."""

Floats = npt.NDArray[np.floating[Any]]


class Estimate(NamedTuple):
    """A value and its 95 % limits."""

    value: float
    low: float
    high: float


def share(numerator: int, n: int) -> Estimate:
    """A share of n people (n > 0), limits by Wilson's score: right also near 0 and 1, and never outside."""
    p = numerator / n
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return Estimate(p, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)))


def mean(values: Floats, largest: float) -> Estimate:
    """The mean of values >= 0 of people (at least one), limits by the standard error.

    Where nobody has anything, the upper limit is what the upper limit of the share of people who have something would
    give, were each to have `largest`: the most that anybody has.
    """
    n = values.size
    middle = float(values.mean())
    if not middle:
        return Estimate(0.0, 0.0, share(0, n).high * largest)
    reach = Z * float(values.std(ddof=1)) / np.sqrt(n) if n > 1 else np.inf
    return Estimate(middle, max(0.0, middle - float(reach)), middle + float(reach))


def mean_of_pieces(sums: Floats, pieces: npt.NDArray[np.integer[Any]]) -> Estimate:
    """The mean over pieces that belong to people in different numbers (at least one in all): the ratio of two sums.

    Limits by the delta method over people: somebody with many pieces is still one person.
    """
    n, whole = sums.size, int(pieces.sum())
    middle = float(sums.sum()) / whole
    spread = float(((sums - middle * pieces) ** 2).sum()) * n / (n - 1) if n > 1 else np.inf
    reach = Z * float(np.sqrt(spread)) / whole
    return Estimate(middle, middle - reach, middle + reach)


def ratio(top: Estimate, bottom: Estimate) -> Estimate | None:
    """How many times the other figure a figure is; of two groups that share nobody. None where the other is 0.

    Limits by MOVER-R (Donner and Zou 2012) from the limits of both. Without an upper limit (infinite) where the other
    figure may be 0.
    """
    if not bottom.value:
        return None
    product = top.value * bottom.value
    below, above = top.low * (2 * top.value - top.low), top.high * (2 * top.value - top.high)
    under, over = bottom.high * (2 * bottom.value - bottom.high), bottom.low * (2 * bottom.value - bottom.low)
    # The first limit in the form that needs no division by what may be 0.
    low = below / (product + float(np.sqrt(product**2 - below * under))) if below else 0.0
    high = (product + float(np.sqrt(product**2 - above * over))) / over if over else float(np.inf)
    return Estimate(top.value / bottom.value, low, high)


def observed_to_expected(observed: float, expected: float, variance: float) -> Estimate | None:
    """Observed over expected, with the variance of the observed sum around the expected one; None where nothing is
    expected."""
    if expected <= 0:
        return None
    reach = Z * float(np.sqrt(variance)) / expected
    middle = observed / expected
    return Estimate(middle, max(0.0, middle - reach), middle + reach)


def gini(values: Floats) -> Estimate | None:
    """How unevenly a sum of values >= 0 is spread: 0 = everybody has the same, near 1 = one person has all.

    Limits by linearisation (Gini as a ratio of two means). None where nobody has anything.
    """
    n, middle = values.size, float(values.mean()) if values.size else 0.0
    if not middle:
        return None
    order = np.argsort(values, kind="stable")
    ascending = values[order].astype(np.float64)
    place = np.arange(1, n + 1)
    below = np.cumsum(ascending)
    # Mean distance of each person from all others: from those below, and from those above.
    distance = (ascending * (2 * place - n) + below[-1] - 2 * below) / n
    difference = float(distance.mean())
    value = difference / (2 * middle)
    influence = (distance - difference) / middle - value * (ascending - middle) / middle
    reach = Z * float(np.sqrt((influence**2).sum())) / n
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach))


def share_of_top(values: Floats, top: float) -> Estimate | None:
    """Which share of the sum the people at the top have (`top` = 0.1: the tenth with the most).

    The person at the border counts in part. Limits by linearisation. None where nobody has anything.
    """
    n, middle = values.size, float(values.mean()) if values.size else 0.0
    if not middle:
        return None
    descending = np.sort(values.astype(np.float64))[::-1]
    whole = n * top
    count = int(whole)
    border = float(descending[min(count, n - 1)])
    of_top = float(descending[:count].sum()) + (whole - count) * border
    value = of_top / float(descending.sum())
    above = np.maximum(descending - border, 0.0)
    influence = (above - above.mean() - value * (descending - middle)) / middle
    reach = Z * float(np.sqrt((influence**2).sum())) / n
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach))
