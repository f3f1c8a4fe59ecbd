"""What a vacancy asks, in words, criterion by criterion."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from employers.enums import Hours, RequirementStrength
from employers.models import Vacancy
from portal.classifications.enums import WorkTime


@dataclass(frozen=True)
class Asked:
    """A criterion's name and what the vacancy asks of it; empty where it asks nothing."""

    label: str
    text: str


def months_in_words(months: int) -> str:
    """Months as years and months: "2 years 4 months"."""
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    if rest or not years:
        parts.append(ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest})
    return " ".join(parts)


def occupations_in_words(vacancy: Vacancy) -> str:
    """Each occupation with its ISCO-08 group."""
    return ", ".join(f"{occupation} ({occupation.isco})" for occupation in vacancy.occupations.all())


def skills_in_words(vacancy: Vacancy) -> str:
    """How many skills are essential and how many an advantage."""
    strengths = [row.strength for row in vacancy.required_skills.all()]
    essential = strengths.count(RequirementStrength.ESSENTIAL)
    optional = len(strengths) - essential
    parts = []
    if essential:
        parts.append(_("%(n)s essential") % {"n": essential})
    if optional:
        parts.append(_("%(n)s an advantage") % {"n": optional})
    return ", ".join(parts) or (_("those of the occupation") if vacancy.occupations.all() else "")


def experience_in_words(vacancy: Vacancy) -> str:
    """The time asked at least; empty where none is."""
    if not vacancy.experience_months:
        return ""
    return _("at least %(time)s") % {"time": months_in_words(vacancy.experience_months)}


def place_in_words(vacancy: Vacancy) -> str:
    """Municipalities of the work, and whether it can be done from anywhere."""
    places = ", ".join(str(place) for place in vacancy.municipalities.all())
    if vacancy.remote:
        return f"{places}, {_('also remote')}" if places else _("remote work")
    return places


def working_time_in_words(vacancy: Vacancy) -> str:
    """Full-time or part-time, then the times of the day and week."""
    parts = [str(Hours(vacancy.hours).label)] if vacancy.hours else []
    parts += [str(WorkTime(code).label) for code in vacancy.work_times]
    return ", ".join(parts)


def languages_in_words(vacancy: Vacancy) -> str:
    """Each language with its level."""
    return ", ".join(str(row) for row in vacancy.required_languages.all())


def permits_in_words(vacancy: Vacancy) -> str:
    """Licences, cards and the level of education."""
    parts = [str(row) for row in vacancy.licences.all()] + [str(row) for row in vacancy.cards.all()]
    if vacancy.education_level:
        parts.append(str(vacancy.education_level))
    return ", ".join(parts)


def requirements_in_words(vacancy: Vacancy) -> list[Asked]:
    """The seven criteria in their order."""
    return [
        Asked(_("Occupation"), occupations_in_words(vacancy)),
        Asked(_("Skills"), skills_in_words(vacancy)),
        Asked(_("Experience"), experience_in_words(vacancy)),
        Asked(_("Way to work"), place_in_words(vacancy)),
        Asked(_("Working time"), working_time_in_words(vacancy)),
        Asked(_("Languages"), languages_in_words(vacancy)),
        Asked(_("Permits"), permits_in_words(vacancy)),
    ]
