"""Words for criteria and requirements."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobmatching.engine.criteria import Criterion
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.requirements import Kind, Requirement, requirement_of
from portal.classifications.enums import WorkTime
from portal.classifications.models import Card, DrivingLicence, EducationLevel, Language

CRITERION_LABELS = {
    Criterion.OCCUPATION: gettext_lazy("Occupation"),
    Criterion.SKILLS: gettext_lazy("Skills"),
    Criterion.EXPERIENCE: gettext_lazy("Experience"),
    Criterion.TRAVEL: gettext_lazy("Way to work"),
    Criterion.WORKING_TIME: gettext_lazy("Working time"),
    Criterion.LANGUAGES: gettext_lazy("Languages"),
    Criterion.PERMITS: gettext_lazy("Permits"),
}

_NAMED = {Kind.LANGUAGE: Language, Kind.LICENCE: DrivingLicence, Kind.CARD: Card, Kind.EDUCATION: EducationLevel}


class RequirementNames:
    """Names of the requirements of one rules version; each code list is read once."""

    def __init__(self, version: MatchingRules) -> None:
        self._requirements = version.requirements
        self._rows: dict[Kind, dict[str, str]] = {}

    def requirement(self, code: int) -> Requirement:
        """The requirement behind a stored number."""
        return requirement_of(code, self._requirements)

    def name(self, code: int) -> str:
        """What the requirement is called: "Hygiene passport", "Finnish B1", "evening work"."""
        found = self.requirement(code)
        if found.kind is Kind.TRAVEL:
            return _("way to work")
        if found.kind is Kind.AVAILABILITY:
            return _("free when the work starts")
        if found.kind is Kind.WORK_TIME:
            return str(WorkTime(found.code).label)
        if found.kind not in self._rows:
            self._rows[found.kind] = {row.code: str(row) for row in _NAMED[found.kind]._default_manager.order_by("pk")}
        name = self._rows[found.kind].get(found.code, found.code)
        return f"{name} {found.level}".strip()
