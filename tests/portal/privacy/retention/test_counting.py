"""Figures about people who are deleted: nobody can be found in them, and nobody is lost from them."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy.retention.counting import NO_FEATURES, Cell, add, age_band, cell_of, merged
from portal.privacy.retention.models import SMALLEST_CELL, DepartedCount
from tests.factories import MunicipalityFactory

CELLS = st.builds(
    Cell,
    month=st.sampled_from([date(2024, 9, 1), date(2024, 10, 1)]),
    municipality_id=st.sampled_from([None, 1, 2, 3]),
    age_band=st.sampled_from(["-24", "25-34", "65-"]),
    sex=st.sampled_from(["", "female", "male"]),
)


def covers(coarse: Cell, fine: Cell) -> bool:
    """Whether a merged cell may hold people of a fine one: it only leaves features out, in their order."""
    return coarse in (
        fine,
        Cell(fine.month, fine.municipality_id, fine.age_band),
        Cell(fine.month, fine.municipality_id),
        Cell(fine.month),
        NO_FEATURES,
    )


@given(st.lists(CELLS, max_size=80))
def test_nobody_is_lost_and_no_cell_is_small(people: list[Cell]) -> None:
    cells = merged(people)
    assert sum(cells.values()) == len(people)
    assert all(count >= SMALLEST_CELL for cell, count in cells.items() if cell != NO_FEATURES)


@given(st.lists(CELLS, max_size=80))
def test_a_merged_cell_tells_nothing_that_was_left_out(people: list[Cell]) -> None:
    """Whoever knows all cells cannot tell one value of what was left out: at least two are possible."""
    cells = merged(people)
    fine = Counter(people)
    for cell in cells:
        inside = [one for one in fine if one not in cells and covers(cell, one)]
        if cell in fine and fine[cell] >= SMALLEST_CELL:
            continue  # people who share every feature that is told; nothing of them was left out
        if cell != NO_FEATURES:
            assert len(inside) >= 2


@given(st.lists(CELLS, max_size=40))
def test_each_person_is_in_a_cell_that_covers_them(people: list[Cell]) -> None:
    cells = merged(people)
    assert all(any(covers(cell, person) for cell in cells) for person in people)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2002, 6, 2), "-24"),
        (date(2001, 6, 1), "25-34"),
        (date(1991, 6, 2), "25-34"),
        (date(1991, 6, 1), "35-44"),
        (date(1961, 6, 2), "55-64"),
        (date(1961, 6, 1), "65-"),
        (date(1920, 1, 1), "65-"),
    ],
)
def test_the_age_is_that_on_the_day_when_the_search_ended(born: date, band: str) -> None:
    assert age_band(born, date(2026, 6, 1)) == band


def test_the_cell_of_a_person_has_a_month_and_no_day() -> None:
    assert cell_of(date(2024, 9, 17), 4, date(1990, 1, 1), "male") == Cell(date(2024, 9, 1), 4, "25-34", "male")


@pytest.mark.django_db
def test_cells_add_up_from_night_to_night() -> None:
    town = MunicipalityFactory()
    cell = Cell(date(2024, 9, 1), town.pk, "25-34", "male")
    assert add([cell] * 6) == 6
    assert add([cell] * 5 + [Cell(date(2024, 9, 1), town.pk, "65-", "female")]) == 6
    assert add([]) == 0
    told = {(row.month, row.municipality_id, row.age_band, row.sex): row.people for row in DepartedCount.objects.all()}
    assert told == {(date(2024, 9, 1), town.pk, "25-34", "male"): 11, (None, None, "", ""): 1}


@pytest.mark.django_db
def test_the_database_itself_refuses_a_small_cell() -> None:
    with pytest.raises(IntegrityError, match="privacy_departed_no_small_cell"), transaction.atomic():
        DepartedCount.objects.create(month=date(2024, 9, 1), age_band="65-", people=4)
    DepartedCount.objects.create(people=1)
    with pytest.raises(IntegrityError, match="privacy_departed_once"), transaction.atomic():
        DepartedCount.objects.create(people=2)
