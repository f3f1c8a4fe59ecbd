"""Marks of states and of the criteria of a match: shape, word and colour together."""

from enum import IntEnum

import pytest
from django.utils import translation
from heroicons import IconDoesNotExist
from hypothesis import given
from hypothesis import strategies as st

from jobmatching.engine.criteria import Criterion, State
from portal.ui import marks
from portal.ui.icons import icon
from portal.ui.marks import Result, Tone
from tests.ui.html import faults, read

RESULTS = st.lists(st.sampled_from(list(Result)), min_size=7, max_size=7)


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone])
def test_a_tag_tells_its_state_by_icon_word_and_class(tone: Tone) -> None:
    span = read(marks.tag("<Ready>", tone)).one("span")
    assert span.text == "<Ready>"
    assert f"is-{tone}" in span.classes()
    assert span.one("svg").attrs["aria-hidden"] == "true"


def test_an_unknown_tone_or_icon_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        marks.tag("Ready", "purple")
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")


@pytest.mark.parametrize("result", list(Result))
def test_a_criterion_says_its_result_before_the_text(result: Result) -> None:
    word = str(marks.RESULT_WORDS[result])
    with_text = read(marks.crit(result, "3 / 3", "forklift"))
    assert with_text.text == f"{word}: 3 / 3forklift"
    assert not faults(with_text)
    assert read(marks.crit(result)).text == word


def test_unknown_is_never_red_and_not_asked_has_no_colour() -> None:
    assert "is-bad" not in marks.crit(Result.UNKNOWN)
    assert "is-" not in marks.crit(Result.NOT_ASKED).split("<svg")[0]


def test_the_engine_speaks_the_same_words() -> None:
    assert {marks.result_of(state) for state in State} == set(Result)
    assert len(Criterion) == len(marks.NOT_ASKED_WORDS)


def test_a_result_that_is_none_is_refused() -> None:
    class Mood(IntEnum):
        GOOD = 1

    with pytest.raises(ValueError, match="good"):
        marks.result_of(Mood.GOOD)


@pytest.mark.parametrize(
    ("states", "label"),
    [
        (["met"] * 7, "7 / 7"),
        (["met"] * 4 + ["unknown"] + ["met"] * 2, "6 / 7, 1 to ask"),
        (["met", "unknown", "unknown", "partly", "met", "missing", "met"], "3 / 7, 2 to ask, 1 partly, 1 missing"),
        (["met"] * 5 + ["not_asked"] * 2, "5 / 5, languages and permits not asked"),
        (["met"] * 6 + ["not_asked"], "6 / 6, permits not asked"),
        (["not_asked"] * 3 + ["met"] * 4, "4 / 4, 3 not asked"),
    ],
)
def test_the_count_in_words(states: list[str], label: str) -> None:
    assert marks.pips_label(states) == label


@given(states=RESULTS)
def test_what_is_not_asked_is_not_counted(states: list[Result]) -> None:
    met, _of, asked = marks.pips_label(states).partition(",")[0].partition(" / ")
    assert int(met) == states.count(Result.MET)
    assert int(asked) == len(states) - states.count(Result.NOT_ASKED)


@given(states=RESULTS)
def test_the_words_are_said_once(states: list[Result]) -> None:
    drawn = read(marks.pips(states))
    assert drawn.one("svg").attrs["aria-hidden"] == "true"
    assert drawn.text == marks.pips_label(states)
    alone = read(marks.pips(states, with_words=False))
    assert alone.one("svg").attrs["aria-label"] == marks.pips_label(states)
    assert alone.text == ""


def test_each_result_has_a_shape_of_its_own() -> None:
    shapes = {marks.pips([result], with_words=False).partition(">")[2] for result in Result}
    assert len(shapes) == len(Result)
