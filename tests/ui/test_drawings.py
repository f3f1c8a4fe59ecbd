"""Meters, sparklines and charts: inside their frame, in words too, the same numbers in the table."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.ui import charts, drawings
from portal.ui.charts import Chart, Kind, Series
from tests.ui.html import Element, faults, read

NUMBERS = st.floats(min_value=-1e7, max_value=1e7, allow_nan=False, allow_infinity=False)


def chart_of(values: list[float | None], kind: Kind = Kind.LINE, **fields: Any) -> Chart:
    categories = [str(i) for i in range(len(values))]
    return Chart("Open vacancies", "They grow.", categories, (Series("Kemi", values),), kind=kind, **fields)


def number(element: Element, name: str) -> float:
    return float(element.attrs[name])


@given(shares=st.lists(st.floats(min_value=0, max_value=500, allow_nan=False), min_size=1, max_size=4))
def test_a_meter_stays_in_its_frame(shares: list[float]) -> None:
    parts = list(read(drawings.meter(shares, 200)).all("rect"))[1:]
    assert len(parts) == len(shares)
    for part in parts:
        assert number(part, "width") >= 0
        assert number(part, "x") + number(part, "width") <= 100.01


def test_a_meter_of_nothing_is_empty() -> None:
    assert 'width="0.00"' in drawings.meter(5, 0)
    assert 'width="38.00"' in drawings.meter(38)


@given(values=st.lists(NUMBERS, min_size=1, max_size=20), target=st.none() | NUMBERS)
def test_a_spark_stays_in_its_frame_and_says_its_sentence(values: list[float], target: float | None) -> None:
    svg = read(drawings.spark(values, 'Grew "much"', target)).one("svg")
    assert svg.attrs["aria-label"] == 'Grew "much"'
    points = [point.split(",") for point in svg.one("polyline").attrs["points"].split()]
    assert len(points) == len(values)
    assert all(0 <= float(x) <= 150 and 0 <= float(y) <= 32 for x, y in points)


def test_a_spark_of_nothing_is_not_drawn() -> None:
    assert drawings.spark([], "Nothing yet") == ""


@given(values=st.lists(st.none() | NUMBERS, min_size=1, max_size=30), kind=st.sampled_from(list(Kind)))
def test_the_scale_holds_every_value(values: list[float | None], kind: Kind) -> None:
    known = [value for value in values if value is not None]
    assume(known)
    assume(max(known) - min(known) > 1e-3 or max(known) == min(known))
    scale = charts.scale_of(chart_of(values, kind))
    slack = 1e-6 * max(1, abs(scale.high), abs(scale.low))
    assert scale.low <= min(known) + slack
    assert scale.high >= max(known) - slack
    assert 2 <= len(scale.ticks) <= 8
    if kind is Kind.BAR:
        assert scale.low <= 0 <= scale.high, "a bar without its zero misleads"


@given(values=st.lists(st.none() | st.integers(min_value=-500, max_value=500), min_size=1, max_size=30))
def test_what_is_not_known_is_not_drawn(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    bars = [one for one in read(charts.svg(chart_of(values, Kind.BAR))).all("rect") if one.attrs.get("class") == "s1"]
    assert len(bars) == len(known)
    markers = list(read(charts.svg(chart_of(values))).all("circle"))
    assert len(markers) == len(known)
    assert all(charts.TOP - 1 <= number(one, "cy") <= charts.HEIGHT - charts.BOTTOM + 1 for one in markers)


def test_the_line_breaks_where_a_value_is_missing() -> None:
    lines = list(read(charts.svg(chart_of([1, 2, None, 3, 4]))).all("polyline"))
    assert len(lines) == 2


def test_the_table_has_the_same_numbers_in_the_readers_format() -> None:
    drawn = chart_of([1184.25, None], decimals=1)
    with translation.override("en"):
        assert charts.table_rows(drawn) == [("0", ["1,184.3"]), ("1", ["not shown"])]
    assert charts.table_rows(chart_of([34.2], unit="%")) == [("0", ["34,2\u00a0%"])]


def test_a_chart_is_named_and_stands_beside_its_table() -> None:
    drawn = chart_of([1, 2], target=1.5, source="Own register <2026>", category_label="Month")
    page = read(Template("{% load ui %}{% chart chart %}").render(Context({"chart": drawn})))
    assert not faults(page)
    assert [svg for svg in page.all("svg") if svg.attrs.get("aria-label") == "Open vacancies. They grow."]
    assert page.one("caption").text.startswith("Open vacancies")
    assert [th.attrs["scope"] for th in page.all("th")] == ["col", "col", "row", "row"]
    assert page.one("figcaption").text == "Own register <2026>"


def test_labels_are_escaped() -> None:
    drawn = Chart("<b>", "&", ("<i>",), (Series("<u>", (1,)),))
    assert "<b>" not in charts.svg(drawn)
    assert "<i>" not in charts.svg(drawn)


@pytest.mark.parametrize("series", [(), tuple(Series(str(i), (1,)) for i in range(5)), (Series("a", (1, 2)),)])
def test_what_cannot_be_told_apart_is_refused(series: tuple[Series, ...]) -> None:
    with pytest.raises(ValueError, match="series"):
        Chart("t", "s", ("a",), series)


def test_limits_are_drawn_over_the_bars_and_told_in_the_table() -> None:
    series = Series("Osuus", (40, 55.5, None), ((35, 46), None, None))
    drawn = Chart("t", "s", ("a", "b", "c"), (series,), kind=Kind.BAR, unit="%", decimals=1, target=80)
    assert charts.svg(drawn).count('class="w"') == 1
    assert [values for _category, values in charts.table_rows(drawn)] == [
        ["40,0\xa0% (35,0–46,0)"],
        ["55,5\xa0%"],
        ["ei näytetä"],
    ]
    assert charts.scale_of(drawn).high >= 80


def test_limits_are_part_of_the_scale() -> None:
    assert charts.scale_of(Chart("t", "s", ("a",), (Series("x", (1,), ((0.5, 9),)),), kind=Kind.BAR)).high >= 9
    with pytest.raises(ValueError, match="limits for each"):
        Chart("t", "s", ("a", "b"), (Series("x", (1, 2), ((0, 1),)),))
