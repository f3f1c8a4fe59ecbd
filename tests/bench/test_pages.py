"""The benchmark of pages, on a tiny area: each page is asked for, each read leaves its row, slow pages are told."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests.bench.__main__ import main
from tests.bench.matching.database import Wishes
from tests.bench.pages import BARE, LOGGED, LONGEST_MS, PAGES, PROFILE, Asked, Figures, Findings, figures_of, percentile
from tests.databases import drop

PEOPLE, VACANCIES, REQUESTS = 300, 60, 3


@pytest.fixture
def servers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database server without a test database's transaction: the benchmark makes databases of its own."""
    with django_db_blocker.unblock():
        yield
        drop(Wishes("S", people=PEOPLE).database)
        connections.close_all()


@pytest.mark.slow
def test_a_tiny_area_gives_all_figures_and_each_read_leaves_its_row(servers: None) -> None:
    out = io.StringIO()
    sizes = ["--size", "S", "--people", str(PEOPLE), "--vacancies", str(VACANCIES)]
    with contextlib.redirect_stdout(out):
        code = main(["pages", *sizes, "--requests", str(REQUESTS), "--warm-up", "1", "--log-rows", "1000", "--json"])
    found = json.loads(out.getvalue().splitlines()[-1])
    assert code == 0
    assert (found["size"], found["seekers"], found["vacancies"]) == ("S", PEOPLE, VACANCIES)
    assert found["complete"] is True
    assert tuple(found["pages"]) == PAGES
    for name, one in found["pages"].items():
        assert one["requests"] == REQUESTS
        assert 0 < one["p50"] <= one["p95"] <= one["p99"]
        assert 0 < one["cpu_p50"] <= one["p99"]
        assert (one["off_p50"] is None) == (name == BARE)
        assert (one["log_rows"] >= REQUESTS and 0 < one["log_share"] < 1) == (name in LOGGED)
    assert found["log_rows"] == sum(one["log_rows"] for one in found["pages"].values())
    assert found["profile_p95_ms"] == max(found["pages"][name]["p95"] for name in PROFILE)


def figures(p95: float = 40.0) -> Figures:
    return Figures(p50=20.0, p95=p95, p99=p95, cpu_p50=9.0, cpu_p95=9.0, log_p50=1.0, requests=2, log_rows=2)


def findings(size: str = "M", **pages: Figures) -> Findings:
    each = {name: figures() if name in LOGGED else replace(figures(), log_rows=0) for name in PAGES}
    each |= {name.replace("_", ":", 1): one for name, one in pages.items()}
    found = Findings(size, 1, 1, 2, pages=each)
    return replace(found, log_rows=sum(one.log_rows for one in each.values()))


def test_the_promise_is_for_profile_pages_of_size_m() -> None:
    assert findings().good
    assert not findings(seekers_looked=figures(LONGEST_MS)).good
    assert findings(seekers_looked=figures(LONGEST_MS)).slowest_profile == "seekers:looked"
    assert findings(vacancies_page=figures(LONGEST_MS)).good
    assert findings("L", seekers_looked=figures(LONGEST_MS)).good


def test_a_read_without_a_row_fails_at_any_size() -> None:
    assert not findings("S", seekers_looked=replace(figures(), log_rows=1)).good
    found = findings("S")
    assert not replace(found, log_rows=found.log_rows - 1).good
    assert not replace(found, pages={BARE: figures()}).complete


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile(range(1, 101), n) for n in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 95) == 7
    told = figures_of([Asked(10.0, 5.0, 1.0, 1), Asked(30.0, 6.0, 3.0, 2)], [Asked(8.0, 4.0, 0.0, 0)])
    assert (told.p50, told.p95, told.log_share, told.log_rows, told.off_p50) == (10.0, 30.0, 0.1, 3, 8.0)
