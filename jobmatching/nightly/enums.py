"""Fixed choices of the nightly matching."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

MATCHING: Final = "matching"
"""The job's name in `JobRun` and `JobStop`."""


class RulesState(models.TextChoices):
    """The life of a version of the matching rules."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    IN_FORCE = "in_force", _("in force")
    RETIRED = "retired", _("no longer in force")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEVER_IN_FORCE: Final = (RulesState.DRAFT, RulesState.PROPOSED, RulesState.REJECTED, RulesState.WITHDRAWN)
"""States of versions that nobody has approved."""


class Side(models.TextChoices):
    """Whose rows a part of the frozen input holds."""

    SEEKERS = "S", _("jobseekers")
    VACANCIES = "V", _("vacancies")


class ChangeKind(models.TextChoices):
    """How a pair differs from the previous run."""

    NEW = "new", _("new")
    GONE = "gone", _("gone")
    MOVED = "moved", _("moved")
