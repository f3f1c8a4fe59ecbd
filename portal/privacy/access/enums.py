"""What is noted in the access log, and what is found strange in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Action(models.TextChoices):
    """What somebody did with data of people."""

    PROFILE = "profile", _("opened a person's page")
    LIST = "list", _("saw a list of people")
    SEARCH = "search", _("searched for people by words")
    EXPORT = "export", _("took a list out as a file")
    IMPORT = "import", _("brought people in from a file")
    DENIED = "denied", _("was refused")
    REVEAL = "reveal", _("had a hidden piece of data shown")
    HISTORY = "history", _("saw the changes of a person's data")
    SUBJECT_EXPORT = "subject_export", _("took out all data of a person")
    REASON = "reason", _("gave a reason for opening")


ONE_PERSON: frozenset[Action] = frozenset({Action.PROFILE, Action.REVEAL, Action.HISTORY, Action.SUBJECT_EXPORT})
"""Actions that open the data of one person; each has a purpose."""


class Purpose(models.TextChoices):
    """Why a page about one person was opened, where it was not asked: the work itself says it."""

    CLIENT = "client", _("serves the person")
    CANDIDATE = "candidate", _("candidate of a vacancy")
    AUDIT = "audit", pgettext_lazy("purpose", "audit")


class ReasonCode(models.TextChoices):
    """Why somebody opens the page of a person whom they do not serve."""

    COVER = "cover", _("The colleague is away and the matter cannot wait")
    CONTACT = "contact", _("The person got in touch with me")
    CANDIDATE = "vacancy", _("I am looking for somebody for a vacancy")
    JOINT_WORK = "joint_work", _("I work on the person's matter together with the colleague")
    HANDOVER = "handover", _("The person becomes my client, or has no personal coach")
    QUALITY = "quality", _("I check or guide a colleague's work")
    OTHER = "other", _("Another reason")


class AnomalyKind(models.TextChoices):
    """What looks strange in the log. It is a question to a person, never an answer."""

    MANY_IN_AN_HOUR = "many_in_an_hour", _("many people in an hour")
    MANY_LISTED = "many_listed", _("many people in lists and searches in a day")
    SAME_NAME = "same_name", _("a person with the same surname or e-mail address")
    NO_REASON = "no_reason", _("opened without serving the person and without a reason")
    OFF_HOURS = "off_hours", _("at night or on a day off")
    DENIED_OFTEN = "denied_often", _("refused many times")
    RIGHTS = "rights", _("gave a role that sees people, or replaced somebody's sign-in")


class AnomalyState(models.TextChoices):
    """How far the handling of an anomaly is."""

    NEW = "new", pgettext_lazy("anomaly", "new")
    EXPLAINED = "explained", pgettext_lazy("anomaly", "explained")
    ESCALATED = "escalated", pgettext_lazy("anomaly", "taken further")


ANOMALY_TRANSITIONS: dict[AnomalyState, frozenset[AnomalyState]] = {
    AnomalyState.NEW: frozenset({AnomalyState.EXPLAINED, AnomalyState.ESCALATED}),
    AnomalyState.EXPLAINED: frozenset({AnomalyState.ESCALATED}),
    AnomalyState.ESCALATED: frozenset({AnomalyState.EXPLAINED}),
}
"""From which state an anomaly may go to which."""
