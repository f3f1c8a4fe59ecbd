"""Fixed choices about jobseekers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SkillBasis(models.TextChoices):
    """Where a skill is known from. Skills implied by work done are not stored: the matcher derives them."""

    CONFIRMED = "confirmed", _("confirmed")
    OWN_WORD = "own_word", _("own word")


class KnownBy(models.TextChoices):
    """How a piece of information came to be known."""

    TOLD = "told", _("told by the jobseeker")
    SEEN = "seen", _("certificate seen")
    TEST = "test", _("test")
    ASSESSMENT = "assessment", _("assessment")
    STATE_PORTAL = "state", _("Job Market Finland profile")
    TRAINING = "training", _("training completed")


class SpellStatus(models.TextChoices):
    """The jobseeker's situation during a registration spell."""

    UNEMPLOYED = "unemployed", _("unemployed")
    LAID_OFF = "laid_off", _("temporarily laid off")
    EMPLOYED = "employed", _("employed")
    IN_SERVICE = "in_service", _("in a service")
    STUDYING = "studying", _("studying")
    OUTSIDE = "outside", _("outside the labour force")


class Sex(models.TextChoices):
    """As in the population register; only for the equal-treatment report, never in matching."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")


class PauseKind(models.TextChoices):
    """Why somebody is left out of matching for a time; the words beside it say more."""

    ASKED = "asked", _("the jobseeker asked for it")
    AWAY = "away", _("the jobseeker is away for a longer time")
    DATA = "data", _("the data is being corrected")
    PLAN = "plan", _("another step of the plan comes first")
    OBJECTION = "objection", _("an objection to matching was accepted")
    OTHER = "other", _("another reason")
