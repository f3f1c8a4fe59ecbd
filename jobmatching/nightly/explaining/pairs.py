"""Stories of the pairs that a page shows, with few queries however many pairs there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from employers.models import Vacancy
from jobmatching.engine.blocks import SeekerBlock, VacancyBlock
from jobmatching.engine.criteria import SCORED, State
from jobmatching.engine.detail import PairStory as Detail
from jobmatching.engine.detail import explain_pair
from jobmatching.engine.explain import explain_pairs
from jobmatching.engine.rules import Rules
from jobmatching.models import JobSeeker
from jobmatching.nightly.enums import Side
from jobmatching.nightly.explaining.columns import seeker_columns, vacancy_columns
from jobmatching.nightly.explaining.names import ConceptNames
from jobmatching.nightly.explaining.stories import PairStory, Points, tell
from jobmatching.nightly.freezing import read_rows
from jobmatching.nightly.models import MatchResult, SeekerVector, VacancyVector
from jobmatching.nightly.requirements import criterion_of_bit
from jobmatching.nightly.rules_versions import engine_rules
from jobmatching.nightly.seeker_columns import EPOCH
from portal.classifications.models import TravelTime

_PAIR: Final = np.dtype([("vacancy_id", "<i4"), ("seeker_id", "<i4")])


@dataclass(frozen=True)
class Pair:
    """A pair of the run (a match or a near miss) with its two sides, both read with `for_page`."""

    vacancy: Vacancy
    seeker: JobSeeker
    is_new: bool = False


def travel_minutes(vacancies: Iterable[Vacancy], seekers: Iterable[JobSeeker]) -> dict[tuple[int, int], int]:
    """Minutes by (home, municipality) among the homes and the places of work; one query."""
    homes = {seeker.home_id for seeker in seekers if seeker.home_id}
    places = {place.pk for vacancy in vacancies for place in vacancy.municipalities.all()}
    rows = TravelTime.objects.filter(origin__in=homes, destination__in=places).order_by("pk")
    return {
        (origin, destination): minutes
        for origin, destination, minutes in rows.values_list("origin", "destination", "minutes")
    }


def tell_pairs(result: MatchResult, pairs: Sequence[Pair]) -> list[PairStory]:
    """The stories of some pairs of one result, in their order."""
    if not pairs:
        return []
    rules, run = engine_rules(result.rules), result.run
    vacancies = {pair.vacancy.pk: pair.vacancy for pair in pairs}
    seekers = {pair.seeker.pk: pair.seeker for pair in pairs}
    judged = _judged(result, rules, pairs)
    day = (run.for_date - EPOCH).days
    asked = {pk: vacancy_columns(vacancy, rules) for pk, vacancy in vacancies.items()}
    had = {pk: seeker_columns(seeker, rules) for pk, seeker in seekers.items()}
    details = [explain_pair(had[pair.seeker.pk], asked[pair.vacancy.pk], rules, day) for pair in pairs]
    names = ConceptNames(rules, *_spoken_of(details))
    minutes = travel_minutes(vacancies.values(), seekers.values())
    changed = _changed(vacancies, seekers)
    return [
        tell(
            pair.vacancy, pair.seeker, run, detail, states, told, minutes, names,
            changed_since=pair.vacancy.pk in changed[0] or pair.seeker.pk in changed[1],
            is_new=pair.is_new,
        )
        for pair, detail, (states, told) in zip(pairs, details, judged, strict=True)
    ]  # fmt: skip


def _judged(result: MatchResult, rules: Rules, pairs: Sequence[Pair]) -> list[tuple[list[State], Points]]:
    """States and points of each pair from the frozen input: those that the run stored."""
    seeker_rows = read_rows(result.run_id, Side.SEEKERS, sorted({pair.seeker.pk for pair in pairs}))
    vacancy_rows = read_rows(result.run_id, Side.VACANCIES, sorted({pair.vacancy.pk for pair in pairs}))
    told = explain_pairs(
        np.array([(pair.vacancy.pk, pair.seeker.pk) for pair in pairs], dtype=_PAIR),
        SeekerBlock.from_rows(list(seeker_rows.values())),
        VacancyBlock.from_rows(list(vacancy_rows.values())),
        rules,
        criterion_of_bit(result.rules.requirements),
    )
    columns = [int(criterion) for criterion in SCORED]
    return [
        ([State(state) for state in states], Points(tuple(had), tuple(possible)))
        for states, had, possible in zip(
            told.states.tolist(), told.had[:, columns].tolist(), told.possible[:, columns].tolist(), strict=True
        )
    ]


def _spoken_of(details: Iterable[Detail]) -> tuple[set[int], set[int]]:
    """Occupations and skills (places in the taxonomy) that the stories name."""
    occupations: set[int] = set()
    skills: set[int] = set()
    for detail in details:
        if detail.tied_occupation is not None:
            occupations.add(detail.tied_occupation)
        for skill in detail.skills:
            skills.add(skill.skill)
            if skill.source in {"work", "wish"} and skill.through is not None:
                occupations.add(skill.through)
    return occupations, skills


def _changed(vacancies: Iterable[int], seekers: Iterable[int]) -> tuple[set[int], set[int]]:
    """Whose information has changed since the vectors were built."""
    return (
        set(
            VacancyVector.objects.filter(vacancy__in=list(vacancies), dirty=True)
            .values_list("pk", flat=True)
            .order_by("pk")
        ),
        set(
            SeekerVector.objects.filter(seeker__in=list(seekers), dirty=True)
            .values_list("pk", flat=True)
            .order_by("pk")
        ),
    )
