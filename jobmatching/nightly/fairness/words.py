"""What the figures of equal treatment are called, what each means, and what it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jobmatching.nightly.fairness.enums import ALL, SHARES, UNKNOWN, Dimension, Flag, Measure
from jobmatching.nightly.fairness.models import FairnessFigure
from jobmatching.seekers.enums import Sex
from portal.classifications.models import Language, Municipality
from portal.ui import formats


@dataclass(frozen=True)
class MeasureWords:
    """A measure explained: what it is, how it is counted, and how its interval is."""

    meaning: Promise
    counted: Promise
    interval: Promise


_WILSON: Final = gettext_lazy("Wilson's interval of a share, 95 %.")
_ERROR: Final = gettext_lazy("Standard error over people, 95 %.")
_DELTA: Final = gettext_lazy("Delta method over people, 95 %: somebody with many places is still one person.")
_LINEAR: Final = gettext_lazy("Linearisation over people, 95 %.")

MEASURES: Final[Mapping[Measure, MeasureWords]] = {
    Measure.SELECTED: MeasureWords(
        gettext_lazy("Share of jobseekers who are in the list of at least one vacancy."),
        gettext_lazy("People with a place / people of the group in the run."),
        _WILSON,
    ),
    Measure.FIRST_TEN: MeasureWords(
        gettext_lazy("Share of jobseekers who are among the first ten of the list of at least one vacancy."),
        gettext_lazy("People with such a place / people of the group in the run."),
        _WILSON,
    ),
    Measure.PLACES: MeasureWords(
        gettext_lazy("In how many vacancies' lists a jobseeker of the group is on average."),
        gettext_lazy("Places of the group in all lists / people of the group in the run."),
        _ERROR,
    ),
    Measure.RANK: MeasureWords(
        gettext_lazy("How far from the top of the lists the group's places are on average. Smaller is better."),
        gettext_lazy("Sum of the places' numbers / number of places, of those who have a place."),
        _DELTA,
    ),
    Measure.EXPOSURE: MeasureWords(
        gettext_lazy("How much the group is seen: places near the top of a list weigh more than those at its end."),
        gettext_lazy("Sum of 1 / log2(place + 1) over the group's places / people of the group in the run."),
        _ERROR,
    ),
    Measure.COVERED_SEEKERS: MeasureWords(
        gettext_lazy("Share of jobseekers who have at least one match."),
        gettext_lazy("People with a match, in a vacancy's list or a vacancy in their own / people in the run."),
        _WILSON,
    ),
    Measure.COVERED_VACANCIES: MeasureWords(
        gettext_lazy("Share of vacancies whose list has at least five candidates."),
        gettext_lazy("Vacancies with five candidates or more / vacancies in the run."),
        _WILSON,
    ),
    Measure.GINI: MeasureWords(
        gettext_lazy(
            "Gini coefficient of exposure: 0 when everybody is seen as much, 1 when one person has all of it."
        ),
        gettext_lazy("Mean difference of the exposure of two people / twice the mean exposure."),
        _LINEAR,
    ),
    Measure.TOP_TENTH: MeasureWords(
        gettext_lazy("Which share of all exposure the tenth of the jobseekers has that is seen most."),
        gettext_lazy("Exposure of the tenth with the most / exposure of everybody."),
        _LINEAR,
    ),
}

_SEXES: Final = {sex.value: sex.label for sex in Sex}
_TONGUES: Final = {
    "fi": pgettext_lazy("mother tongue", "Finnish"),
    "sv": pgettext_lazy("mother tongue", "Swedish"),
    "sami": gettext_lazy("a Sámi language"),
    "other": gettext_lazy("another or several"),
}


class GroupNames:
    """Names of groups by dimension and code; languages and municipalities are looked up once."""

    def __init__(self) -> None:
        self._languages: dict[str, str] | None = None
        self._municipalities: dict[str, str] | None = None

    def name(self, dimension: str, group: str) -> str:
        """The name of a group; its code where the register no longer has it."""
        if group == ALL:
            return _("Everybody")
        if group == UNKNOWN:
            return _("Not known")
        names: Mapping[str, object] = {}
        match dimension:
            case Dimension.AGE:
                return _age_band(group)
            case Dimension.SEX:
                names = _SEXES
            case Dimension.MOTHER_TONGUE:
                names = _TONGUES
            case Dimension.SERVICE_LANGUAGE:
                self._languages = self._languages or {one.code: str(one) for one in Language.objects.order_by("code")}
                names = self._languages
            case Dimension.MUNICIPALITY:
                if self._municipalities is None:
                    self._municipalities = {one.code: str(one) for one in Municipality.objects.order_by("code")}
                names = self._municipalities
        named = str(names.get(group, group))
        return named[:1].upper() + named[1:]


def _age_band(band: str) -> str:
    first, last = band.split("-")
    if first == "0":
        return _("under %(age)s") % {"age": int(last) + 1}
    if not last:
        return _("%(age)s or over") % {"age": first}
    return formats.number_range(int(first), int(last))


def written(measure: str, value: float | None) -> str:
    """A value in the reader's format: shares in per cent, the others with two decimals, places with one."""
    if value is None:
        return formats.NOTHING
    if measure in SHARES:
        return formats.percent(100 * value, 1)
    return formats.number(value, 1 if measure == Measure.RANK else 2)


def written_range(measure: str, low: float | None, high: float | None) -> str:
    """Both limits; "" where there is none."""
    if low is None or high is None:
        return ""
    times = 100 if measure in SHARES else 1
    return formats.number_range(times * low, times * high, 2 if measure not in (*SHARES, Measure.RANK) else 1)


def reading(figure: FairnessFigure) -> str:
    """What to make of the two flags of a figure together; "" where there is nothing to look at."""
    match Flag(figure.flag), Flag(figure.within_flag):
        case Flag.CLEAR, Flag.CLEAR:
            return _("The gap is there among those who look for the same work, too: find out why.")
        case Flag.CLEAR, Flag.UNSURE:
            return _("Among those who look for the same work the gap may be chance. Follow it over several nights.")
        case Flag.CLEAR, _none:
            return _(
                "The gap comes from what work is looked for: among those who look for the same work there is none."
            )
        case Flag.UNSURE, Flag.CLEAR:
            return _("Among those who look for the same work the group has less than others: find out why.")
        case Flag.UNSURE, _none:
            return _("The gap may be chance. Follow it over several nights.")
        case _none, Flag.CLEAR:
            return _("As a whole the group is not behind, but it has less than others who look for the same work.")
    return ""
