"""The search index of one scheme's occupations or skills, built from the search terms once a release and process."""

import itertools
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from django.db import connection

from portal.classifications.enums import Scheme
from portal.classifications.models import OccupationGroup, Release
from portal.classifications.search.folding import fold
from portal.classifications.search.ngrams import NgramIndex

LANGUAGES: Final = ("fi", "sv", "en")


class Kind(StrEnum):
    """What is searched."""

    OCCUPATION = "occupation"
    SKILL = "skill"


# Skills have four times the terms of occupations: n-grams of three keep their index small and quick to build.
_SIZES: Final = {Kind.OCCUPATION: (2, 3, 4), Kind.SKILL: (3,)}
_OWNER: Final = {Kind.OCCUPATION: "occupation_id", Kind.SKILL: "skill_id"}


class Scores(NamedTuple):
    """Likeness (0..1) of a text: to each term [nT], to the best term in each language [3, nC], to the ISCO group
    [nC]."""

    terms: npt.NDArray[np.float64]
    best: npt.NDArray[np.float64]
    group: npt.NDArray[np.float64]


@dataclass(frozen=True)
class SearchIndex:
    """Terms of nC concepts in nT rows, ordered by concept and language.

    `concepts`: [nC] database ids. `folded`, `preferred`, `languages`: [nT] text, whether it is the concept's name,
    place in
    LANGUAGES. `joined`: [nC] all terms of a concept, a line each. `ngrams`: an index for each language over its rows
    in order, for what is a rare n-gram differs by language. `run_starts`, `run_concept`, `run_language`: [nR] where
    the terms of a concept in one language begin. `term_starts`: [nC + 1] terms of each concept.
    `groups`, `group_of`: names of the ISCO groups in each language, and the group (or -1) of each concept.
    """

    concepts: npt.NDArray[np.int64]
    folded: list[str]
    joined: list[str]
    preferred: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int8]
    ngrams: tuple[NgramIndex, ...]
    run_starts: npt.NDArray[np.int64]
    run_concept: npt.NDArray[np.int64]
    run_language: npt.NDArray[np.int8]
    term_starts: npt.NDArray[np.int64]
    groups: NgramIndex
    group_of: npt.NDArray[np.int64]

    @classmethod
    def load(cls, kind: Kind, scheme: Scheme | str) -> Self:
        """Read the terms of a scheme from the database."""
        owner = _OWNER[kind]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {owner}, array_position(%s, language::text) - 1, folded, preferred"  # noqa: S608  our own names
                " FROM classifications_searchterm"
                f" WHERE scheme = %s AND {owner} IS NOT NULL ORDER BY 1, 2, preferred DESC, id",
                [list(LANGUAGES), scheme],
            )
            rows = cursor.fetchall()
        owners = np.array([row[0] for row in rows], np.int64)
        languages = np.array([row[1] for row in rows], np.int8)
        folded = [row[2] for row in rows]
        ngrams = tuple(
            NgramIndex.build([row[2] for row in rows if row[1] == place], _SIZES[kind])
            for place in range(len(LANGUAGES))
        )
        concepts, term_starts, concept_of = np.unique(owners, return_index=True, return_inverse=True)
        runs = concept_of * len(LANGUAGES) + languages
        run_starts = np.flatnonzero(np.diff(runs, prepend=-1))
        bounds = [*term_starts.tolist(), len(folded)]
        groups, group_of = (
            _isco_groups(scheme, concepts) if kind == Kind.OCCUPATION else ([], np.full(concepts.size, -1))
        )
        return cls(
            concepts,
            folded,
            ["\n".join(folded[begin:end]) for begin, end in itertools.pairwise(bounds)],
            np.array([row[3] for row in rows], bool),
            languages,
            ngrams,
            run_starts,
            concept_of[run_starts],
            languages[run_starts],
            np.array(bounds),
            NgramIndex.build(groups, _SIZES[kind]),
            group_of,
        )

    def terms_of(self, position: int) -> range:
        """Rows of the terms of a concept, by its position."""
        return range(int(self.term_starts[position]), int(self.term_starts[position + 1]))

    def score(self, text: str) -> Scores:
        """Likeness of a folded text to all names."""
        terms = np.zeros(len(self.folded))
        for place, ngrams in enumerate(self.ngrams):
            terms[self.languages == place] = ngrams.score(text)
        best = np.zeros((len(LANGUAGES), self.concepts.size))
        if self.concepts.size:
            best[self.run_language, self.run_concept] = np.maximum.reduceat(terms, self.run_starts)
        group = np.zeros(self.concepts.size)
        if self.groups.n_texts:
            by_name = self.groups.score(text).reshape(-1, len(LANGUAGES)).max(axis=1)
            group = np.where(self.group_of >= 0, by_name[self.group_of], 0)
        return Scores(terms, best, group)


def _isco_groups(scheme: Scheme | str, concepts: npt.NDArray[np.int64]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Folded names of the four-digit groups, three in a row, and the group of each occupation."""
    groups = OccupationGroup.objects.of(scheme).current().filter(code__regex=r"^\d{4}$").order_by("code")
    names: list[str] = []
    place_of: dict[str, int] = {}
    for code, *in_languages in groups.values_list("code", *(f"name_{language}" for language in LANGUAGES)):
        place_of[code] = len(place_of)
        names += [fold(name) for name in in_languages]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, isco FROM classifications_occupation WHERE scheme = %s", [scheme])
        isco = dict(cursor.fetchall())
    return names, np.array([place_of.get(isco.get(concept, ""), -1) for concept in concepts.tolist()], np.int64)


_Stamp = tuple[int, str, str] | None
_kept: dict[tuple[str, Kind, str], tuple[_Stamp, SearchIndex]] = {}
_building = threading.Lock()


def current_index(kind: Kind, scheme: Scheme | str) -> SearchIndex:
    """The index of the newest release, built on first use in this process and anew when another release has come in."""
    newest = (
        Release.objects.filter(scheme=scheme)
        .order_by("-imported_at", "-pk")
        .values_list("pk", "imported_at", "digest")
        .first()
    )
    stamp = (newest[0], newest[1].isoformat(), newest[2]) if newest else None
    key = (str(connection.settings_dict["NAME"]), kind, str(scheme))
    kept = _kept.get(key)
    if kept is None or kept[0] != stamp:
        with _building:
            kept = _kept.get(key)
            if kept is None or kept[0] != stamp:
                kept = (stamp, SearchIndex.load(kind, scheme))
                _kept[key] = kept
    return kept[1]
