"""One requirement of a vacancy beside what is known of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from employers.models import Vacancy
from jobmatching.engine.criteria import State
from jobmatching.models import JobSeeker
from jobmatching.nightly.vacancy_columns import TIME_OF_HOURS
from portal.classifications.enums import LanguageLevel, WorkTime


@dataclass(frozen=True)
class Fact:
    """What is asked, what the person has, how they stand to each other, and where that is known from and since when."""

    asked: str
    has: str
    state: State
    source: str = ""
    since: date | None = None
    brief: str = ""
    """What is had in a word or two, for a narrow cell; empty where `has` is short enough."""


def unknown(asked: str) -> Fact:
    """Nothing is known: a question to ask."""
    return Fact(asked, _("not asked yet"), State.UNKNOWN)


def language_facts(vacancy: Vacancy, seeker: JobSeeker) -> list[Fact]:
    """A fact a language asked; a language that is not told is missing only when all have been asked."""
    held = {row.language_id: row for row in seeker.languages_held.all()}
    facts = []
    for asked in vacancy.required_languages.all():
        words = f"{asked.language} {_level(asked.level)}"
        row = held.get(asked.language_id)
        if asked.language.match_slot is None:
            # A rare language is shown and asked, never used as a filter.
            facts.append(
                unknown(words) if row is None else Fact(words, f"{row.language} {_level(row.level)}", State.MET)
            )
        elif row is not None:
            met = _rank(row.level) >= _rank(asked.level)
            words_held = f"{row.language} {_level(row.level)}" if row.level else pgettext("of a language", "none")
            facts.append(
                Fact(
                    words,
                    words_held,
                    State.MET if met else State.MISSING,
                    row.get_known_by_display(),
                    row.noted_on,
                    brief=_level(row.level),
                )
            )
        elif seeker.languages_complete:
            facts.append(
                Fact(
                    words,
                    pgettext("of a language", "none"),
                    State.MISSING,
                    _("all languages asked"),
                    seeker.profile_confirmed_on,
                )
            )
        else:
            facts.append(unknown(words))
    return facts


def _rank(level: str) -> int:
    return LanguageLevel(level).rank if level else 0


def _level(level: str) -> str:
    return _("mother tongue") if level == LanguageLevel.L1 else level


def permit_facts(vacancy: Vacancy, seeker: JobSeeker, day: date) -> list[Fact]:
    """A fact a licence, card and level of education asked."""
    return [
        *_licence_facts(vacancy, seeker),
        *_card_facts(vacancy, seeker, day),
        *_education_facts(vacancy, seeker),
    ]


def _licence_facts(vacancy: Vacancy, seeker: JobSeeker) -> Iterable[Fact]:
    held = list(seeker.licences_held.all())
    for asked in vacancy.licences.all():
        giving = next((row for row in held if asked.code in {row.licence.code, *row.licence.includes}), None)
        if giving is not None:
            yield Fact(str(asked), str(giving.licence), State.MET, giving.get_known_by_display(), giving.noted_on)
        elif seeker.licences_complete:
            yield Fact(str(asked), _("none"), State.MISSING, _("all licences asked"), seeker.profile_confirmed_on)
        else:
            yield unknown(str(asked))


def _card_facts(vacancy: Vacancy, seeker: JobSeeker, day: date) -> Iterable[Fact]:
    held = {row.card_id: row for row in seeker.cards_held.all()}
    for asked in vacancy.cards.all():
        row = held.get(asked.pk)
        if row is not None and (row.valid_until is None or row.valid_until >= day):
            until = (
                _(" until %(day)s") % {"day": date_format(row.valid_until, "SHORT_DATE_FORMAT")}
                if row.valid_until
                else ""
            )
            yield Fact(str(asked), f"{asked}{until}", State.MET, row.get_known_by_display(), row.noted_on)
        elif row is not None and row.valid_until is not None:
            ended = _("expired %(day)s") % {"day": date_format(row.valid_until, "SHORT_DATE_FORMAT")}
            yield Fact(str(asked), ended, State.MISSING, row.get_known_by_display(), row.noted_on)
        elif seeker.cards_complete:
            yield Fact(str(asked), _("none"), State.MISSING, _("all cards asked"), seeker.profile_confirmed_on)
        else:
            yield unknown(str(asked))


def _education_facts(vacancy: Vacancy, seeker: JobSeeker) -> Iterable[Fact]:
    asked = vacancy.education_level
    if asked is None:
        return
    own = seeker.education_level
    if own is None:
        yield unknown(str(asked))
        return
    other_school = own.code[0] == asked.code[0] and own.code != asked.code
    met = own.order >= asked.order and not other_school
    yield Fact(str(asked), str(own), State.MET if met else State.MISSING, _("profile"), seeker.profile_confirmed_on)


def asked_times(vacancy: Vacancy) -> list[WorkTime]:
    """Working times that the work contains, full-time or part-time among them."""
    times = [WorkTime(code) for code in vacancy.work_times]
    extent = TIME_OF_HOURS.get(vacancy.hours)
    return [*([extent] if extent else []), *times]


def working_time_facts(vacancy: Vacancy, seeker: JobSeeker, as_of: date) -> list[Fact]:
    """A fact a working time of the work, and one for the day on which the work starts where it is stated."""
    facts = []
    for time in asked_times(vacancy):
        words = str(time.label)
        if time.value in seeker.work_times_accepted:
            facts.append(Fact(words, _("suits"), State.MET, _("profile"), seeker.profile_confirmed_on))
        elif time.value in seeker.work_times_declined:
            facts.append(Fact(words, _("does not suit"), State.MISSING, _("profile"), seeker.profile_confirmed_on))
        else:
            facts.append(unknown(words))
    if vacancy.starts_on:
        words = _("starts %(day)s") % {"day": date_format(vacancy.starts_on, "SHORT_DATE_FORMAT")}
        facts.append(_availability(words, max(vacancy.starts_on, as_of), seeker))
    return facts


def _availability(words: str, starts_on: date, seeker: JobSeeker) -> Fact:
    """Whether the person is free when the work starts; work whose start has passed would start on the day itself."""
    if not seeker.available_known:
        return unknown(words)
    if seeker.available_from is None:
        return Fact(words, _("available at once"), State.MET, _("profile"), seeker.profile_confirmed_on)
    has = _("available from %(day)s") % {"day": date_format(seeker.available_from, "SHORT_DATE_FORMAT")}
    state = State.MET if seeker.available_from <= starts_on else State.MISSING
    return Fact(words, has, state, _("profile"), seeker.profile_confirmed_on)


def travel_fact(vacancy: Vacancy, seeker: JobSeeker, minutes: dict[tuple[int, int], int]) -> Fact | None:
    """How the person gets there; `minutes` by (home, municipality). None where the place is free or not stated."""
    places = list(vacancy.municipalities.all())
    if vacancy.remote:
        return None
    if not places:
        return None
    asked = ", ".join(str(place) for place in places)
    source, since = _("profile"), seeker.profile_confirmed_on
    if seeker.ready_to_move:
        return Fact(asked, _("ready to move"), State.MET, source, since)
    way = shortest_way(vacancy, seeker, minutes)
    estimate = (
        str(seeker.home or "")
        if way is None
        else _("%(home)s, about %(minutes)s min") % {"home": seeker.home, "minutes": way}
    )
    wished = list(seeker.places.all())
    if wished:
        fits = {place.pk for place in wished} & {place.pk for place in places}
        listed = _("wants to work in: %(places)s") % {"places": ", ".join(str(place) for place in wished)}
        return Fact(asked, listed, State.MET if fits else State.MISSING, source, since, brief=_("Wished place"))
    if seeker.home_id is None or seeker.max_travel_minutes is None:
        has = f"{estimate}. {_('Longest way not asked yet')}" if estimate else _("not asked yet")
        return Fact(asked, has, State.UNKNOWN)
    at_home = seeker.home_id in {place.pk for place in places}
    if way is None and not at_home:
        return Fact(asked, estimate, State.UNKNOWN)
    fits_limit = at_home or (way is not None and way <= seeker.max_travel_minutes)
    has = _("%(way)s. At most %(limit)s min") % {"way": estimate, "limit": seeker.max_travel_minutes}
    return Fact(asked, has, State.MET if fits_limit else State.MISSING, source, since)


def shortest_way(vacancy: Vacancy, seeker: JobSeeker, minutes: dict[tuple[int, int], int]) -> int | None:
    """Minutes from home to the nearest municipality of the work; None where no way is known."""
    home = seeker.home_id
    if home is None:
        return None
    ways = (minutes.get((home, place.pk)) for place in vacancy.municipalities.all())
    return min((way for way in ways if way is not None), default=None)


def state_of(facts: Iterable[Fact]) -> State:
    """One missing requirement is missing; else one unknown is unknown; else met; nothing asked is not asked."""
    states = {fact.state for fact in facts}
    for state in (State.MISSING, State.UNKNOWN, State.PARTLY, State.MET):
        if state in states:
            return state
    return State.NOT_ASKED
