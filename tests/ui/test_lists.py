"""Chips of filters in force, and heads of columns that order a list."""

from urllib.parse import parse_qs

from django import forms
from django.http import QueryDict

from portal.ui.chips import Counted, chips_of, without
from portal.ui.sorting import heading


class Filter(forms.Form):
    """A filter with each kind of field."""

    q = forms.CharField(label="Words", required=False)
    colour = forms.MultipleChoiceField(
        choices=[("r", "Red"), ("g", Counted.of("Green <1>", 1200))], required=False, label="Colour"
    )
    only = forms.BooleanField(label="Only these", required=False)


def in_force(query: str) -> list[str]:
    given = QueryDict(query)
    return [chip.label for chip in chips_of(Filter(given), given)]


def test_a_chip_per_value_in_the_order_of_the_panel() -> None:
    assert in_force("only=on&colour=g&colour=r&q=iron") == ["Words: iron", "Green <1>", "Red", "Only these"]


def test_what_is_empty_unknown_or_not_ticked_has_no_chip() -> None:
    assert in_force("q=&only=False&page=2&other=1") == []
    assert in_force("colour=blue&q=iron") == ["Words: iron"]


def test_a_counted_choice_is_escaped_once() -> None:
    counted = Counted.of("Green <1>", 1200)
    assert str(counted) == 'Green &lt;1&gt; <span class="k-mute">1\xa0200</span>'
    assert counted.words == "Green <1>"


def test_taking_one_value_away_keeps_the_rest_and_goes_to_the_first_page() -> None:
    query = QueryDict("colour=g&colour=r&order=name&page=4")
    assert parse_qs(without(query, "colour", "g")[1:]) == {"colour": ["r"], "order": ["name"]}
    assert parse_qs(without(query, "colour")[1:]) == {"order": ["name"]}
    assert query["page"] == "4"


def test_a_head_orders_by_its_column_and_turns_the_order_round() -> None:
    query = QueryDict("colour=g&page=4")
    plain = heading(query, "name", "Name", "since")
    assert (plain.direction, parse_qs(plain.url[1:])) == ("", {"colour": ["g"], "order": ["name"]})
    ascending = heading(query, "name", "Name", "name")
    assert (ascending.direction, parse_qs(ascending.url[1:])["order"]) == ("ascending", ["-name"])
    descending = heading(query, "name", "Name", "-name")
    assert (descending.direction, parse_qs(descending.url[1:])["order"]) == ("descending", ["name"])
    assert heading(query, "", "Colour", "name").url == ""
