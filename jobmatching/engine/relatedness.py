"""Which occupations can stand in for which: groups of skills and the relatedness table, from the classification alone.

Two occupations are related when their people do the same kinds of things (their skills stand in the same groups)
and when they are called alike (their names share parts of words, in any language: "rakennusinsinööri" and
"sähköinsinööri", "musiklärare" and "danslärare"). Both are cosines, so a long list of skills is no advantage.
The shares below were chosen on judgements of real substitutability (`quality`); nothing else was fitted.

All sums are of whole numbers; only a last division and square roots are not, and IEEE 754 rounds those alike
everywhere: the same classification gives the same table on every machine.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from jobmatching.engine.taxonomy import compute_idf

GROUP_LEVEL: Final = 3
"""Level of the skills pillar that the groups are taken from; in ESCO 0 = S, 1 = S1, 2 = S1.4, 3 = S1.4.2 (or 0712)."""

NAME_SHARE: Final = 70
"""Share of the likeness of names, in percent; the rest is the likeness of skill groups."""

MOST_RELATED: Final = 100
"""How many related occupations an occupation keeps at most."""

LEAST_RELATED: Final = 40
"""Values (0..100) below this are not kept: too far to be called related."""

_LETTERS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_COLUMNS_AT_ONCE: Final = 1024
_BELOW_ALL: Final = 2**31


class SkillGroups(NamedTuple):
    """Skills in groups at one level of the hierarchy."""

    of_skill: npt.NDArray[np.int32]
    """[nS] the skill's group, 0..nG-1, numbered in code order; groups of a single skill without ancestors come last."""

    hierarchy_row: npt.NDArray[np.int32]
    """[nG] which group of the hierarchy it is; -1 for a skill that stands alone."""


class Related(NamedTuple):
    """The relatedness table in CSR form, as `Taxonomy` takes it. The occupation itself is not listed."""

    related_ptr: npt.NDArray[np.int64]
    related_occupation: npt.NDArray[np.int32]
    related_value: npt.NDArray[np.uint8]


def skill_groups(
    n_skills: int,
    group_codes: Sequence[str],
    skill_in_skill: npt.NDArray[np.int64],
    skill_in_group: npt.NDArray[np.int64],
    group_in_group: npt.NDArray[np.int64],
    level: int = GROUP_LEVEL,
) -> SkillGroups:
    """Return the group of each skill: its first ancestor, in code order, among the groups of the level.

    The three edge lists have shape [n, 2] and say (child, parent), skills and groups by row. Skills may have several
    parents and may stand under other skills. A group's level is its shortest way from a root (a root has level 0).
    A skill without an ancestor at the level takes the nearest level above it that has one; without any ancestor it is
    a group of its own.
    """
    n_groups = len(group_codes)
    level_of = _levels(n_groups, group_in_group)
    # Groups stand behind the skills in one numbering, so that one walk goes through both.
    parents: list[list[int]] = [[] for _ in range(n_skills + n_groups)]
    for edges, child_offset, parent_offset in (
        (skill_in_skill, 0, 0),
        (skill_in_group, 0, n_skills),
        (group_in_group, n_skills, n_skills),
    ):
        for child, parent in edges.reshape(-1, 2).tolist():
            parents[child + child_offset].append(parent + parent_offset)
    in_order = sorted(range(n_groups), key=lambda row: (group_codes[row], row))
    place = {row: position for position, row in enumerate(in_order)}
    chosen = np.full(n_skills, -1, dtype=np.int64)
    for skill in range(n_skills):
        above = [row - n_skills for row in _ancestors(skill, parents) if row >= n_skills]
        candidates = [(-level_of[row], place[row]) for row in above if level_of[row] <= level]
        if candidates:
            chosen[skill] = min(candidates)[1]
    used, number = np.unique(chosen[chosen >= 0], return_inverse=True)
    alone = chosen < 0
    of_skill = np.empty(n_skills, dtype=np.int32)
    of_skill[~alone] = number
    of_skill[alone] = used.size + np.arange(np.count_nonzero(alone))
    rows = [in_order[position] for position in used.tolist()]
    return SkillGroups(of_skill, np.array(rows + [-1] * int(np.count_nonzero(alone)), dtype=np.int32))


def _ancestors(node: int, parents: list[list[int]]) -> set[int]:
    """Return everything above the node; a circle in the relations is walked once."""
    found: set[int] = set()
    waiting = list(parents[node])
    while waiting:
        above = waiting.pop()
        if above not in found:
            found.add(above)
            waiting.extend(parents[above])
    return found


def _levels(n_groups: int, group_in_group: npt.NDArray[np.int64]) -> list[int]:
    """Return each group's shortest way from a root; what no root reaches (a circle) stands below every level."""
    children: list[list[int]] = [[] for _ in range(n_groups)]
    roots = set(range(n_groups))
    for child, parent in group_in_group.reshape(-1, 2).tolist():
        children[parent].append(child)
        roots.discard(child)
    levels = [_BELOW_ALL] * n_groups
    reached, depth = sorted(roots), 0
    while reached:
        for row in reached:
            levels[row] = depth
        depth += 1
        reached = sorted({child for row in reached for child in children[row] if levels[child] == _BELOW_ALL})
    return levels


def relatedness(
    relation_ptr: npt.NDArray[np.int64],
    relation_skill: npt.NDArray[np.int32],
    skill_group: npt.NDArray[np.int32],
    names: Sequence[Sequence[str]],
    *,
    name_share: int = NAME_SHARE,
    most: int = MOST_RELATED,
    least: int = LEAST_RELATED,
) -> Related:
    """Return for each occupation the `most` occupations that are most related to it, by falling value (least..100).

    value = round(100 * sqrt(name_share % of the cosine of names + the rest of the cosine of skill groups)); equal
    values stand by ascending occupation. The square root lifts distant relatives: a cosine of 0.25 is worth half.
    `relation_ptr` [nO + 1] and `relation_skill` are the skills of the occupations, `skill_group` [nS] their groups,
    and `names` holds one list of nO names for each language ("" where there is none). `least` is at least 1.
    """
    n_occupations = relation_ptr.size - 1
    rows = np.repeat(np.arange(n_occupations), np.diff(relation_ptr))
    by_groups = _cosines(n_occupations, rows, skill_group[relation_skill].astype(np.int64))
    by_names = _cosines(n_occupations, *_name_parts(names))
    likeness = (name_share * by_names + (100 - name_share) * by_groups) / 100
    value = np.rint(100 * np.sqrt(likeness)).astype(np.int64)
    np.fill_diagonal(value, 0)
    # One number that sorts by falling value and, where equal, by ascending occupation.
    best = np.sort(np.arange(n_occupations) - value * n_occupations, axis=1)[:, :most]
    kept = best < (1 - least) * n_occupations
    flat = best[kept]
    return Related(
        np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64),
        (flat % n_occupations).astype(np.int32),
        (-(flat // n_occupations)).astype(np.uint8),
    )


def shared_skills(
    relation_ptr: npt.NDArray[np.int64],
    relation_skill: npt.NDArray[np.int32],
    idf: npt.NDArray[np.uint16],
    one: int,
    other: int,
) -> npt.NDArray[np.int32]:
    """Return the skills that two occupations share, the most telling first: why they are called related."""
    common = np.intersect1d(
        relation_skill[relation_ptr[one] : relation_ptr[one + 1]],
        relation_skill[relation_ptr[other] : relation_ptr[other + 1]],
    )
    return common[np.argsort(-idf[common].astype(np.int64), kind="stable")]


def _name_parts(names: Sequence[Sequence[str]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (occupation, part) pairs: the three-letter parts of each word in each language, each part once a name."""
    number: dict[tuple[int, str], int] = {}
    rows: list[int] = []
    parts: list[int] = []
    for language, texts in enumerate(names):
        for row, text in enumerate(texts):
            found = dict.fromkeys(
                word[i : i + _LETTERS]
                for word in (f" {plain} " for plain in _WORD.findall(text.lower()))
                for i in range(len(word) - _LETTERS + 1)
            )
            rows.extend([row] * len(found))
            parts.extend(number.setdefault((language, part), len(number)) for part in found)
    return np.array(rows, dtype=np.int64), np.array(parts, dtype=np.int64)


def _cosines(n_rows: int, rows: npt.NDArray[np.int64], features: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return [n_rows, n_rows] cosines of the rows' feature counts, each weighed by its idf; 0 where a row is empty.

    `rows` and `features` are pairs; a pair that stands twice counts twice.
    """
    width = int(features.max(initial=-1)) + 1
    if width == 0:
        return np.zeros((n_rows, n_rows))
    pairs, counts = np.unique(features * n_rows + rows, return_counts=True)
    column, row = pairs // n_rows, pairs % n_rows
    weight = counts * compute_idf(n_rows, width, column.astype(np.int32))[column].astype(np.int64)
    products = _gram(n_rows, row, column, weight)
    squares = products.diagonal().copy()
    lengths = np.sqrt(squares[:, None] * squares[None, :])
    return np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)


def _gram(
    n_rows: int, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return X @ X.T of the sparse matrix X of whole numbers (pairs ascend by column); exact below 2**53."""
    products = np.zeros((n_rows, n_rows))
    ordered, place = np.unique(column, return_inverse=True)
    for start in range(0, ordered.size, _COLUMNS_AT_ONCE):
        inside = slice(*np.searchsorted(place, (start, start + _COLUMNS_AT_ONCE)))
        block = np.zeros((n_rows, min(_COLUMNS_AT_ONCE, ordered.size - start)))
        block[row[inside], place[inside] - start] = weight[inside]
        products += block @ block.T
    return products
