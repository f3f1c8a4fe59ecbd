"""Fixed choices of the report of equal treatment."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

JOB: Final = "fairness"
"""The job's name in `JobRun`."""

UNKNOWN: Final = "unknown"
"""The group of those of whom something is not known."""

ALL: Final = "all"
"""The group that holds everybody."""


class Dimension(models.TextChoices):
    """By what people are put into groups. What is put together this way is never read by matching."""

    ALL = "all", _("all jobseekers")
    AGE = "age", _("age")
    SEX = "sex", _("sex")
    MOTHER_TONGUE = "mother_tongue", _("mother tongue")
    SERVICE_LANGUAGE = "service_language", _("language of service")
    MUNICIPALITY = "municipality", _("home municipality")


GROUPED: Final = tuple(dimension for dimension in Dimension if dimension is not Dimension.ALL)


class Measure(models.TextChoices):
    """What is measured of a group, and (the last four) of everybody."""

    SELECTED = "selected", _("has a place in a list")
    FIRST_TEN = "first_ten", _("is among the first ten of a list")
    PLACES = "places", _("places per person")
    RANK = "rank", _("average place")
    EXPOSURE = "exposure", _("exposure")
    COVERED_SEEKERS = "covered_seekers", _("jobseekers with at least one match")
    COVERED_VACANCIES = "covered_vacancies", _("vacancies with at least five candidates")
    GINI = "gini", _("how unevenly exposure is spread")
    TOP_TENTH = "top_tenth", _("share of exposure of the tenth with the most")


OF_GROUPS: Final = (Measure.SELECTED, Measure.FIRST_TEN, Measure.PLACES, Measure.RANK, Measure.EXPOSURE)
OF_EVERYBODY: Final = (Measure.COVERED_SEEKERS, Measure.COVERED_VACANCIES, Measure.GINI, Measure.TOP_TENTH)
SHARES: Final = frozenset(
    {
        Measure.SELECTED,
        Measure.FIRST_TEN,
        Measure.COVERED_SEEKERS,
        Measure.COVERED_VACANCIES,
        Measure.TOP_TENTH,
    }
)
"""Measures that are shares (0..1), shown in per cent."""
COMPARED: Final = frozenset({Measure.SELECTED, Measure.FIRST_TEN, Measure.PLACES, Measure.EXPOSURE})
"""Measures of which more is better for the person, compared by the four-fifths rule. A place is better when smaller."""


class Flag(models.TextChoices):
    """What the four-fifths rule says of a ratio and its interval."""

    NONE = "", _("at least four fifths")
    UNSURE = "unsure", _("below four fifths, may be chance")
    CLEAR = "clear", _("below four fifths")
