"""Rankings by occupation and their measures: by hand on small cases, and on real judgements."""

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from jobmatching.engine.quality import (
    NOT_IN_TAXONOMY,
    Quality,
    Ranked,
    average_precision,
    measure,
    ndcg,
    rank_candidates,
    relevances,
)
from jobmatching.engine.relatedness import relatedness, skill_groups
from jobmatching.engine.rules import Rules, Weights
from jobmatching.engine.taxonomy import Taxonomy, compute_idf, nothing_related


def ranked(query: str, *candidates: str) -> list[Ranked]:
    return [Ranked(query, candidate, rank, 0) for rank, candidate in enumerate(candidates, start=1)]


class TestMeasures:
    def test_average_precision_is_the_mean_of_the_precisions_at_what_was_found(self) -> None:
        assert average_precision([1, 3], relevant=2) == pytest.approx((1 / 1 + 2 / 3) / 2)

    def test_average_precision_does_not_ask_for_an_order_and_counts_what_was_not_found(self) -> None:
        assert average_precision([4, 2], relevant=3) == pytest.approx((1 / 2 + 2 / 4) / 3)

    def test_ndcg_weighs_75_percent_three_times_25_percent(self) -> None:
        got = 1 / math.log2(2) + 3 / math.log2(4)
        best = 3 / math.log2(2) + 1 / math.log2(3)
        assert ndcg({1: 1, 3: 2}, [1, 2]) == pytest.approx(got / best)

    def test_ndcg_stops_at_its_depth_on_both_sides(self) -> None:
        assert ndcg({11: 2}, [2]) == 0
        assert ndcg(dict.fromkeys(range(1, 11), 1), [1] * 15) == pytest.approx(1)

    def test_quality_is_the_mean_over_the_queries_that_were_judged(self) -> None:
        rows = ranked("a", "x", "y") + ranked("b", "x", "y") + ranked("nobody asked", "x")
        quality = measure(rows, {"a": {"x": 2}, "b": {"y": 1}, "c": {"x": 0}})
        assert quality == Quality(2, pytest.approx(0.75), pytest.approx((1 + 1 / math.log2(3)) / 2), 1.0)

    def test_what_is_ranked_after_20_or_not_at_all_is_no_recall(self) -> None:
        rows = ranked("a", *(str(number) for number in range(30)))
        quality = measure(rows, {"a": {"19": 1, "20": 1, "elsewhere": 2}})
        assert quality.recall20 == pytest.approx(1 / 3)

    def test_without_judgements_there_is_nothing_to_measure(self) -> None:
        assert measure(ranked("a", "x"), {}) == Quality(0, 0.0, 0.0, 0.0)

    def test_a_pair_judged_twice_counts_as_the_higher(self) -> None:
        judged = relevances([("a", "x", 75), ("a", "x", 25), ("a", "y", 25), ("b", "x", 75)])
        assert judged == {"a": {"x": 2, "y": 1}, "b": {"x": 2}}

    def test_a_percentage_without_a_meaning_is_refused(self) -> None:
        with pytest.raises(ValueError, match="50 %"):
            relevances([("a", "x", 50)])


@pytest.fixture
def rules() -> Rules:
    """Four occupations: 0 and 1 share ISCO 7212, 2 shares two digits with them, 3 nothing but a skill with 0."""
    relation_skill = np.array([0, 1, 2, 3, 0], dtype=np.int32)
    taxonomy = Taxonomy(
        occupation_ids=np.arange(10, 14),
        isco4=np.array([7212, 7212, 7231, 2111], dtype=np.int32),
        skill_ids=np.arange(4),
        skill_group=np.arange(4, dtype=np.int32),
        relation_ptr=np.array([0, 2, 3, 4, 5]),
        relation_skill=relation_skill,
        relation_essential=np.ones(5, dtype=np.bool_),
        idf=np.full(4, 1000, dtype=np.uint16),
        **nothing_related(4),
    )
    weights = Weights(
        occupation=50, skills=50, experience=0, occupation_leaf=40, occupation_isco4=30, occupation_isco3=20,
        occupation_isco2=10, occupation_related=0, group_share=20, level_work_essential=60,
    )  # fmt: skip
    return Rules("test", taxonomy, weights)


class TestRankings:
    def test_scores_are_the_points_of_occupation_and_skills(self, rules: Rules) -> None:
        rows = rank_candidates(rules, {"o0": 0}, {"o0": 0, "o1": 1, "o2": 2, "o3": 3})
        # 1: isco 2, 3, 4 of the occupation's 500,000; 2: isco 2; 3: one of two skills, implied to 60 %.
        assert rows == [
            Ranked("o0", "o1", 1, 500_000 * 60 // 100),
            Ranked("o0", "o3", 2, 500_000 // 2 * 60 // 100),
            Ranked("o0", "o2", 3, 500_000 * 10 // 100),
        ]

    def test_relatedness_runs_from_the_occupation_asked_to_those_who_can_do_it(self, rules: Rules) -> None:
        taxonomy = rules.taxonomy
        related = Taxonomy(
            **{name: getattr(taxonomy, name) for name in taxonomy.__dataclass_fields__}
            | {"related_ptr": [0, 1, 1, 1, 1], "related_occupation": [3], "related_value": [80]}
        )
        weights = Weights(
            occupation=100, skills=0, experience=0, occupation_leaf=0, occupation_isco4=0, occupation_isco3=0,
            occupation_isco2=0, occupation_related=100,
        )  # fmt: skip
        rows = rank_candidates(Rules("test", related, weights), {"o0": 0, "o3": 3}, {"o0": 0, "o3": 3})
        assert [(row.query_uri, row.score) for row in rows] == [("o0", 800_000), ("o3", 0)]

    def test_equal_scores_stand_by_lower_occupation_and_strangers_come_last_with_0(self, rules: Rules) -> None:
        candidates = {"gone": NOT_IN_TAXONOMY, "o3": 3, "o1": 1, "also gone": NOT_IN_TAXONOMY, "o0": 0}
        rows = rank_candidates(rules, {"o2": 2}, candidates)
        assert [(row.candidate_uri, row.score > 0) for row in rows] == [
            ("o0", True), ("o1", True), ("o3", False), ("gone", False), ("also gone", False),
        ]  # fmt: skip
        assert rows[0].score == rows[1].score

    def test_a_query_that_the_taxonomy_lacks_gives_every_candidate_0(self, rules: Rules) -> None:
        rows = rank_candidates(rules, {"gone": NOT_IN_TAXONOMY}, {"o1": 1, "o0": 0})
        assert rows == [Ranked("gone", "o0", 1, 0), Ranked("gone", "o1", 2, 0)]

    def test_every_candidate_but_the_query_is_listed_for_every_query(self, rules: Rules) -> None:
        candidates = {f"o{index}": index for index in range(4)}
        rows = rank_candidates(rules, {"o0": 0, "o2": 2}, candidates)
        assert [row.rank for row in rows] == [1, 2, 3, 1, 2, 3]
        assert {row.candidate_uri for row in rows[3:]} == {"o0", "o1", "o3"}


@dataclass(frozen=True)
class _RealData:
    """The tables of the official ESCO download that matching needs, and the judgements."""

    folder: Path

    def read(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def taxonomy(self) -> tuple[Taxonomy, dict[str, int]]:
        """Return the taxonomy and the index of each occupation by its address."""
        rows = self.read("esco/occupations_en.csv")
        occupation = {row["conceptUri"]: index for index, row in enumerate(rows)}
        skill = {row["conceptUri"]: index for index, row in enumerate(self.read("esco/skills_en.csv"))}
        groups = self.read("esco/skillGroups_en.csv")
        group = {row["conceptUri"]: index for index, row in enumerate(groups)}
        broader = [
            (row["conceptUri"], row["broaderUri"]) for row in self.read("esco/broaderRelationsSkillPillar_en.csv")
        ]
        relations = sorted(
            (occupation[row["occupationUri"]], skill[row["skillUri"]], row["relationType"] == "essential")
            for row in self.read("esco/occupationSkillRelations_en.csv")
        )
        relation_ptr = np.searchsorted([row[0] for row in relations], np.arange(len(occupation) + 1))
        relation_skill = np.array([row[1] for row in relations], dtype=np.int32)
        skill_group = skill_groups(
            len(skill),
            [row["code"] for row in groups],
            _edges(broader, skill, skill),
            _edges(broader, skill, group),
            _edges(broader, group, group),
        ).of_skill
        related = relatedness(
            relation_ptr, relation_skill, skill_group, [self.names(occupation, x) for x in ("fi", "sv", "en")]
        )
        taxonomy = Taxonomy(
            occupation_ids=np.arange(len(occupation)),
            isco4=np.array([int(row["iscoGroup"]) for row in rows], dtype=np.int32),
            skill_ids=np.arange(len(skill)),
            skill_group=skill_group,
            relation_ptr=relation_ptr,
            relation_skill=relation_skill,
            relation_essential=np.array([row[2] for row in relations]),
            idf=compute_idf(len(occupation), len(skill), relation_skill),
            **related._asdict(),
        )
        return taxonomy, occupation

    def names(self, occupation: dict[str, int], language: str) -> list[str]:
        names = [""] * len(occupation)
        for row in self.read(f"esco/occupations_{language}.csv"):
            if row["conceptUri"] in occupation:
                names[occupation[row["conceptUri"]]] = row["preferredLabel"]
        return names


def _edges(broader: Sequence[tuple[str, str]], child: dict[str, int], parent: dict[str, int]) -> npt.NDArray[np.int64]:
    return np.array([(child[a], parent[b]) for a, b in broader if a in child and b in parent], dtype=np.int64)


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("REALDATA_DIR"), reason="REALDATA_DIR does not name the real data")
def test_the_form_orders_people_as_a_public_employment_service_would() -> None:
    real = _RealData(Path(os.environ["REALDATA_DIR"]))
    taxonomy, occupation = real.taxonomy()
    judgements = relevances(
        (row["vacancy_esco"], row["seeker_esco"], int(row["percent"]))
        for row in real.read("benchmark/substitutability_dev.csv")
    )
    listed = [row["occupation_uri"] for row in real.read("benchmark/substitutability_candidates.csv")]
    rows = rank_candidates(
        Rules("real", taxonomy),
        {uri: occupation.get(uri, NOT_IN_TAXONOMY) for uri in judgements},
        {uri: occupation.get(uri, NOT_IN_TAXONOMY) for uri in listed},
    )
    quality = measure(rows, judgements)
    assert quality.queries == len(judgements)
    assert len(rows) == quality.queries * (len(listed) - 1)
    assert quality.map >= 0.44
    assert quality.ndcg10 >= 0.51
    assert quality.recall20 >= 0.73
