"""A jobseeker's profile in words, and what is known and still unknown of it by the seven criteria of a match.

"Unknown is not no": what has not been asked is shown as a question to ask, never as something missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from jobmatching.seekers.enums import SkillBasis
from jobmatching.seekers.models import JobSeeker, SeekerCard, SeekerSkill, WorkPeriod
from portal.classifications.enums import LanguageLevel, RelationType, WorkTime
from portal.classifications.models import Occupation, OccupationSkill, Skill
from portal.ui import formats
from portal.ui.parts import Fact

EXPIRES_SOON: Final = timedelta(days=60)
_SHOWN_AT_MOST: Final = 3


class Knowledge(StrEnum):
    """How much is known for one criterion."""

    KNOWN = "known"
    PARTLY = "partly"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Known:
    """One criterion: its name, how much is known, and that in a few words."""

    label: str
    knowledge: Knowledge
    text: str


@dataclass(frozen=True)
class Work:
    """Work done, with its length in words."""

    period: WorkPeriod
    length: str


@dataclass(frozen=True)
class SkillByWork:
    """A skill that an occupation worked in implies: no word of the person's, and shown so."""

    skill: Skill
    occupation: Occupation
    essential: bool


@dataclass(frozen=True)
class CardHeld:
    """A permit or a card, and whether it has expired or soon will."""

    held: SeekerCard
    expired: bool
    expires_soon: bool


@dataclass(frozen=True)
class Profile:
    """All that the profile shows beside the rows themselves."""

    known: list[Known]
    work: list[Work]
    confirmed: list[SeekerSkill]
    own_word: list[SeekerSkill]
    by_work: list[SkillByWork]
    cards: list[CardHeld]
    travel: list[Fact]
    times_accepted: list[str]
    times_declined: list[str]
    times_not_asked: list[str]
    availability: str

    @property
    def known_count(self) -> int:
        """How many of the criteria are wholly known."""
        return sum(one.knowledge is Knowledge.KNOWN for one in self.known)


def profile_of(seeker: JobSeeker, by_work: list[SkillByWork], today: date) -> Profile:
    """Put the profile of a person of `JobSeekerQuerySet.for_page` into words. `by_work`: see `skills_by_work`."""
    work = [Work(period, _length(period, today)) for period in seeker.work_history.all()]
    skills = sorted(seeker.skills_held.all(), key=lambda row: str(row.skill).casefold())
    cards = [_card(row, today) for row in seeker.cards_held.all()]
    not_asked = [
        time for time in WorkTime if time.value not in (*seeker.work_times_accepted, *seeker.work_times_declined)
    ]
    return Profile(
        known=[
            _occupation_known(seeker, today),
            _skills_known(skills, by_work),
            _experience_known(seeker),
            _travel_known(seeker),
            _times_known(not_asked),
            _languages_known(seeker),
            _permits_known(seeker, cards),
        ],
        work=work,
        confirmed=[row for row in skills if row.basis == SkillBasis.CONFIRMED],
        own_word=[row for row in skills if row.basis == SkillBasis.OWN_WORD],
        by_work=by_work,
        cards=cards,
        travel=travel_facts(seeker),
        times_accepted=_labels(seeker.work_times_accepted),
        times_declined=_labels(seeker.work_times_declined),
        times_not_asked=[str(time.label) for time in not_asked],
        availability=availability_in_words(seeker),
    )


def skills_by_work(seeker: JobSeeker) -> list[SkillByWork]:
    """Skills that the occupations worked in imply and that are not told otherwise; essential ones first."""
    worked = {period.occupation_id for period in seeker.work_history.all() if period.occupation_id}
    told = {row.skill_id for row in seeker.skills_held.all()}
    relations = (
        OccupationSkill.objects.filter(occupation__in=worked, skill__retired=False)
        .exclude(skill__in=told)
        .select_related("skill", "occupation")
        .order_by("occupation", "skill")
    )
    found: dict[int, SkillByWork] = {}
    for relation in relations if worked else ():
        essential = relation.relation == RelationType.ESSENTIAL
        if relation.skill_id not in found or (essential and not found[relation.skill_id].essential):
            found[relation.skill_id] = SkillByWork(relation.skill, relation.occupation, essential)
    return sorted(found.values(), key=lambda one: (not one.essential, str(one.skill).casefold()))


def header_facts(seeker: JobSeeker) -> list[Fact]:
    """The facts under the name. Home and contact of somebody under non-disclosure are not shown, not even here."""
    wishes = [wish.occupation for wish in seeker.wishes.all()]
    language = capfirst(str(seeker.service_language or _("not asked yet")))
    interpreter = _("interpreter needed") if seeker.interpreter else _("no interpreter")
    if seeker.non_disclosure:
        home, reach = _("Not shown"), []
    else:
        home = str(seeker.home or _("not known"))
        reach = [Fact(_("Telephone"), seeker.phone)] if seeker.phone else []
        reach += [Fact(_("E-mail"), seeker.email)] if seeker.email else []
    more = _("and %(count)s more") % {"count": len(wishes) - 1} if len(wishes) > 1 else ""
    return [
        Fact(_("Home municipality"), home),
        Fact(_("Personal coach"), str(seeker.coach or _("none"))),
        Fact(
            _("Occupation wished"), capfirst(f"{wishes[0]} ({wishes[0].isco})") if wishes else _("not asked yet"), more
        ),
        Fact(_("Language of service"), language, interpreter),
        *reach,
        Fact(
            _("Profile confirmed"),
            formats.day_year(seeker.profile_confirmed_on) if seeker.profile_confirmed_on else _("not yet"),
        ),
    ]


def travel_facts(seeker: JobSeeker) -> list[Fact]:
    """How far and where the person goes to work."""
    places = ", ".join(str(place) for place in seeker.places.all())
    minutes = seeker.max_travel_minutes
    facts = [
        Fact(_("Longest way to work"), _("%(n)s min") % {"n": minutes} if minutes is not None else _("not asked yet")),
        Fact(_("Own car"), _yes_no(seeker.own_car)),
        Fact(_("Ready to move for work"), _yes_no(seeker.ready_to_move)),
        Fact(_("Remote work suits"), _yes_no(seeker.remote_wanted)),
    ]
    if places:
        small = _("Only these places count; the way from home does not.")
        facts.append(Fact(_("Places wished"), places, small))
    return facts


def availability_in_words(seeker: JobSeeker) -> str:
    """When the person can start; empty where it has not been asked."""
    if seeker.available_now:
        return _("available at once")
    if seeker.available_from:
        return _("available from %(day)s") % {"day": formats.day_year(seeker.available_from)}
    return ""


# --- What is known, criterion by criterion ---------------------------------------------------------------------------
def _occupation_known(seeker: JobSeeker, today: date) -> Known:
    wishes = [wish.occupation for wish in seeker.wishes.all()]
    worked = [(period.occupation, period) for period in seeker.work_history.all() if period.occupation]
    label = _("Occupation")
    if not wishes and not worked:
        return Known(label, Knowledge.UNKNOWN, _("no coded occupation"))
    occupation = wishes[0] if wishes else worked[0][0]
    months = sum(_months(period, today) for done, period in worked if done == occupation)
    told = f"{occupation}, {formats.months_span(months)}" if months else str(occupation)
    return Known(label, Knowledge.KNOWN, capfirst(told))


def _skills_known(skills: list[SeekerSkill], by_work: list[SkillByWork]) -> Known:
    label = _("Skills")
    if skills:
        confirmed = sum(row.basis == SkillBasis.CONFIRMED for row in skills)
        told = ngettext("%(n)s skill", "%(n)s skills", len(skills)) % {"n": len(skills)}
        sure = ngettext("%(n)s confirmed", "%(n)s confirmed", confirmed) % {"n": confirmed}
        return Known(label, Knowledge.KNOWN, f"{told}, {sure}" if confirmed else told)
    if by_work:
        return Known(label, Knowledge.PARTLY, _("only by the work done"))
    return Known(label, Knowledge.UNKNOWN, pgettext("of a person", "skills not asked"))


def _experience_known(seeker: JobSeeker) -> Known:
    count = len(seeker.work_history.all())
    if not count:
        return Known(_("Experience"), Knowledge.UNKNOWN, _("work history not asked"))
    return Known(_("Experience"), Knowledge.KNOWN, ngettext("%(n)s job", "%(n)s jobs", count) % {"n": count})


def _travel_known(seeker: JobSeeker) -> Known:
    label = _("Way to work")
    places = [str(place) for place in seeker.places.all()]
    if seeker.ready_to_move:
        return Known(label, Knowledge.KNOWN, _("ready to move"))
    if places:
        return Known(label, Knowledge.KNOWN, some_of(places))
    if seeker.max_travel_minutes is not None and seeker.home_id is not None:
        limit = _("at most %(n)s min") % {"n": seeker.max_travel_minutes}
        return Known(label, Knowledge.KNOWN, f"{_('car')}, {limit}" if seeker.own_car else limit)
    return Known(label, Knowledge.UNKNOWN, _("longest way not asked"))


def _times_known(not_asked: list[WorkTime]) -> Known:
    label = _("Working time")
    if len(not_asked) == len(WorkTime):
        return Known(label, Knowledge.UNKNOWN, _("working times not asked"))
    if not_asked:
        times = some_of([str(time.label) for time in not_asked])
        return Known(label, Knowledge.PARTLY, _("not asked: %(times)s") % {"times": times})
    return Known(label, Knowledge.KNOWN, _("all times asked"))


def _languages_known(seeker: JobSeeker) -> Known:
    label = _("Languages")
    told = [f"{row.language} {level_in_words(row.level)}" for row in seeker.languages_held.all()]
    if seeker.languages_complete:
        return Known(label, Knowledge.KNOWN, some_of(told) or _("none"))
    if told:
        return Known(label, Knowledge.PARTLY, _("%(languages)s; others not asked") % {"languages": some_of(told)})
    return Known(label, Knowledge.UNKNOWN, pgettext("of a person", "languages not asked"))


def _permits_known(seeker: JobSeeker, cards: list[CardHeld]) -> Known:
    label = _("Permits")
    expiring = next((card for card in cards if card.expires_soon), None)
    if expiring is not None:
        day = formats.day_year(expiring.held.valid_until)
        return Known(label, Knowledge.PARTLY, _("%(card)s expires %(day)s") % {"card": expiring.held.card, "day": day})
    told = [str(row.licence) for row in seeker.licences_held.all()]
    told += [str(card.held.card) for card in cards if not card.expired]
    asked = (seeker.licences_complete, seeker.cards_complete, seeker.education_level_id is not None)
    if all(asked):
        return Known(label, Knowledge.KNOWN, some_of(told) or _("none"))
    if told or any(asked):
        permits = some_of(told) or _("some asked")
        return Known(label, Knowledge.PARTLY, _("%(permits)s; others not asked") % {"permits": permits})
    return Known(label, Knowledge.UNKNOWN, pgettext("of a person", "permits not asked"))


# --- Words -----------------------------------------------------------------------------------------------------------
def level_in_words(level: str) -> str:
    """A level of a language: `B1`, `mother tongue`, `none`."""
    if not level:
        return pgettext("of a language", "none")
    return str(LanguageLevel.L1.label) if level == LanguageLevel.L1 else level


def some_of(texts: list[str]) -> str:
    """The first three, and how many more there are."""
    shown = ", ".join(texts[:_SHOWN_AT_MOST])
    more = len(texts) - _SHOWN_AT_MOST
    return f"{shown} {_('and %(count)s more') % {'count': more}}" if more > 0 else shown


def _labels(codes: Iterable[str]) -> list[str]:
    return [str(WorkTime(code).label) for code in sorted(codes)]


def _yes_no(value: bool | None) -> str:
    return _("not asked yet") if value is None else _("yes") if value else _("no")


def _months(period: WorkPeriod, today: date) -> int:
    return max(0, formats.months_between(period.started_on, period.ended_on or today))


def _length(period: WorkPeriod, today: date) -> str:
    return formats.time_span(period.started_on, max(period.started_on, period.ended_on or today))


def _card(row: SeekerCard, today: date) -> CardHeld:
    until = row.valid_until
    expired = until is not None and until < today
    return CardHeld(row, expired, until is not None and not expired and until <= today + EXPIRES_SOON)
