"""How well the score orders people: rankings by occupation alone, measured against judgements of substitutability.

A judgement says how well a person of one occupation can fill a vacancy of another. Each candidate is read as a
seeker who has worked in that one occupation and said nothing else, each query as a vacancy that names only its
occupation; filters and floor are off. So the measure tells what the weights and the relatedness table are worth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns, VacancyColumns
from jobmatching.engine.criteria import MASK_WORDS
from jobmatching.engine.features import FeatureSpace
from jobmatching.engine.rules import Rules
from jobmatching.engine.seeker_features import expand_seekers
from jobmatching.engine.vacancy_features import expand_vacancies

NOT_IN_TAXONOMY: Final = -1
"""Stands for an occupation that the rules' taxonomy does not have."""

NDCG_DEPTH: Final = 10
RECALL_DEPTH: Final = 20

RELEVANCE_OF_PERCENT: Final[Mapping[int, int]] = {75: 2, 25: 1}
"""What the percentages of the judgements mean; the gain of a relevance r is 2**r - 1."""


class Ranked(NamedTuple):
    """One candidate's place for one query, as a row of the rankings file."""

    query_uri: str
    candidate_uri: str
    rank: int
    score: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the queries."""

    queries: int
    map: float
    ndcg10: float
    recall20: float


def rank_candidates(rules: Rules, queries: Mapping[str, int], candidates: Mapping[str, int]) -> list[Ranked]:
    """Rank all candidates but the query itself for each query, best first; equal scores stand by lower occupation.

    Both mappings give the taxonomy index of an occupation's address, or NOT_IN_TAXONOMY. Candidates that the taxonomy
    does not have come last with score 0, in the order given; for a query that it does not have, all scores are 0.
    """
    addresses = list(candidates)
    indices = np.array([candidates[address] for address in addresses], dtype=np.int64)
    scores = _scores(rules, np.array(list(queries.values()), dtype=np.int64), indices)
    missing = indices == NOT_IN_TAXONOMY
    ranked: list[Ranked] = []
    for query, row in zip(queries, scores, strict=True):
        order = [place for place in np.lexsort((indices, -row, missing)).tolist() if addresses[place] != query]
        ranked.extend(
            Ranked(query, addresses[place], rank, int(row[place])) for rank, place in enumerate(order, start=1)
        )
    return ranked


def relevances(judgements: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Return relevances by query and candidate from (query, candidate, percent); told twice, the higher one counts.

    Raises ValueError for a percentage that has no relevance.
    """
    found: dict[str, dict[str, int]] = {}
    for query, candidate, percent in judgements:
        if percent not in RELEVANCE_OF_PERCENT:
            raise ValueError(f"{percent} % is no known judgement: {', '.join(map(str, RELEVANCE_OF_PERCENT))} are")
        judged = found.setdefault(query, {})
        judged[candidate] = max(judged.get(candidate, 0), RELEVANCE_OF_PERCENT[percent])
    return found


def measure(ranked: Sequence[Ranked], judgements: Mapping[str, Mapping[str, int]]) -> Quality:
    """Return MAP, nDCG@10 and R@20 of the rankings: judgements are relevances by query and candidate.

    Queries without a judgement are left out; a judged candidate that is not ranked counts as not found.
    """
    places: dict[str, dict[str, int]] = {query: {} for query in judgements}
    for row in ranked:
        if row.query_uri in places:
            places[row.query_uri][row.candidate_uri] = row.rank
    rows = [
        _measure_query(places[query], {uri: relevance for uri, relevance in judged.items() if relevance > 0})
        for query, judged in judgements.items()
        if any(relevance > 0 for relevance in judged.values())
    ]
    if not rows:
        return Quality(0, 0.0, 0.0, 0.0)
    return Quality(len(rows), *(float(mean) for mean in np.mean(rows, axis=0)))


def average_precision(ranks: Sequence[int], relevant: int) -> float:
    """Return the mean, over `relevant` items, of the precision at each one's rank; `ranks` are those found (from 1)."""
    return sum(found / rank for found, rank in enumerate(sorted(ranks), start=1)) / relevant


def ndcg(relevance_of_rank: Mapping[int, int], relevances: Sequence[int], depth: int = NDCG_DEPTH) -> float:
    """Return the discounted gain of the first `depth` ranks as a share of the best order of all `relevances`."""
    ideal = sorted(relevances, reverse=True)[:depth]
    best = sum(_gain(relevance, rank) for rank, relevance in enumerate(ideal, start=1))
    return sum(_gain(relevance, rank) for rank, relevance in relevance_of_rank.items() if rank <= depth) / best


def _gain(relevance: int, rank: int) -> float:
    """Return the gain of a relevance at a rank (from 1)."""
    return float((2**relevance - 1) / np.log2(rank + 1))


def _measure_query(place_of: Mapping[str, int], relevance_of: Mapping[str, int]) -> tuple[float, float, float]:
    """Return average precision, nDCG@10 and R@20 of one query with at least one relevant candidate."""
    relevance_of_rank = {place_of[uri]: relevance for uri, relevance in relevance_of.items() if uri in place_of}
    early = sum(rank <= RECALL_DEPTH for rank in relevance_of_rank)
    return (
        average_precision(list(relevance_of_rank), len(relevance_of)),
        ndcg(relevance_of_rank, list(relevance_of.values())),
        early / len(relevance_of),
    )


def _scores(rules: Rules, asked: npt.NDArray[np.int64], had: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return scores [asked, had], 0 where either occupation is not in the taxonomy."""
    vacancies = expand_vacancies(_vacancies_of(asked), rules)
    seekers = expand_seekers(_seekers_of(had), rules, as_of_day=0)
    features = np.zeros((had.size, FeatureSpace.of(rules).ranges.end), dtype=np.uint8)
    features[np.repeat(np.arange(had.size), np.diff(seekers.ptr)), seekers.feature] = seekers.value
    scores = np.zeros((asked.size, had.size), dtype=np.int64)
    for row in range(asked.size):
        # A vacancy of one occupation has one reading.
        own = slice(*vacancies.ptr[vacancies.reading_ptr[row] : vacancies.reading_ptr[row] + 2])
        scores[row] = features[:, vacancies.feature[own]].astype(np.int64) @ vacancies.weight[own].astype(np.int64)
    scores[asked == NOT_IN_TAXONOMY] = 0
    scores[:, had == NOT_IN_TAXONOMY] = 0
    return scores


def _vacancies_of(occupations: npt.NDArray[np.int64]) -> VacancyColumns:
    """Return vacancies that name one occupation each and ask nothing else."""
    n = occupations.size
    return VacancyColumns(
        ids=np.arange(n, dtype=np.int32),
        occupation_ptr=np.arange(n + 1, dtype=np.int64),
        occupation=occupations.astype(np.int32),
        skill_ptr=np.zeros(n + 1, dtype=np.int64),
        skill=np.zeros(0, dtype=np.int32),
        skill_essential=np.zeros(0, dtype=np.bool_),
        experience_months=np.zeros(n, dtype=np.uint16),
        need=np.zeros((n, MASK_WORDS), dtype=np.uint64),
        starts=np.full(n, NEVER, dtype=np.int32),
        places=np.zeros((n, 1), dtype=np.uint64),
        remote=np.zeros(n, dtype=np.bool_),
    )


def _seekers_of(occupations: npt.NDArray[np.int64]) -> SeekerColumns:
    """Return seekers who work in one occupation each and of whom nothing else is known."""
    n = occupations.size
    return SeekerColumns(
        ids=np.arange(n, dtype=np.int32),
        wish_ptr=np.zeros(n + 1, dtype=np.int64),
        wish_occupation=np.zeros(0, dtype=np.int32),
        work_ptr=np.arange(n + 1, dtype=np.int64),
        work_occupation=occupations.astype(np.int32),
        work_months=np.zeros(n, dtype=np.uint16),
        work_started=np.full(n, ALWAYS, dtype=np.int32),
        work_ended=np.full(n, NEVER, dtype=np.int32),
        skill_ptr=np.zeros(n + 1, dtype=np.int64),
        skill=np.zeros(0, dtype=np.int32),
        skill_basis=np.zeros(0, dtype=np.uint8),
        has=np.zeros((n, MASK_WORDS), dtype=np.uint64),
        unknown=np.zeros((n, MASK_WORDS), dtype=np.uint64),
        available_from=np.full(n, ALWAYS, dtype=np.int32),
        available_unknown=np.zeros(n, dtype=np.bool_),
        reach=np.zeros((n, 1), dtype=np.uint64),
        reach_wide=np.zeros((n, 1), dtype=np.uint64),
        home=np.full(n, -1, dtype=np.int16),
    )
