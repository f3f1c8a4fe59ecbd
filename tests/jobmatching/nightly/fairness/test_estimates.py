"""Estimates and limits: against published examples, against slow and obvious sums, and at the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatching.nightly.fairness.estimates import (
    Estimate,
    Z,
    gini,
    mean,
    mean_of_pieces,
    observed_to_expected,
    ratio,
    share,
    share_of_top,
)

amounts = st.lists(st.floats(min_value=0, max_value=50), min_size=2, max_size=40)


# --- Shares ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("numerator", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(numerator: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, table I, method 3."""
    told = share(numerator, n)
    assert told.value == numerator / n
    assert (round(told.low, 4), round(told.high, 4)) == (low, high)


@given(st.integers(1, 5000), st.data())
def test_limits_of_a_share_hold_it_and_stay_inside(n: int, data: st.DataObject) -> None:
    told = share(data.draw(st.integers(0, n)), n)
    assert 0 <= told.low <= told.value + 1e-12
    assert told.value - 1e-12 <= told.high <= 1


# --- Means -----------------------------------------------------------------------------------------------------------
def test_a_mean_with_its_standard_error() -> None:
    told = mean(np.array([1.0, 2.0, 3.0, 6.0]), largest=10)
    assert told.value == 3
    error = math.sqrt(14 / 3) / 2  # sum of squares 14, n - 1 = 3
    assert (told.low, told.high) == pytest.approx((3 - Z * error, 3 + Z * error))


def test_nobody_has_anything_yet_it_may_be_chance() -> None:
    told = mean(np.zeros(20), largest=2.0)
    assert (told.value, told.low) == (0, 0)
    assert told.high == pytest.approx(2 * share(0, 20).high)


def test_of_one_person_there_is_no_limit() -> None:
    assert mean(np.array([2.0]), 2.0) == (2.0, 0.0, math.inf)
    assert mean_of_pieces(np.array([6.0]), np.array([2])) == (3.0, -math.inf, math.inf)


def test_pieces_of_one_person_hang_together() -> None:
    sums, pieces = np.array([10.0, 2.0, 9.0]), np.array([5, 1, 3])
    told = mean_of_pieces(sums, pieces)
    assert told.value == pytest.approx(21 / 9)
    rests = sums - told.value * pieces
    error = math.sqrt((rests**2).sum() * 3 / 2) / 9
    assert told.high - told.value == pytest.approx(Z * error)
    even = mean_of_pieces(np.array([4.0, 4.0]), np.array([2, 2]))
    assert even == (2.0, 2.0, 2.0)


# --- Ratios ----------------------------------------------------------------------------------------------------------
def test_a_ratio_of_large_groups_is_near_that_of_logarithms() -> None:
    """Katz: ln(ratio) +- z sqrt((1 - p) / x + (1 - q) / y)."""
    told = ratio(share(300, 1000), share(500, 1000))
    assert told is not None
    reach = Z * math.sqrt(0.7 / 300 + 0.5 / 500)
    assert told.value == pytest.approx(0.6)
    assert (told.low, told.high) == pytest.approx((0.6 * math.exp(-reach), 0.6 * math.exp(reach)), rel=0.01)


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_turned_round_a_ratio_says_the_same(n: int, m: int, data: st.DataObject) -> None:
    one, other = share(data.draw(st.integers(1, n)), n), share(data.draw(st.integers(1, m)), m)
    there, back = ratio(one, other), ratio(other, one)
    assert there is not None
    assert back is not None
    assert there.low <= there.value <= there.high
    assert there.value == pytest.approx(1 / back.value)
    assert there.low == pytest.approx(1 / back.high)
    assert there.high == pytest.approx(1 / back.low)


def test_ratios_at_the_edges() -> None:
    none, some = share(0, 50), share(25, 50)
    assert ratio(some, none) is None
    zero = ratio(none, some)
    assert zero is not None
    assert (zero.value, zero.low) == (0, 0)
    assert 0 < zero.high < 0.8
    may_be_zero = ratio(some, Estimate(0.1, 0.0, 0.4))
    assert may_be_zero is not None
    assert may_be_zero.high == math.inf


def test_observed_to_expected() -> None:
    assert observed_to_expected(3, 0, 0) is None
    told = observed_to_expected(30, 40, 16)
    assert told is not None
    assert told == pytest.approx((0.75, 0.75 - Z * 4 / 40, 0.75 + Z * 4 / 40))


# --- How unevenly ----------------------------------------------------------------------------------------------------
def slow_gini(values: list[float]) -> float:
    return sum(abs(a - b) for a in values for b in values) / (2 * len(values) * sum(values))


@given(amounts)
def test_gini_as_the_mean_of_all_distances(values: list[float]) -> None:
    told = gini(np.array(values))
    if not sum(values):
        assert told is None
        return
    assert told is not None
    assert told.value == pytest.approx(slow_gini(values), abs=1e-9)
    assert 0 <= told.low <= told.value + 1e-9
    assert told.value - 1e-9 <= told.high <= 1


def test_gini_by_hand() -> None:
    everybody_the_same, one_has_all = gini(np.ones(10)), gini(np.array([0.0] * 9 + [7.0]))
    assert everybody_the_same is not None
    assert everybody_the_same == (0, 0, 0)
    assert one_has_all is not None
    assert one_has_all.value == pytest.approx(0.9)
    assert gini(np.array([])) is None


def test_the_limits_of_gini_are_those_of_the_jackknife() -> None:
    values = np.random.default_rng(3).exponential(size=400)
    told = gini(values)
    assert told is not None
    left_out = [one.value for i in range(400) if (one := gini(np.delete(values, i)))]
    error = math.sqrt(399 / 400 * sum((one - sum(left_out) / 400) ** 2 for one in left_out))
    assert told.high - told.value == pytest.approx(Z * error, rel=0.02)


def test_share_of_the_tenth_with_the_most() -> None:
    told = share_of_top(np.array([1.0] * 18 + [10.0, 8.0]), 0.1)
    assert told is not None
    assert told.value == pytest.approx(18 / 36)
    border = share_of_top(np.array([4.0, 2.0, 1.0, 1.0, 2.0]), 0.3)  # one person and a half
    assert border is not None
    assert border.value == pytest.approx((4 + 0.5 * 2) / 10)
    same = share_of_top(np.ones(30), 0.1)
    assert same == pytest.approx((0.1, 0.1, 0.1))
    assert share_of_top(np.zeros(3), 0.1) is None


def test_the_limits_of_the_share_are_those_of_the_jackknife() -> None:
    values = np.random.default_rng(4).exponential(size=500)
    told = share_of_top(values, 0.1)
    assert told is not None
    left_out = [one.value for i in range(500) if (one := share_of_top(np.delete(values, i), 0.1))]
    error = math.sqrt(499 / 500 * sum((one - sum(left_out) / 500) ** 2 for one in left_out))
    assert told.high - told.value == pytest.approx(Z * error, rel=0.05)
