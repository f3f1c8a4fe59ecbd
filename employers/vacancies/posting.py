"""The posting of a vacancy as it was given: texts, terms, contact."""

from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from employers.enums import HoursPeriod, StartKind
from employers.models import Vacancy
from portal.classifications.enums import ShiftPattern
from portal.ui.parts import Fact


@dataclass(frozen=True)
class PostingText:
    """The texts of one language."""

    lang: str
    summary: str
    description: str


def texts_of(vacancy: Vacancy) -> list[PostingText]:
    """Texts by language, the one in use first."""
    wanted = (get_language() or "fi")[:2]
    found = [
        PostingText(lang, getattr(vacancy, f"summary_{lang}"), getattr(vacancy, f"description_{lang}"))
        for lang in dict.fromkeys((wanted, "fi", "sv", "en"))
    ]
    return [text for text in found if text.summary or text.description]


def terms_of(vacancy: Vacancy) -> list[Fact]:
    """Terms of the work that the posting states."""
    given = [
        (_("Posts"), str(vacancy.positions)),
        (_("Employment relationship"), vacancy.get_relationship_display()),
        (_("Continuity"), vacancy.get_continuity_display()),
        (_("Working hours"), _hours(vacancy)),
        (_("Shifts"), ", ".join(str(ShiftPattern(code).label) for code in vacancy.shift_patterns)),
        (_("Work starts"), _start(vacancy)),
        (_("Temporary work ends"), date_format(vacancy.ends_on, "SHORT_DATE_FORMAT") if vacancy.ends_on else ""),
        (_("Pay"), ", ".join(part for part in (vacancy.get_salary_basis_display(), vacancy.salary_note) if part)),
        (_("Workplace"), vacancy.workplace),
    ]
    extra = [
        (vacancy.temporary_agency, _("temporary agency work")),
        (vacancy.apprenticeship, _("apprenticeship")),
        (vacancy.on_call, _("called when needed")),
        (vacancy.travel_in_work, _("the work includes travelling")),
        (vacancy.criminal_record_check, _("a criminal record extract is asked (work with children)")),
    ]
    facts = [Fact(label, value) for label, value in given if value]
    notes = ", ".join(text for holds, text in extra if holds)
    return [*facts, Fact(_("Also"), notes)] if notes else facts


def contact_of(vacancy: Vacancy) -> list[Fact]:
    """How to apply and whom to ask."""
    given = [
        (_("Contact person"), vacancy.contact_name),
        (_("Telephone"), vacancy.contact_phone),
        (_("E-mail"), vacancy.contact_email),
        (_("How to apply"), vacancy.apply_note),
        (_("Application form"), vacancy.apply_url),
    ]
    return [Fact(label, value) for label, value in given if value]


def _hours(vacancy: Vacancy) -> str:
    extent = vacancy.get_hours_display()
    bounds = [number_format(value) for value in (vacancy.hours_min, vacancy.hours_max) if value is not None]
    if not bounds:
        return extent
    period = str(HoursPeriod(vacancy.hours_period).label) if vacancy.hours_period else ""
    return ", ".join(part for part in (extent, f"{'–'.join(bounds)} {period}".strip()) if part)


def _start(vacancy: Vacancy) -> str:
    if vacancy.start_kind == StartKind.FROM_DATE and vacancy.starts_on:
        return date_format(vacancy.starts_on, "SHORT_DATE_FORMAT")
    return str(vacancy.get_start_kind_display())
