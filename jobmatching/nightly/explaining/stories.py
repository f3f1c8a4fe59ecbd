"""The story of one pair: per criterion what is asked, what is had, the result, and where it is known from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from employers.models import Vacancy
from employers.vacancies.requirements import (
    experience_in_words,
    months_in_words,
    occupations_in_words,
    place_in_words,
    working_time_in_words,
)
from jobmatching.engine.criteria import SCORED, Criterion, State
from jobmatching.engine.detail import PairStory as Detail
from jobmatching.engine.detail import SkillSource, SkillStory
from jobmatching.models import JobSeeker
from jobmatching.nightly.explaining.facts import (
    Fact,
    language_facts,
    permit_facts,
    shortest_way,
    travel_fact,
    working_time_facts,
)
from jobmatching.nightly.explaining.names import ConceptNames
from jobmatching.nightly.explaining.words import CRITERION_LABELS
from portal.runs.models import JobRun

_SHOWN = 6
"""Skills named in one cell at most; the rest are counted."""


@dataclass(frozen=True)
class Points:
    """Points had and possible in occupation, skills and experience, from the run's frozen input."""

    had: tuple[int, int, int]
    possible: tuple[int, int, int]

    def of(self, criterion: Criterion) -> tuple[int, int]:
        """Had and possible of one criterion."""
        return self.had[criterion], self.possible[criterion]

    @property
    def score(self) -> int:
        return sum(self.had)


@dataclass(frozen=True)
class CriterionStory:
    """One criterion of a pair."""

    criterion: Criterion
    state: State
    brief: str
    small: str = ""
    asks: str = ""
    has: str = ""
    result: str = ""
    sources: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    had: int | None = None
    possible: int | None = None

    @property
    def label(self) -> str:
        return str(CRITERION_LABELS[self.criterion])


@dataclass
class PairStory:
    """A vacancy and a jobseeker, criterion by criterion."""

    vacancy: Vacancy
    seeker: JobSeeker
    run: JobRun
    score: int
    criteria: list[CriterionStory]
    changed_since: bool
    is_new: bool = False
    questions: list[str] = field(default_factory=list)

    @property
    def states(self) -> list[State]:
        return [criterion.state for criterion in self.criteria]

    @property
    def scored(self) -> list[CriterionStory]:
        """The criteria that give points."""
        return [criterion for criterion in self.criteria if criterion.criterion in SCORED]

    @property
    def possible(self) -> int:
        return sum(criterion.possible or 0 for criterion in self.scored)

    @property
    def questions_title(self) -> str:
        """How much there is to ask."""
        return ngettext("One question to ask.", "%(n)s questions to ask.", len(self.questions)) % {
            "n": len(self.questions)
        }

    @property
    def questions_text(self) -> str:
        return f"{', '.join(self.questions)}."


def tell(
    vacancy: Vacancy,
    seeker: JobSeeker,
    run: JobRun,
    detail: Detail,
    states: Sequence[State],
    points: Points,
    minutes: dict[tuple[int, int], int],
    names: ConceptNames,
    *,
    changed_since: bool,
    is_new: bool = False,
) -> PairStory:
    """Put the story together.

    `states` and `points` are those of the run (its frozen input); `detail` is the engine's account of the
    profile on record.
    """
    criteria = [
        _occupation(vacancy, seeker, detail, states[Criterion.OCCUPATION], points, names),
        _skills(vacancy, seeker, detail, states[Criterion.SKILLS], points, names),
        _experience(vacancy, detail, states[Criterion.EXPERIENCE], points),
        _travel(vacancy, seeker, states[Criterion.TRAVEL], minutes),
        _by_facts(
            Criterion.WORKING_TIME,
            states[Criterion.WORKING_TIME],
            working_time_facts(vacancy, seeker, run.for_date),
            vacancy,
        ),
        _by_facts(Criterion.LANGUAGES, states[Criterion.LANGUAGES], language_facts(vacancy, seeker), vacancy),
        _by_facts(Criterion.PERMITS, states[Criterion.PERMITS], permit_facts(vacancy, seeker, run.for_date), vacancy),
    ]
    questions = [_question(criterion) for criterion in criteria if criterion.state is State.UNKNOWN]
    return PairStory(vacancy, seeker, run, points.score, criteria, changed_since, is_new, questions)


def _question(criterion: CriterionStory) -> str:
    """What to ask about a criterion: the pieces that are unknown, else the criterion itself."""
    pieces = [fact.asked for fact in criterion.facts if fact.state is State.UNKNOWN]
    return f"{criterion.label}: {', '.join(pieces)}" if pieces else criterion.label


def _ask() -> str:
    return _("No information, ask")


def _since(words: str, day: date | None) -> str:
    return f"{words}, {date_format(day, 'SHORT_DATE_FORMAT')}" if day else words


def _occupation(
    vacancy: Vacancy, seeker: JobSeeker, detail: Detail, state: State, points: Points, names: ConceptNames
) -> CriterionStory:
    briefs = {
        State.MET: _("Same"),
        State.PARTLY: _("Related"),
        State.MISSING: _("Another field"),
        State.UNKNOWN: _ask(),
        State.NOT_ASKED: _("Not asked"),
    }
    results = {
        State.MET: _("Same occupation or occupation group"),
        State.PARTLY: _("Related occupation"),
        State.MISSING: _("Another field"),
    }
    has, sources = "", []
    if detail.tied_occupation is not None:
        pk = names.occupation_id(detail.tied_occupation)
        name, isco = names.occupation(detail.tied_occupation)
        has = f"{name} ({isco})"
        wish = next((row for row in seeker.wishes.all() if row.occupation_id == pk), None)
        work = next((row for row in seeker.work_history.all() if row.occupation_id == pk), None)
        if work is not None:
            sources.append(_since(_("Work done: %(how)s") % {"how": work.get_known_by_display()}, work.noted_on))
        if wish is not None:
            sources.append(_since(_("Wish: %(how)s") % {"how": wish.get_known_by_display()}, wish.noted_on))
    had, possible = points.of(Criterion.OCCUPATION)
    return CriterionStory(
        Criterion.OCCUPATION, state, briefs[state], asks=occupations_in_words(vacancy), has=has,
        result=results.get(state, briefs[state]), sources=tuple(sources), had=had, possible=possible,
    )  # fmt: skip


def _skills(
    vacancy: Vacancy, seeker: JobSeeker, detail: Detail, state: State, points: Points, names: ConceptNames
) -> CriterionStory:
    had, possible = points.of(Criterion.SKILLS)
    essential = [skill for skill in detail.skills if skill.essential]
    optional = [skill for skill in detail.skills if not skill.essential]
    met, extra = [skill for skill in essential if _is_met(skill)], [skill for skill in optional if _is_met(skill)]
    counted = _of(len(met), len(essential)) if essential else _of(len(extra), len(optional))
    result = counted
    if essential and optional:
        result = _("%(counted)s, an advantage %(extra)s / %(optional)s") % {
            "counted": counted, "extra": len(extra), "optional": len(optional),
        }  # fmt: skip
    unknown = state is State.UNKNOWN
    held = {row.skill_id: row for row in seeker.skills_held.all()}
    sources: dict[str, None] = {}
    for skill in (*met, *extra):
        row = held.get(names.skill_id(skill.skill))
        if row is not None:
            sources[_since(f"{row.get_basis_display()}: {row.get_known_by_display()}", row.noted_on)] = None
        elif skill.source is SkillSource.WORK and skill.through is not None:
            sources[_("implied by work as %(occupation)s") % {"occupation": names.occupation(skill.through)[0]}] = None
        elif skill.source is SkillSource.WISH and skill.through is not None:
            sources[_("implied by the wish: %(occupation)s") % {"occupation": names.occupation(skill.through)[0]}] = (
                None
            )
    return CriterionStory(
        Criterion.SKILLS, state, _ask() if unknown else counted if state is not State.NOT_ASKED else _("Not asked"),
        asks=_listed([names.skill(s.skill) for s in essential], [names.skill(s.skill) for s in optional]),
        has=_listed([names.skill(skill.skill) for skill in met], [names.skill(skill.skill) for skill in extra]),
        result=_ask() if unknown else result if state is not State.NOT_ASKED else _("Not asked"),
        sources=tuple(list(sources)[:3]), had=had, possible=possible,
    )  # fmt: skip


def _of(some: int, all_of_them: int) -> str:
    """Some of all, as 3 / 4, never broken over two lines."""
    return f"{some}\u00a0/\u00a0{all_of_them}"


def _is_met(skill: SkillStory) -> bool:
    """Whether the person has the skill itself, told or implied; another skill of its group is not the same."""
    return skill.source not in {SkillSource.NONE, SkillSource.GROUP}


def _listed(essential: list[str], optional: list[str]) -> str:
    """Essential skills, then those that are an advantage; long lists are cut and counted."""
    parts = []
    if essential:
        parts.append(_cut(essential))
    if optional:
        parts.append(_("An advantage: %(skills)s") % {"skills": _cut(optional)})
    return ". ".join(parts)


def _cut(words: list[str]) -> str:
    shown = ", ".join(words[:_SHOWN])
    rest = len(words) - _SHOWN
    return (
        ngettext("%(shown)s and %(n)s more", "%(shown)s and %(n)s more", rest) % {"shown": shown, "n": rest}
        if rest > 0
        else shown
    )


def _experience(vacancy: Vacancy, detail: Detail, state: State, points: Points) -> CriterionStory:
    had, possible = points.of(Criterion.EXPERIENCE)
    counted = sum(work.months for work in detail.work)
    months = months_in_words(counted) if counted else ""
    briefs = {State.UNKNOWN: _ask(), State.NOT_ASKED: _("Not asked"), State.MISSING: _("None in the field")}
    return CriterionStory(
        Criterion.EXPERIENCE, state, briefs.get(state, months or _("None in the field")),
        asks=experience_in_words(vacancy), has=months, result=briefs.get(state, months),
        sources=(_("work history"),) if months else (), had=had, possible=possible,
    )  # fmt: skip


def _travel(vacancy: Vacancy, seeker: JobSeeker, state: State, minutes: dict[tuple[int, int], int]) -> CriterionStory:
    fact = travel_fact(vacancy, seeker, minutes)
    if fact is None:
        words = _("remote work") if vacancy.remote else _("No place stated")
        shown = state if not vacancy.remote else State.MET
        return CriterionStory(
            Criterion.TRAVEL,
            state if state is State.NOT_ASKED else shown,
            words,
            asks=place_in_words(vacancy),
            result=words,
        )
    way = shortest_way(vacancy, seeker, minutes)
    by_way = way is not None and not seeker.places.all()
    brief = _("%(minutes)s min") % {"minutes": way} if by_way else fact.brief or fact.has
    results = {State.MET: _("Fits"), State.MISSING: _("Longer than wished"), State.UNKNOWN: _ask()}
    return CriterionStory(
        Criterion.TRAVEL, state, _ask() if state is State.UNKNOWN else brief, asks=place_in_words(vacancy),
        has=fact.has, result=results.get(state, ""), facts=(fact,),
        sources=(_since(fact.source, fact.since),) if fact.source else (),
    )  # fmt: skip


def _by_facts(criterion: Criterion, state: State, facts: list[Fact], vacancy: Vacancy) -> CriterionStory:
    """A criterion without points: met when nothing misses; what is unknown is named as a question."""
    unknown = [fact for fact in facts if fact.state is State.UNKNOWN]
    known = [fact for fact in facts if fact.state is not State.UNKNOWN]
    words = {
        Criterion.WORKING_TIME: _("Suits"),
        Criterion.LANGUAGES: known[0].brief or known[0].has if len(known) == 1 else _("All"),
        Criterion.PERMITS: _("Has"),
    }
    results = {
        State.MET: words[criterion] or _("Met"),
        State.MISSING: _("Missing: %(what)s") % {"what": ", ".join(f.asked for f in facts if f.state is State.MISSING)},
        State.UNKNOWN: _ask(),
        State.NOT_ASKED: _("Not asked"),
        State.PARTLY: _("Partly"),
    }
    asks = (
        working_time_in_words(vacancy)
        if criterion is Criterion.WORKING_TIME
        else ", ".join(fact.asked for fact in facts)
    )
    told = [f"{fact.asked}: {fact.has}" if criterion is Criterion.WORKING_TIME else fact.has for fact in facts]
    sources = dict.fromkeys(_since(fact.source, fact.since) for fact in known if fact.source)
    return CriterionStory(
        criterion, state, results[state],
        small=_cut([fact.asked for fact in unknown]) if state is State.UNKNOWN else "",
        asks=asks, has=", ".join(dict.fromkeys(told)), result=results[state],
        sources=tuple(list(sources)[:3]), facts=tuple(facts),
    )  # fmt: skip
