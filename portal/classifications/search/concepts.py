"""Find occupations and skills by what a person types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Self, TypeVar

import numpy as np

from portal.classifications.enums import Scheme
from portal.classifications.models import Label, Occupation, Skill
from portal.classifications.search.folding import fold
from portal.classifications.search.index import LANGUAGES, Kind, SearchIndex, current_index
from portal.classifications.search.lemmas import in_base_form

OTHER_LANGUAGE: Final = 0.9
"""A name in another language than the reader's counts almost as much: people type what they know."""
AGREEMENT: Final = 0.3
"""Share of the likeness in all three languages together: names that agree in several languages are the likelier."""
GROUP: Final = 0.2
"""Share of the likeness of the ISCO group's name."""
SAME: Final = 1.0
"""Added where the name is what was typed, word for word."""
SAME_ALTERNATIVE: Final = 0.4
"""Added where another name is: ESCO gives "teacher" as another name of many."""
WORD_EDGE: Final = 0.35
"""Added where a word begins with what was typed (for those who are still typing) or ends with it: the last part of a
Finnish or Swedish compound says what the thing is, "hoitaja" in "lähihoitaja"."""
STEM: Final = 0.3
"""Added where a word begins with what was typed but its last letters: "opettajien" begins as "opettaja" does."""
INSIDE: Final = 0.15
"""Added where what was typed stands elsewhere inside a name."""
_SHORTEST_INSIDE: Final = 3
_SHORTEST_STEM: Final = 5
_ENDING: Final = 3
"""Letters that an inflected form of Finnish or Swedish may have in the place of the last ones."""
FLOOR: Final = 0.2
"""Likeness below this (of at most about 2) is chance and not shown, unless a name holds what was typed."""
RELATIVE_FLOOR: Final = 0.2
"""Nor is likeness below this share of the best."""
_CANDIDATES: Final = 200
_LONGEST: Final = 200
_CODE: Final = re.compile(r"\d{1,4}(\.\d+)*")

Concept = TypeVar("Concept", Occupation, Skill)


@dataclass(frozen=True)
class Found(Generic[Concept]):
    """A concept that was found. `matched` is the name that fits, where it is not the one that the page shows."""

    concept: Concept
    score: float
    matched: Label | None


@dataclass(frozen=True)
class _Hit:
    """A concept's place in the index, its score and its best term."""

    position: int
    score: float
    term: int


@dataclass(frozen=True)
class _Wanted:
    """What was typed, folded, and the stem it may be an inflected form of ("" where it is too short to have one)."""

    texts: frozenset[str]
    stem: str

    @classmethod
    def of(cls, texts: set[str]) -> Self:
        """Cut the ending off the longest of the texts."""
        stem = max(texts, key=len)[:-_ENDING]
        return cls(frozenset(texts), stem if len(stem) >= _SHORTEST_STEM else "")

    def may_stand_in(self, terms: str) -> bool:
        """Quickly: whether any of the terms can earn a bonus."""
        return any(text in terms for text in self.texts) or bool(self.stem and self.stem in terms)

    def bonus(self, name: str, *, preferred: bool) -> float:
        """What a folded name earns beyond its likeness."""
        if name in self.texts:
            return SAME if preferred else SAME_ALTERNATIVE
        within = f" {name} "
        if any(f" {text}" in within or (f"{text} " in within and len(text) >= _SHORTEST_INSIDE) for text in self.texts):
            return WORD_EDGE
        if self.stem and f" {self.stem}" in within:
            return STEM
        return INSIDE if any(len(text) >= _SHORTEST_INSIDE and text in name for text in self.texts) else 0.0


def search_occupations(
    text: str, scheme: Scheme | str, language: str = "fi", limit: int = 10
) -> list[Found[Occupation]]:
    """Occupations in use by name in any language, or by ISCO code ("7212", "72", "72 hitsaaja"), best first.

    `language`: the reader's, one of fi, sv, en. An empty text finds nothing.
    """
    words = text[:_LONGEST].split()
    codes = tuple(word for word in words if _CODE.fullmatch(word))
    rest = " ".join(word for word in words if word not in codes)
    if codes and not rest:
        coded = Occupation.objects.of(scheme).current().filter(code__startswith=codes[0]).order_by("code", "pk")[:limit]
        return [Found(occupation, SAME, None) for occupation in coded]
    index = current_index(Kind.OCCUPATION, scheme)
    hits = _hits(index, rest, language)
    if not codes:
        hits = hits[:limit]
    found = _with_rows(index, hits, Occupation.objects.in_bulk(_ids(index, hits)), language)
    return [one for one in found if not codes or one.concept.code.startswith(codes)][:limit]


def search_skills(text: str, scheme: Scheme | str, language: str = "fi", limit: int = 10) -> list[Found[Skill]]:
    """Skills in use by name in any language, best first. An empty text finds nothing."""
    index = current_index(Kind.SKILL, scheme)
    hits = _hits(index, text[:_LONGEST], language)[:limit]
    return _with_rows(index, hits, Skill.objects.in_bulk(_ids(index, hits)), language)


def _ids(index: SearchIndex, hits: Sequence[_Hit]) -> list[int]:
    return [int(index.concepts[hit.position]) for hit in hits]


def _hits(index: SearchIndex, text: str, language: str) -> list[_Hit]:
    """The likeliest concepts, best first; equal ones in the order of their ids."""
    typed = fold(text)
    if not typed or not index.concepts.size:
        return []
    scores = index.score(typed)
    terms, best, group = scores
    base_form = fold(in_base_form(text))
    if base_form != typed:
        again = index.score(base_form)
        terms, best, group = (np.maximum(one, other) for one, other in zip(scores, again, strict=True))
    weight = np.array([1.0 if one == language else OTHER_LANGUAGE for one in LANGUAGES])
    likeness = (weight[:, None] * best).max(axis=0) + AGREEMENT * best.sum(axis=0) + GROUP * group
    likely = np.argsort(-likeness, kind="stable")[:_CANDIDATES]
    lowest = max(FLOOR, RELATIVE_FLOOR * likeness[likely[0]])
    wanted = _Wanted.of({typed, base_form})
    hits = []
    for position in likely.tolist():
        rows = index.terms_of(position)
        worth = terms[rows.start : rows.stop] * weight[index.languages[rows.start : rows.stop]]
        bonus = 0.0
        if wanted.may_stand_in(index.joined[position]):
            bonus = max(
                wanted.bonus(index.folded[row], preferred=bool(index.preferred[row])) * weight[index.languages[row]]
                for row in rows
            )
        if bonus or likeness[position] >= lowest:
            hits.append(_Hit(position, float(likeness[position] + bonus), rows.start + int(worth.argmax())))
    return sorted(hits, key=lambda hit: (-hit.score, hit.position))


def _with_rows(
    index: SearchIndex, hits: Sequence[_Hit], rows: Mapping[int, Concept], language: str
) -> list[Found[Concept]]:
    found = []
    for hit, pk in zip(hits, _ids(index, hits), strict=True):
        if pk in rows:
            found.append(Found(rows[pk], hit.score, _matched(index, hit, rows[pk], language)))
    return found


def _matched(index: SearchIndex, hit: _Hit, concept: Concept, language: str) -> Label | None:
    """The name that fits best, as it is written; None where it is the name in the reader's language."""
    its_language = LANGUAGES[index.languages[hit.term]]
    folded = index.folded[hit.term]
    name: str = getattr(concept, f"name_{its_language}")
    if fold(name) == folded:
        return None if its_language == language else Label(name, its_language)
    others: list[str] = getattr(concept, f"alternatives_{its_language}")
    return next((Label(other, its_language) for other in others if fold(other) == folded), None)
