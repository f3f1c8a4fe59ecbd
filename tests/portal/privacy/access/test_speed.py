"""Noting a read takes less than two milliseconds."""

import pytest

from tests.bench.access_log import measure

pytestmark = pytest.mark.slow


def test_a_read_is_noted_in_less_than_two_milliseconds(committed: str) -> None:
    measured = measure(reads=1_000, rows=20_000)
    assert measured["median_ms"] < 2, measured
    assert measured["p95_ms"] < 2, measured
