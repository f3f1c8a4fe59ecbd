"""The template tags: accessible HTML from what a view gives."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.ui.gallery import SampleFilter, SampleTable
from portal.ui.parts import Chip, Choice, Event, Fact, KeyFigure, Progress, Step, Tile
from tests.factories import NOW
from tests.ui.html import Element, faults, read


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


def draw(template: str, path: str = "/", **context: Any) -> Element:
    """A template with our tags, drawn for a request; without any of the faults that no page may have."""
    context["request"] = RequestFactory().get(path)
    page = read(Template("{% load ui formats django_tables2 %}" + template).render(Context(context)))
    assert not faults(page)
    return page


def test_tabs_are_links_and_one_is_current() -> None:
    page = draw(
        '{% tabs choices "Lists" %}', choices=(Choice("?a", "Candidates", 1184, current=True), Choice("?b", "Near", 0))
    )
    assert page.one("nav").attrs["aria-label"] == "Lists"
    first, second = page.all("a")
    assert first.attrs["aria-current"] == "page"
    assert first.text == "Candidates 1,184"
    assert "aria-current" not in second.attrs
    assert second.text == "Near 0"


def test_a_choice_without_a_count_shows_none() -> None:
    assert draw('{% seg choices "Year" %}', choices=(Choice("?a", "2026"),)).one("a").text == "2026"


def test_tiles() -> None:
    page = draw('{% tiles tiles "Queues" %}', tiles=(Tile("?a", 34, "Open", "2 late", current=True),))
    assert page.one("a").attrs["aria-current"] == "true"
    assert page.one("b").text == "34"


def test_a_chip_says_that_it_takes_the_filter_away() -> None:
    page = draw('{% chips chips "?" %}', chips=(Chip("Kemi", "?without"),))
    assert next(page.all("a")).text == "Kemi, remove the filter"
    assert not list(draw("{% chips chips %}", chips=()).all())


def test_crumbs_end_with_this_page() -> None:
    page = draw('{% crumbs "Vacancies" "/v/" employer "/e/" "Welder" %}', employer="Oy <Ab>")
    assert [link.attrs["href"] for link in page.all("a")] == ["/v/", "/e/"]
    assert [item.text for item in page.all("li")] == ["Vacancies", "Oy <Ab>", "Welder"]
    assert [item.attrs.get("aria-current") for item in page.all("li")] == [None, None, "page"]


def test_pagination_keeps_the_filters_and_marks_the_page() -> None:
    pages = Paginator(range(118), 12)
    page = draw("{% pagination page %}", "/list/?town=Kemi&page=5", page=pages.page(5))
    links = {link.text: link.attrs["href"] for link in page.all("a")}
    assert links["Next"] == "?town=Kemi&page=6"
    assert links["Page 10"] == "?town=Kemi&page=10"
    assert [link.text for link in page.all("a") if link.attrs.get("aria-current")] == ["Page 5"]
    assert page.text.startswith("49–60 / 118")


def test_one_page_has_no_links() -> None:
    page = draw("{% pagination page %}", page=Paginator(range(3), 12).page(1))
    assert not list(page.all("a"))
    assert page.text == "1–3 / 3"


def test_facts_of_each_kind() -> None:
    for kind in ("", "wide", "num"):
        page = draw("{% facts facts kind %}", facts=(("Town", "Kemi"), Fact("Skills", 3, "profile")), kind=kind)
        assert [dt.text for dt in page.all("dt")] == ["Town", "Skills"]
        assert [dd.text for dd in page.all("dd")] == ["Kemi", "3profile"]


def test_key_figures_say_whether_a_change_is_good() -> None:
    figure = KeyFigure("Rate", "11,5 %", change="+0,3", tone="warn", icon="arrow-up")
    page = draw("{% key_figures figures %}", figures=(figure, KeyFigure("Open", "318")))
    assert "is-warn" in next(one for one in page.all("span") if "k-say" in one.classes()).classes()


def test_a_timeline_has_machine_readable_times() -> None:
    page = draw('{% timeline events "Events" %}', events=(Event("Began", NOW, "Text", now=True),))
    assert page.one("time").attrs["datetime"].startswith("2026-11-21T")
    assert "is-now" in page.one("li").classes()


def test_progress_asks_for_itself_while_it_goes_on() -> None:
    going = Progress(
        "The run", (Step("Load", done=True), Step("Match", current=True)), 38, "/part/", "/page/", "3 of 8"
    )
    page = draw("{% progress progress %}", progress=going)
    frame = next(page.all("div"))
    assert frame.attrs["hx-get"] == "/part/"
    assert frame.attrs["hx-trigger"] == "every 2s"
    bar = next(one for one in page.all("div") if one.attrs.get("role") == "progressbar")
    assert bar.attrs["aria-valuenow"] == "38"
    assert [one.text for one in page.all("li") if one.attrs.get("aria-current") == "step"] == ["Match"]
    assert page.one("a").attrs["href"] == "/page/", "the way on without scripts"


def test_progress_rests_when_it_has_ended() -> None:
    page = draw("{% progress progress %}", progress=Progress("The run", percent=100))
    assert "hx-get" not in next(page.all("div")).attrs
    assert not list(page.all("a"))


def test_a_note_holds_what_stands_in_it() -> None:
    page = draw('{% note "warn" title=title %}Call <a href="/x/">now</a>{% endnote %}', title="<Late>.")
    assert page.text == "<Late>. Call now"
    assert "is-warn" in next(page.all("div")).classes()


# --- The table -----------------------------------------------------------------------------------------------------
ROWS = [
    {"title": "Welder", "town": "Kemi", "places": 1184, "until": None},
    {"title": "Nurse", "town": "Simo", "places": 2},
]


def table(sort: str = "", rows: list[dict[str, Any]] = ROWS) -> Element:
    path = f"/?town=Kemi&sort={sort}" if sort else "/?town=Kemi"
    request = RequestFactory().get(path)
    built = SampleTable(rows, order_by=sort or None, request=request)
    return draw("{% render_table table %}", path, table=built)


def test_a_row_is_named_by_its_header_and_each_cell_by_its_column() -> None:
    page = table()
    assert [th.text for th in page.all("th") if th.attrs["scope"] == "row"] == ["Welder", "Nurse"]
    cells = list(page.all("td"))
    assert [cell.attrs["data-l"] for cell in cells[:3]] == ["Kunta", "Paikkoja", "Haku päättyy"]
    assert cells[1].text == "1,184"
    assert "k-num" in cells[1].classes()
    assert {one.attrs["role"] for one in page.all("table", "tr", "td")} == {"table", "row", "cell"}


def test_the_order_is_said_in_the_header_and_in_the_caption() -> None:
    rising, falling = table("places"), table("-places")
    assert [th.attrs.get("aria-sort") for th in rising.all("th")][2] == "ascending"
    assert [th.attrs.get("aria-sort") for th in falling.all("th")][2] == "descending"
    assert rising.one("caption").text == "Työpaikat, order: Paikkoja, ascending"
    assert table().one("caption").text == "Työpaikat"
    link = next(a for a in rising.all("a") if a.text == "Paikkoja")
    assert link.attrs["href"] == "?town=Kemi&sort=-places", "the filters stay"


def test_an_empty_table_says_so() -> None:
    assert "Ei työpaikkoja" in table(rows=[]).text


# --- The filter panel ----------------------------------------------------------------------------------------------
def panel(query: str) -> Element:
    path = f"/list/?{query}"
    request = RequestFactory().get(path)
    keep = {"sort": "places"}
    return draw('{% filter_panel form "Filter" keep=keep %}', path, form=SampleFilter(request.GET), keep=keep)


def test_filters_fold_away_unless_they_are_in_force() -> None:
    page = panel("town=kemi")
    assert ["open" in one.attrs for one in page.all("details")] == [True, False]
    assert page.one("form").attrs["method"] == "get"
    toggle = next(page.all("button"))
    assert toggle.text == "Filter, in force: 1"
    assert toggle.attrs["aria-expanded"] == "false"
    assert [a.attrs["href"] for a in page.all("a")] == ["/list/"]


def test_filters_that_are_not_in_force_offer_nothing_to_clear() -> None:
    page = panel("")
    assert not any("open" in one.attrs for one in page.all("details"))
    assert not list(page.all("a"))


def test_a_filter_carries_the_order_on() -> None:
    hidden = [one for one in panel("").all("input") if one.attrs.get("type") == "hidden"]
    assert [(one.attrs["name"], one.attrs["value"]) for one in hidden] == [("sort", "places")]
