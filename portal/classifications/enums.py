"""Fixed choices of the classifications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.TextChoices):
    """Where occupations and skills come from. The two are never mixed in one search, idf or match."""

    DEMO = "demo", _("built-in demo taxonomy")
    ESCO = "esco", _("ESCO")


class Country(models.TextChoices):
    """Countries whose municipalities are in the register."""

    FINLAND = "FI", _("Finland")
    SWEDEN = "SE", _("Sweden")
    NORWAY = "NO", _("Norway")


class RelationType(models.TextChoices):
    """How much an occupation (or a skill) needs a skill."""

    ESSENTIAL = "essential", _("essential")
    OPTIONAL = "optional", _("optional")


class LanguageLevel(models.TextChoices):
    """Levels of the Common European Framework of Reference, and the mother tongue (L1 in the state portal's list)."""

    A1 = "A1", _("A1, beginner")
    A2 = "A2", _("A2, elementary")
    B1 = "B1", _("B1, threshold")
    B2 = "B2", _("B2, independent")
    C1 = "C1", _("C1, advanced")
    C2 = "C2", _("C2, proficient")
    L1 = "L1", _("mother tongue")

    @property
    def rank(self) -> int:
        """Height on the thermometer, 1 (A1) to 6 (C2); the mother tongue counts as C2."""
        return {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 6, "L1": 6}[self.value]


class WorkTime(models.TextChoices):
    """When work is done (tyoskentelyAika), and full-time or part-time: what a vacancy contains and a jobseeker
    accepts."""

    DAY = "01", _("day work")
    EVENING = "02", _("evening work")
    NIGHT = "03", _("night work")
    PERIOD = "04", _("period-based work")
    FLEXIBLE = "05", _("flexible hours")
    WEEKDAYS = "06", _("on weekdays")
    WEEKENDS = "07", _("at weekends")
    SHIFTS = "08", _("shift work")
    FULL_TIME = "K", _("full-time")
    PART_TIME = "O", _("part-time")


class ShiftPattern(models.TextChoices):
    """How many shifts (vuorotyo)."""

    TWO = "0801", _("two shifts")
    THREE = "0802", _("three shifts")
    FOUR = "0803", _("four shifts")
    FIVE = "0804", _("five shifts")
