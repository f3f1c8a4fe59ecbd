"""Near misses of a vacancy, grouped by the one requirement that keeps people from it."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from employers.models import Vacancy
from jobmatching.engine.criteria import Criterion
from jobmatching.models import JobSeeker
from jobmatching.nightly.explaining.facts import language_facts, travel_fact
from jobmatching.nightly.explaining.pairs import travel_minutes
from jobmatching.nightly.explaining.words import CRITERION_LABELS, RequirementNames
from jobmatching.nightly.models import MatchResult, NearMiss
from jobmatching.nightly.querysets import people_shown_to
from jobmatching.nightly.requirements import Kind
from portal.accounts.permissions import AnyUser

_ICONS = {
    Kind.CARD: "identification",
    Kind.LICENCE: "truck",
    Kind.LANGUAGE: "language",
    Kind.EDUCATION: "academic-cap",
    Kind.WORK_TIME: "clock",
    Kind.AVAILABILITY: "calendar-days",
    Kind.TRAVEL: "map-pin",
}


@dataclass(frozen=True)
class PersonNear:
    """A person who misses one requirement, and how."""

    seeker: JobSeeker
    words: str


@dataclass(frozen=True)
class NearGroup:
    """Those whom the same requirement keeps apart."""

    title: str
    tag: str
    icon: str
    change: str
    people: list[PersonNear]


def near_groups(vacancy: Vacancy, misses: list[NearMiss], result: MatchResult, user: AnyUser) -> list[NearGroup]:
    """Groups of the vacancy's near misses, those with most people first; only people that the user may see."""
    visible = people_shown_to(user).for_page().in_bulk([miss.seeker_id for miss in misses])
    minutes = travel_minutes([vacancy], visible.values())
    names = RequirementNames(result.rules)
    grouped: dict[int, list[JobSeeker]] = defaultdict(list)
    for miss in misses:
        if miss.seeker_id in visible:
            grouped[miss.requirement].append(visible[miss.seeker_id])
    return [
        _group(vacancy, code, people, names, minutes)
        for code, people in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _group(
    vacancy: Vacancy, code: int, people: list[JobSeeker], names: RequirementNames, minutes: dict[tuple[int, int], int]
) -> NearGroup:
    requirement, name, n = names.requirement(code), names.name(code), len(people)
    if requirement.kind is Kind.TRAVEL:
        title = _("Only the way to work is too long (%(n)s)") % {"n": n}
        tag = _("Way to work: longer than wished")
        change = _(
            "Ask about a lift, another shift, remote days or moving. The way is at most half an hour over the limit."
        )
    elif requirement.kind is Kind.AVAILABILITY:
        title = _("Only the start of the work is too early (%(n)s)") % {"n": n}
        tag = _("Start: not free yet")
        change = _("Ask the employer whether the work could start later.")
    elif requirement.kind is Kind.WORK_TIME:
        title = _("Only the working time does not suit: %(name)s (%(n)s)") % {"n": n, "name": name}
        tag = _("Working time: %(name)s does not suit") % {"name": name}
        change = _(
            "Ask the employer whether another working time is possible, or the jobseeker whether the wish has changed."
        )
    else:
        title = _("Only this is missing: %(name)s (%(n)s)") % {"n": n, "name": name}
        tag = _("%(criterion)s: missing") % {"criterion": CRITERION_LABELS[Criterion(requirement.criterion)]}
        change = _CHANGES[requirement.kind]() % {"name": name}
    told = [PersonNear(person, _words(vacancy, person, requirement.kind, minutes)) for person in people]
    return NearGroup(title, tag, _ICONS[requirement.kind], change, told)


_CHANGES = {
    Kind.CARD: lambda: _("Getting the card: %(name)s. Look for a course that gives it."),
    Kind.LICENCE: lambda: _("Getting the licence: %(name)s."),
    Kind.LANGUAGE: lambda: _("Reaching %(name)s, or support with the language at the start of the work."),
    Kind.EDUCATION: lambda: _("Education: %(name)s. Ask the employer whether other education will do."),
}


def _words(vacancy: Vacancy, person: JobSeeker, kind: Kind, minutes: dict[tuple[int, int], int]) -> str:
    """A line on one person: where from, and what is had of what misses."""
    home = str(person.home or "")
    if kind is Kind.TRAVEL:
        fact = travel_fact(vacancy, person, minutes)
        return fact.has if fact else home
    if kind is Kind.LANGUAGE:
        held = [fact.has for fact in language_facts(vacancy, person) if fact.state.name == "MISSING"]
        return ", ".join(part for part in (home, *held) if part)
    if kind is Kind.AVAILABILITY and person.available_from:
        free = _("available from %(day)s") % {"day": date_format(person.available_from, "SHORT_DATE_FORMAT")}
        return ", ".join(part for part in (home, free) if part)
    return home
