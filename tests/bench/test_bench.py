"""The benchmark itself, on a tiny area: every figure is there, the engine is exact, the exact peers agree."""

import contextlib
import io
import json
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests.bench.__main__ import main
from tests.bench.matching.database import Wishes
from tests.bench.matching.report import AT_LEAST, AT_MOST, RATIOS
from tests.databases import drop

PEOPLE, VACANCIES = 300, 60


@pytest.fixture
def servers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database server without a test database's transaction: the benchmark makes databases of its own."""
    with django_db_blocker.unblock():
        yield
        drop(Wishes("S", people=PEOPLE).database)
        connections.close_all()


@pytest.mark.slow
def test_a_tiny_area_gives_all_figures_and_is_exact_and_its_peers_agree(servers: None) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        # Exact peers that find other pairs end the run with PeerDiffers, an engine that is not exact with code 1.
        code = main(["matching", "--size", "S", "--people", str(PEOPLE), "--vacancies", str(VACANCIES), "--json"])
    found = json.loads(out.getvalue().splitlines()[-1])
    assert code == 0
    assert list(found) == [
        "size", "seekers", "vacancies", "exact", "kernel", "end_to_end_s", "peak_rss_mb", "near_miss_s", "ratios",
        "sampled",
    ]  # fmt: skip
    assert (found["size"], found["seekers"], found["vacancies"]) == ("S", PEOPLE, VACANCIES)
    assert found["exact"] is True
    assert found["kernel"].keys() == {"wall_s", "cpu_s"}
    assert tuple(found["ratios"]) == RATIOS
    assert all(ratio > 0 for ratio in found["ratios"].values())
    assert min(found["end_to_end_s"], found["peak_rss_mb"], found["near_miss_s"], found["kernel"]["wall_s"]) > 0
    assert any("double loop" in text for text in found["sampled"])


def test_every_figure_to_reach_is_one_that_is_measured() -> None:
    for limits in (AT_LEAST, AT_MOST):
        assert limits.keys() == {"S", "M", "L"}
        for names in limits.values():
            assert set(names) <= {*RATIOS, "end_to_end_s", "peak_rss_mb"}
