"""Words for what stands in the log: from which page, why."""

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.privacy.access.enums import Action, Purpose, ReasonCode

VIEWS: Final[dict[str, Promise]] = {
    "seekers:list": _("List of jobseekers"),
    "seekers:export": _("Export of jobseekers"),
    "seekers:import_check": _("Import of jobseekers"),
    "seekers:page": _("Jobseeker: profile"),
    "seekers:matches": _("Jobseeker: matches"),
    "seekers:reveal": _("Jobseeker: identity code"),
    "seekers:reason": _("Jobseeker: question for the reason"),
    "seekers:looked": _("Jobseeker: who has looked"),
    "seekers:history": _("Jobseeker: changes"),
    "seekers:contact": _("Jobseeker: messages"),
    "seekers:rights": _("Jobseeker: data protection"),
    "seekers:requests": _("Requests about own data"),
    "seekers:requests_file": _("Requests about own data"),
    "seekers:departing": _("Jobseekers whose data will be deleted"),
    "seekers:search": _("Search of jobseekers"),
    "seekers:request": _("Jobseeker: request about own data"),
    "seekers:document": _("Jobseeker: all own data"),
    "seekers:document_json": _("Jobseeker: all own data"),
    "seekers:document_html": _("Jobseeker: all own data"),
    "seekers:pause": _("Jobseeker: pause of matching"),
    "seekers:resume": _("Jobseeker: pause of matching"),
    "seekers:non_disclosures": _("People under non-disclosure"),
    "seekers:non_disclosure": _("Jobseeker: non-disclosure"),
    "matching:candidate": _("Vacancy: one candidate"),
    "matching:vacancy_of_seeker": _("Jobseeker: one match"),
    "vacancies:page": _("Vacancy: candidates"),
    "audit:log": _("Access log"),
    "audit:find": _("Access log: search by identity code"),
    "audit:person": _("Access log: one person"),
    "audit:export": _("Access log: export"),
    "audit:anomaly": _("Access log: anomaly"),
    "command": _("Command of the administration"),
}
"""Name of an address -> what people call the page. Other addresses are told by their part of the portal."""

PARTS: Final[dict[str, Promise]] = {
    "accounts": _("Accounts and teams"),
    "admin": _("Administration"),
    "audit": _("Access log"),
    "classifications": _("Occupations and codes"),
    "companies": _("Employers"),
    "history": _("Changes"),
    "matching": _("Matching"),
    "outbox": _("Messages"),
    "register": _("Register of personal fields"),
    "retention": _("Retention"),
    "runs": _("Nightly runs"),
    "seekers": _("Jobseekers"),
    "trust": _("Trust"),
    "ui": _("Pages about the portal"),
    "vacancies": _("Vacancies"),
}
"""Part of the portal (namespace of its addresses) -> its name."""

_ABOUT: Final[tuple[tuple[re.Pattern[str], Promise], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"vacancy (\d+)", _("vacancy %s")),
        (r"anomaly (\d+)", _("anomaly %s")),
        (r"(\d+) anomalies", _("anomalies: %s")),
        (r"document (\d+)(?: as \w+)?", _("document %s")),
        (r"document (\d+) emptied", _("document %s emptied")),
        (r"page (\d+)", _("page %s")),
        (r"(\d+) rows", _("rows: %s")),
        (r"reason (\d+)", _("reason %s")),
        (r"by identity code", _("by identity code")),
        (r"identity code", _("identity code")),
        (r"searched words", _("by words searched for")),
        (r"readers", _("users who opened the data")),
        (r"name", _("the person's name")),
        (r"taken in", _("taken into use")),
        (r"checked", _("checked only")),
        (r"own", _("own clients")),
        (r"area", _("the whole area")),
        (r"municipality", _("by municipality")),
        (r"occupation|field", _("by occupation")),
        (r"situation|span", _("by situation")),
        (r"age", _("by age")),
        (r"language", _("by language")),
        (r"moves|paused|uncoached", _("narrowed")),
        (r"person|user|action|start|end", _("narrowed")),
        (r"(\d{4}-\d{2}-\d{2})\.\.", _("from %s on")),
        (r"(\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2})", _("period %s")),
        (r"(?:GET|HEAD|POST) (\d{3})", _("answer %s")),
    )
)
"""What is written about a row, piece by piece, as it is told."""

TONES: Final[dict[str, str]] = {Action.DENIED: "bad", Action.REVEAL: "warn", Action.SUBJECT_EXPORT: "warn"}

_PURPOSES: Final[dict[str, Promise | str]] = {**dict(Purpose.choices), **dict(ReasonCode.choices)}


def page_words(view: str) -> str:
    """What people call the page of an address."""
    return str(VIEWS.get(view) or PARTS.get(view.partition(":")[0]) or view)


def about_words(about: str) -> str:
    """What a row is about, in words; pieces for which there are none as they stand."""
    return ", ".join(dict.fromkeys(_piece(piece) for piece in about.split(", "))) if about else ""


def _piece(piece: str) -> str:
    for pattern, words in _ABOUT:
        if found := pattern.fullmatch(piece):
            return str(words) % found.groups() if found.groups() else str(words)
    return piece


def purpose_words(purpose: str) -> str:
    """A purpose or the code of a reason in words; "" where there is none."""
    return str(_PURPOSES.get(purpose, purpose))
