"""Fixed choices about non-disclosure, and which way its state may go."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Ground(models.TextChoices):
    """Why somebody is hidden."""

    REGISTER = "register", _("non-disclosure in the population register")
    APPLIED = "applied", _("applied for from the population register, or about to be")
    OTHER_LAW = "other_law", _("the data is secret by another law")
    EARLIER = "earlier", _("noted before grounds were kept: check it")


class LiftGround(models.TextChoices):
    """Why somebody is no longer hidden."""

    REGISTER_ENDED = "register_ended", _("the non-disclosure in the population register has ended")
    PERSON_ASKED = "person_asked", _("the person has asked for it in writing, and no register has it")
    SET_BY_MISTAKE = "set_by_mistake", _("it was set for the wrong person")


class NonDisclosureState(models.TextChoices):
    """Whether it holds. A last day that has gone by changes nothing: a person lifts it."""

    IN_FORCE = "in_force", pgettext_lazy("non-disclosure", "in force")
    LIFTED = "lifted", pgettext_lazy("non-disclosure", "lifted")


TRANSITIONS: Final[dict[NonDisclosureState, frozenset[NonDisclosureState]]] = {
    NonDisclosureState.IN_FORCE: frozenset({NonDisclosureState.LIFTED}),
    # Whoever needs it again gets a new one, with a ground of its own.
    NonDisclosureState.LIFTED: frozenset(),
}


class ChangeKind(models.TextChoices):
    """What was done."""

    SET = "set", _("set")
    PROLONGED = "prolonged", _("last day changed")
    NAMED = "named", _("worker named")
    UNNAMED = "unnamed", _("worker no longer named")
    PUT_ASIDE = "put_aside", _("a row of a file with the person's identifier or identity code was put aside")
    LIFTED = "lifted", pgettext_lazy("non-disclosure", "lifted")
