"""Rules are frozen data: the same bytes for the same rules, and no numbers that would break the score."""

import ast
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from jobmatching import engine
from jobmatching.engine.columns import SeekerColumns, VacancyColumns
from jobmatching.engine.features import FeatureSpace
from jobmatching.engine.rules import Rules, Weights
from jobmatching.engine.taxonomy import Taxonomy, compute_idf
from jobmatching.engine.warm import warm_up
from tests.jobmatching.engine.worlds import make_world

FORBIDDEN = (
    "age", "birth", "sex", "gender", "nationality", "citizen", "mother", "tongue", "benefit", "sanction", "health",
    "disab", "disclosure", "turvakielto", "target", "group_of_person", "hetu", "name",
)  # fmt: skip


def test_rules_come_back_from_their_bytes() -> None:
    rules = make_world(1, 0, 0, "related").rules
    content = rules.dumps()
    again = Rules.loads(content)
    assert again.dumps() == content
    assert (again.version, again.weights, again.digest) == (rules.version, rules.weights, rules.digest)
    for entry in fields(Taxonomy):
        left, right = getattr(again.taxonomy, entry.name), getattr(rules.taxonomy, entry.name)
        assert left.dtype == right.dtype
        assert np.array_equal(left, right)


def test_every_difference_changes_the_digest() -> None:
    rules = make_world(1, 0, 0).rules
    others = [
        replace(rules, version="other"),
        replace(rules, weights=replace(rules.weights, unknown=36)),
        replace(rules, taxonomy=replace(rules.taxonomy, idf=rules.taxonomy.idf + 1)),
    ]
    assert len({rules.digest, *(other.digest for other in others)}) == 4


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="not a set of matching rules"):
        Rules.loads(b"something else")


def test_weights_are_json() -> None:
    weights = Weights(experience_steps=(12, 24), unknown=30)
    assert Weights.from_json(weights.to_json()) == weights
    with pytest.raises(TypeError):
        Weights.from_json({"charm": 5})


@pytest.mark.parametrize(
    "change",
    [
        {"occupation": -1}, {"occupation": 0, "skills": 0}, {"occupation_isco4": 99}, {"experience_leaf": 10},
        {"unknown": 101}, {"essential": 0}, {"optional": 101}, {"experience_steps": ()}, {"experience_steps": (12, 12)},
        {"recency_percent": (100,)}, {"floor": 0}, {"floor": 1_000_001}, {"k_seeker": 0},
    ],
)  # fmt: skip
def test_numbers_that_would_break_the_score_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(Weights(), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"occupation_ids": [1] * 9}, {"isco4": [1111]}, {"idf": [1]}, {"relation_ptr": [0] * 10},
        {"related_value": [1]}, {"skill_group": [-1] * 14},
    ],
)  # fmt: skip
def test_a_taxonomy_that_does_not_fit_together_is_refused(change: dict[str, list[int]]) -> None:
    with pytest.raises(ValueError, match="taxonomy"):
        replace(make_world(1, 0, 0).rules.taxonomy, **change)


def test_rare_skills_tell_more() -> None:
    idf = compute_idf(100, 4, np.array([0] * 100 + [1] * 10 + [2], np.int32))
    assert idf.dtype == np.uint16
    assert list(idf) == [1, 2217, 3922, 4615]


def test_a_classification_beyond_two_bytes_is_refused() -> None:
    taxonomy = make_world(1, 0, 0).rules.taxonomy
    n = 66_000
    large = replace(taxonomy, skill_ids=np.arange(n), skill_group=np.zeros(n), idf=np.ones(n))
    with pytest.raises(ValueError, match="features"):
        FeatureSpace.of(Rules("large", large))


@pytest.mark.parametrize("columns", [SeekerColumns, VacancyColumns])
def test_no_column_says_who_a_person_is(columns: type) -> None:
    for entry in fields(columns):
        words = entry.name.split("_")
        assert not [word for word in FORBIDDEN if any(part.startswith(word) for part in words)], entry.name


@pytest.mark.parametrize("source", sorted(Path(engine.__path__[0]).glob("*.py")), ids=lambda path: path.stem)
def test_the_engine_imports_nothing_but_numpy_and_numba(source: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    outside = {name.split(".")[0] for name in imported if not name.startswith("jobmatching.engine")}
    assert outside <= sys.stdlib_module_names | {"numpy", "numba"}


def test_warm_up_runs() -> None:
    warm_up()
