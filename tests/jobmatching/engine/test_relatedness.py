"""Groups of skills and the relatedness table, on cases small enough to work out by hand."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatching.engine.relatedness import Related, relatedness, shared_skills, skill_groups

NONE = np.zeros((0, 2), dtype=np.int64)


def edges(*pairs: tuple[int, int]) -> npt.NDArray[np.int64]:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def rows(related: Related) -> list[list[tuple[int, int]]]:
    """The table as lists of (occupation, value)."""
    listed = list(zip(related.related_occupation.tolist(), related.related_value.tolist(), strict=True))
    bounds = related.related_ptr.tolist()
    return [listed[start:end] for start, end in pairwise(bounds)]


def relate(
    skills: list[list[int]], groups: list[int], *names: list[str], **options: int
) -> list[list[tuple[int, int]]]:
    ptr = np.concatenate(([0], np.cumsum([len(row) for row in skills]))).astype(np.int64)
    flat = np.array([skill for row in skills for skill in row], dtype=np.int32)
    return rows(relatedness(ptr, flat, np.array(groups, dtype=np.int32), names, **options))


class TestSkillGroups:
    def test_the_group_is_the_first_ancestor_in_code_order_at_the_level(self) -> None:
        # S (0) over S2 (1) and S1 (2); the skill stands under both.
        groups = skill_groups(1, ["S", "S2", "S1"], NONE, edges((0, 1), (0, 2)), edges((1, 0), (2, 0)), level=1)
        assert groups.hierarchy_row[groups.of_skill].tolist() == [2]

    def test_groups_are_numbered_in_code_order(self) -> None:
        groups = skill_groups(3, ["B", "A"], NONE, edges((0, 0), (1, 1), (2, 0)), NONE, level=0)
        assert groups.of_skill.tolist() == [1, 0, 1]
        assert groups.hierarchy_row.tolist() == [1, 0]

    def test_a_skill_under_another_skill_belongs_where_that_one_does(self) -> None:
        groups = skill_groups(2, ["S1", "S2"], edges((0, 1)), edges((1, 1)), NONE, level=0)
        assert groups.of_skill.tolist() == [0, 0]
        assert groups.hierarchy_row.tolist() == [1]

    def test_deeper_groups_are_followed_up_to_the_level(self) -> None:
        # 0 <- 1 <- 2: the skill stands in group 2, the level asked is 1.
        groups = skill_groups(1, ["S", "S1", "S1.1"], NONE, edges((0, 2)), edges((1, 0), (2, 1)), level=1)
        assert groups.hierarchy_row.tolist() == [1]

    def test_where_the_level_is_not_reached_the_nearest_one_above_counts(self) -> None:
        groups = skill_groups(1, ["S", "S1"], NONE, edges((0, 1)), edges((1, 0)), level=3)
        assert groups.hierarchy_row.tolist() == [1]

    def test_a_skill_without_ancestors_is_a_group_of_its_own(self) -> None:
        groups = skill_groups(3, ["S"], NONE, edges((1, 0)), NONE, level=0)
        assert groups.of_skill.tolist() == [1, 0, 2]
        assert groups.hierarchy_row.tolist() == [0, -1, -1]

    def test_a_group_with_two_ways_up_has_the_level_of_the_shorter(self) -> None:
        # 0 is the root; 2 stands under 1 and straight under 0: level 1, so it is a group at level 1.
        groups = skill_groups(1, ["S", "S9", "S1"], NONE, edges((0, 2)), edges((1, 0), (2, 1), (2, 0)), level=1)
        assert groups.hierarchy_row.tolist() == [2]

    def test_a_circle_among_skills_or_groups_ends(self) -> None:
        groups = skill_groups(
            2, ["S", "X", "Y"], edges((0, 1), (1, 0)), edges((0, 0), (1, 1)), edges((1, 2), (2, 1)), level=3
        )
        assert groups.hierarchy_row[groups.of_skill].tolist() == [0, 0]


class TestRelatedness:
    def test_likeness_of_groups_is_the_root_of_the_cosine_of_their_idf(self) -> None:
        # Occupation 0: groups 0 and 1; occupation 1: group 0; occupation 2: group 2.
        shared, own = round(1000 * math.log(4 / 3)), round(1000 * math.log(4 / 2))
        cosine = shared**2 / (math.hypot(shared, own) * shared)
        table = relate([[0, 1], [0], [2]], [0, 1, 2], name_share=0, least=1)
        assert table == [[(1, round(100 * math.sqrt(cosine)))], [(0, round(100 * math.sqrt(cosine)))], []]

    def test_two_skills_of_one_group_count_twice(self) -> None:
        # Occupations 0 and 1 do the same kind of thing with other skills; 0 does it twice, beside another kind.
        kind, other = round(1000 * math.log(4 / 3)), round(1000 * math.log(4 / 2))
        cosine = 2 * kind * kind / (math.hypot(2 * kind, other) * kind)
        table = relate([[0, 1, 2], [3], [4]], [0, 0, 1, 0, 2], name_share=0, least=1)
        assert table[0] == [(1, round(100 * math.sqrt(cosine)))]

    def test_likeness_of_names_counts_three_letter_parts_of_words(self) -> None:
        # " ab" is in both; "ab " and "abc", "bc " in one each; the third name shares nothing.
        both, one = round(1000 * math.log(4 / 3)), round(1000 * math.log(4 / 2))
        cosine = both**2 / (math.hypot(both, one) * math.hypot(both, one, one))
        table = relate([[], [], []], [], ["ab", "Abc", "xyz"], name_share=100, least=1)
        assert table == [[(1, round(100 * math.sqrt(cosine)))], [(0, round(100 * math.sqrt(cosine)))], []]

    def test_parts_of_different_languages_are_different(self) -> None:
        assert relate([[], [], []], [], ["abc", "", "x"], ["", "abc", "y"], name_share=100, least=1) == [[], [], []]

    def test_the_two_likenesses_are_shared_out(self) -> None:
        # Same skill groups, unlike names; the fourth occupation keeps the others telling.
        table = relate([[0], [0], [], []], [0], ["abc", "def", "ghi", "jkl"], name_share=70, least=1)
        assert table[0] == [(1, round(100 * math.sqrt(0.3)))]

    def test_twins_are_related_by_100_and_nobody_to_himself(self) -> None:
        table = relate([[0], [0], []], [0], ["abc", "abc", "x"])
        assert table == [[(1, 100)], [(0, 100)], []]

    def test_equal_values_stand_by_ascending_occupation_and_the_list_is_cut(self) -> None:
        table = relate([[0], [0], [0], [0], []], [0], name_share=0, most=2)
        assert table == [[(1, 100), (2, 100)], [(0, 100), (2, 100)], [(0, 100), (1, 100)], [(0, 100), (1, 100)], []]

    def test_what_is_too_far_is_left_out(self) -> None:
        value = round(100 * math.sqrt(0.3))
        skills, names = [[0], [0], [], []], ["abc", "def", "ghi", "jkl"]
        assert relate(skills, [0], names, name_share=70, least=value)[0] == [(1, value)]
        assert relate(skills, [0], names, name_share=70, least=value + 1)[0] == []

    def test_an_empty_classification_has_an_empty_table(self) -> None:
        assert relate([], [], []) == []

    @given(
        skills=st.lists(st.lists(st.integers(0, 5), unique=True), min_size=2, max_size=12),
        letters=st.lists(st.text("abå ", max_size=6), min_size=12, max_size=12),
        share=st.integers(0, 100),
    )
    def test_values_are_symmetric_and_do_not_hang_on_the_order(
        self, skills: list[list[int]], letters: list[str], share: int
    ) -> None:
        n, groups = len(skills), [0, 0, 1, 1, 2, 2]
        names = letters[:n]
        table = [dict(row) for row in relate(skills, groups, names, name_share=share, most=n, least=1)]
        turned = [dict(row) for row in relate(skills[::-1], groups, names[::-1], name_share=share, most=n, least=1)]
        for one in range(n):
            assert one not in table[one]
            for other, value in table[one].items():
                assert 1 <= value <= 100
                assert table[other][one] == value
                assert turned[n - 1 - one][n - 1 - other] == value


@pytest.mark.parametrize(("one", "other", "expected"), [(0, 1, [3, 1]), (1, 0, [3, 1]), (0, 2, [])])
def test_shared_skills_stand_with_the_most_telling_first(one: int, other: int, expected: list[int]) -> None:
    ptr = np.array([0, 3, 6, 7], dtype=np.int64)
    skills = np.array([0, 1, 3, 1, 2, 3, 4], dtype=np.int32)
    idf = np.array([9, 5, 1, 8, 7], dtype=np.uint16)
    assert shared_skills(ptr, skills, idf, one, other).tolist() == expected
