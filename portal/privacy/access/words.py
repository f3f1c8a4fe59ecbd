"""Words for what stands in the log: from which page, why."""

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
"""Name of an address -> what people call the page. Other addresses are told by their name."""

TONES: Final[dict[str, str]] = {Action.DENIED: "bad", Action.REVEAL: "warn", Action.SUBJECT_EXPORT: "warn"}

_PURPOSES: Final[dict[str, Promise | str]] = {**dict(Purpose.choices), **dict(ReasonCode.choices)}


def page_words(view: str) -> str:
    """What people call the page of an address."""
    return str(VIEWS.get(view, view))


def purpose_words(purpose: str) -> str:
    """A purpose or the code of a reason in words; "" where there is none."""
    return str(_PURPOSES.get(purpose, purpose))
