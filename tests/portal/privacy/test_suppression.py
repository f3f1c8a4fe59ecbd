"""Small groups cannot be worked out: tried by somebody who knows the total, all that is shown, and the rule itself."""

from collections.abc import Sequence
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy.suppression import FEWEST, Cell, Published, hide_small


def marks(counts: list[int]) -> str:
    """s shown, x small, g guard."""
    letters = {Cell.SHOWN: "s", Cell.SMALL: "x", Cell.GUARD: "g"}
    return "".join(letters[cell] for cell in hide_small(counts).cells)


def smallest_shown(counts: Sequence[int], published: Published) -> int:
    """No guard is larger than this, as everybody knows who knows the rule."""
    shown = [count for count, cell in zip(counts, published.cells, strict=True) if cell is Cell.SHOWN and count]
    return min(shown, default=sum(counts))


def possible_values(counts: Sequence[int], published: Published, place: int) -> set[int]:
    """What the count of a hidden group can be for somebody who knows the total, the shown groups and the marks."""
    ranges = {Cell.SMALL: (1, FEWEST - 1), Cell.GUARD: (FEWEST, smallest_shown(counts, published))}
    hidden = [at for at, cell in enumerate(published.cells) if cell.hidden]
    together = sum(counts[at] for at in hidden)
    lows, highs = (
        zip(*(ranges[published.cells[at]] for at in hidden if at != place), strict=True)
        if len(hidden) > 1
        else ((), ())
    )
    low, high = ranges[published.cells[place]]
    return {value for value in range(low, high + 1) if sum(lows) <= together - value <= sum(highs)}


# --- By hand ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([40, 5, 17], "sss"),
        ([40, 0, 17], "sss"),  # nobody is in the empty group
        ([40, 4, 17], "sxg"),  # 4 could be counted from the total: the smallest of the others goes with it
        ([40, 1, 17, 17], "sxgs"),  # 1 + 17: the small one can be 1..4, the guard 14..17
        ([40, 4, 17, 17], "sxgg"),  # 4 + 17: guards of at most 17 would say that the small one is 4
        ([40, 1, 5], "gxg"),  # 1 + 5 would say that the small one is 1, the guard having 5 at least
        ([3, 3], "xx"),
        ([], ""),
    ],
)
def test_by_hand(counts: list[int], told: str) -> None:
    assert marks(counts) == told


def test_several_small_groups_can_hide_each_other() -> None:
    assert marks([50, 2, 3, 2]) == "sxxx"  # together 7: each can be 1..4
    assert marks([50, 4, 4, 30]) == "sxxg"  # together 8 says 4 and 4


def test_where_everything_hidden_still_says_too_much_the_total_is_hidden_too() -> None:
    assert hide_small([1]) == Published((Cell.SMALL,), total=False)
    assert hide_small([4, 4]) == Published((Cell.SMALL, Cell.SMALL), total=False)
    assert hide_small([1, 5]) == Published((Cell.SMALL, Cell.GUARD), total=False)
    assert hide_small([2, 3]).total


def test_no_count_is_negative() -> None:
    with pytest.raises(ValueError, match="fewer people than none"):
        hide_small([4, -1])


# --- By everybody who knows the rule ---------------------------------------------------------------------------------
@given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=9))
def test_each_small_group_can_still_be_anything_from_one_to_four(counts: list[int]) -> None:
    published = hide_small(counts)
    for place, cell in enumerate(published.cells if published.total else ()):
        if cell is Cell.SMALL:
            assert possible_values(counts, published, place) == {1, 2, 3, 4}
        elif cell is Cell.GUARD:
            assert len(possible_values(counts, published, place)) > 1


@pytest.mark.slow
def test_even_tried_backwards_through_the_rule_nothing_small_is_certain() -> None:
    """Every table of up to four groups is published; what looks the same cannot be told apart."""
    most = 24
    alike: dict[tuple[object, ...], set[tuple[int, ...]]] = {}
    for counts in (table for size in (1, 2, 3, 4) for table in combinations_with_replacement(range(1, most), size)):
        published = hide_small(counts)
        hidden = [count for count, cell in zip(counts, published.cells, strict=True) if cell.hidden]
        too_large = sum(hidden) >= most and len(hidden) == len(counts)  # its like would be beyond those tried here
        if hidden and published.total and not too_large:
            shown = tuple(count for count, cell in zip(counts, published.cells, strict=True) if not cell.hidden)
            small = tuple(count for count in hidden if count < FEWEST)
            alike.setdefault((shown, sum(hidden), len(small), len(hidden)), set()).add(small)
    assert len(alike) > 500
    assert [view for view, smalls in alike.items() if len(smalls) == 1] == []


@given(st.lists(st.integers(min_value=0, max_value=300), max_size=20))
def test_what_is_hidden_is_what_must_be(counts: list[int]) -> None:
    published = hide_small(counts)
    for count, cell in zip(counts, published.cells, strict=True):
        assert (cell is Cell.SMALL) == (0 < count < FEWEST)
        assert cell is not Cell.GUARD or any(0 < other < FEWEST for other in counts)
        assert cell is not Cell.GUARD or count <= smallest_shown(counts, published)
    if any(cell is Cell.SHOWN for count, cell in zip(counts, published.cells, strict=True) if count):
        assert published.total
