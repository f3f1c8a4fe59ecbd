"""The whole story of one pair: what the work asks, what the person has, where it is known from, what it counts.

Written from the columns, not from the packed rows, since packed rows keep no sources. It goes the way of the rules in
plain Python, as `reference` does, and its points equal those of the kernel.
"""

from dataclasses import dataclass
from enum import StrEnum

from jobmatching.engine import reference
from jobmatching.engine.columns import SeekerColumns, SkillBasis, VacancyColumns
from jobmatching.engine.rules import Rules


class SkillSource(StrEnum):
    """Where the credit for a skill comes from, the strongest that there is."""

    CONFIRMED = "confirmed"
    OWN_WORD = "own_word"
    WORK = "work"
    WISH = "wish"
    GROUP = "group"
    NONE = "none"


class OccupationTie(StrEnum):
    """The closest tie between an occupation of the seeker and the one asked."""

    SAME = "leaf"
    ISCO4 = "isco4"
    ISCO3 = "isco3"
    ISCO2 = "isco2"
    RELATED = "related"
    NONE = "none"


@dataclass(frozen=True)
class SkillStory:
    """One skill that the vacancy asks."""

    skill: int
    """Index in the taxonomy."""
    essential: bool
    level: int
    """Credit 0..100."""
    source: SkillSource
    through: int | None
    """The occupation that implies it (work, wish), or the other skill of its group (group)."""
    had: int
    possible: int


@dataclass(frozen=True)
class WorkStory:
    """One work of the seeker that counts as experience."""

    occupation: int
    months: int
    """Months as they count today: faded where the work is long past."""
    tie: OccupationTie


@dataclass(frozen=True)
class PairStory:
    """Everything about one pair. Points are those of the vacancy's best reading."""

    score: int
    had: tuple[int, int, int]
    possible: tuple[int, int, int]
    occupation_asked: int | None
    tie: OccupationTie
    tied_occupation: int | None
    """The seeker's occupation that is closest to the one asked."""
    tied_by_work: bool
    """The seeker has worked in it; else it is only wished for."""
    skills: tuple[SkillStory, ...]
    work: tuple[WorkStory, ...]
    known_misses: frozenset[int]
    """Requirement codes known to be missing; 256 travel, 257 availability."""


def explain_pair(seeker: SeekerColumns, vacancy: VacancyColumns, rules: Rules, as_of_day: int) -> PairStory:
    """Tell the story of one seeker and one vacancy (columns of one row each; ValueError otherwise)."""
    if len(seeker) != 1 or len(vacancy) != 1:
        raise ValueError("one seeker and one vacancy")
    person = reference.read_seeker(seeker, 0, rules, as_of_day)
    scored = [
        (reference.score_reading(person, vacancy, 0, occupation, rules), occupation)
        for occupation in reference.readings(vacancy, 0)
    ]
    score, asked = max(scored, key=lambda entry: entry[0].total)
    worked = [int(o) for o in seeker.work_occupation if o >= 0]
    wished = [int(o) for o in seeker.wish_occupation if o >= 0]
    tie, tied = _closest(rules, asked, [*worked, *wished])
    return PairStory(
        score=score.total,
        had=score.had,
        possible=score.possible,
        occupation_asked=asked if asked >= 0 else None,
        tie=tie,
        tied_occupation=tied,
        tied_by_work=tied in worked,
        skills=tuple(
            _skill_story(skill, weight, score, seeker, person, rules, worked, wished)
            for skill, weight in sorted(score.skill_weights.items())
        ),
        work=tuple(_work_stories(seeker, rules, asked, as_of_day)),
        known_misses=frozenset(reference.known_misses(person, vacancy, 0)[0]),
    )


def _closest(rules: Rules, asked: int, occupations: list[int]) -> tuple[OccupationTie, int | None]:
    """Return the closest tie and whose it is: the earliest of equals, works before wishes."""
    if asked < 0:
        return OccupationTie.NONE, None
    nodes = reference.nodes_of(rules, asked)
    for tie in (OccupationTie.SAME, OccupationTie.ISCO4, OccupationTie.ISCO3, OccupationTie.ISCO2):
        for occupation in occupations:
            if tie.value in nodes and reference.nodes_of(rules, occupation).get(tie.value) == nodes[tie.value]:
                return tie, occupation
    extents = [(reference.related_value(rules, asked, occupation), occupation) for occupation in occupations]
    extent, occupation = max(extents, key=lambda entry: entry[0], default=(0, -1))
    return (OccupationTie.RELATED, occupation) if extent else (OccupationTie.NONE, None)


def _skill_story(
    skill: int, weight: int, score: reference.Score, seeker: SeekerColumns, person: reference.Seeker, rules: Rules,
    worked: list[int], wished: list[int],
) -> SkillStory:  # fmt: skip
    """Tell how one asked skill is matched."""
    weights, group_of = rules.weights, rules.taxonomy.skill_group
    group = {
        other: min(level, weights.group_share)
        for other, level in person.levels.items()
        if group_of[other] == group_of[skill]
    }
    shared = max(group.values(), default=0)
    own = person.levels.get(skill, 0)
    source, through = SkillSource.NONE, None
    if own >= shared and own:
        source, through = _own_source(skill, own, seeker, rules, worked, wished)
    elif shared:
        source, through = SkillSource.GROUP, min(other for other, level in group.items() if level == shared)
    level = max(own, shared)
    return SkillStory(skill, skill in score.essential, level, source, through, weight * level, weight * 100)


def _own_source(
    skill: int, level: int, seeker: SeekerColumns, rules: Rules, worked: list[int], wished: list[int]
) -> tuple[SkillSource, int | None]:
    """Return what gives a skill its level: what is told of it before what an occupation implies."""
    weights = rules.weights
    told = {int(basis) for s, basis in zip(seeker.skill, seeker.skill_basis, strict=True) if s == skill}
    if SkillBasis.CONFIRMED in told and weights.level_confirmed == level:
        return SkillSource.CONFIRMED, None
    if SkillBasis.OWN_WORD in told and weights.level_own_word == level:
        return SkillSource.OWN_WORD, None
    for source, occupations, levels in (
        (SkillSource.WORK, worked, (weights.level_work_optional, weights.level_work_essential)),
        (SkillSource.WISH, wished, (weights.level_wish_optional, weights.level_wish_essential)),
    ):
        for occupation in occupations:
            if (skill, level) in {(s, levels[needed]) for s, needed in reference.relations(rules, occupation)}:
                return source, occupation
    raise AssertionError("a level comes from somewhere")


def _work_stories(seeker: SeekerColumns, rules: Rules, asked: int, day: int) -> list[WorkStory]:
    """List the works that count towards the experience asked, the closest and longest first."""
    stories: list[WorkStory] = []
    for k, occupation in enumerate(int(o) for o in seeker.work_occupation):
        tie, _ = _closest(rules, asked, [occupation] if occupation >= 0 else [])
        if tie in {OccupationTie.SAME, OccupationTie.ISCO4, OccupationTie.ISCO3}:
            stories.append(WorkStory(occupation, reference.months_on(rules, seeker, k, day) // 100, tie))
    closeness = list(OccupationTie)
    return sorted(stories, key=lambda story: (closeness.index(story.tie), -story.months, story.occupation))
