"""Fixed choices about requests of people whose data is here (GDPR, articles 15 to 21)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestKind(models.TextChoices):
    """What somebody asks for."""

    ACCESS = "access", _("to see the data")
    RECTIFICATION = "rectification", _("to have data corrected")
    ERASURE = "erasure", _("to have data erased")
    RESTRICTION = "restriction", _("to have the processing restricted")
    OBJECTION = "objection", _("to object to the processing")


class RequestState(models.TextChoices):
    """How far a request is."""

    OPEN = "open", pgettext_lazy("request", "open")
    ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
    PARTLY = "partly", pgettext_lazy("request", "accepted in part")
    REFUSED = "refused", pgettext_lazy("request", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")


TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset(
        {RequestState.ACCEPTED, RequestState.PARTLY, RequestState.REFUSED, RequestState.WITHDRAWN}
    ),
    RequestState.ACCEPTED: frozenset(),
    RequestState.PARTLY: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}
"""From which state to which others a request may go. Whoever is not content makes a new one."""

DECISIONS = (RequestState.ACCEPTED, RequestState.PARTLY, RequestState.REFUSED)


class Sender(models.TextChoices):
    """From whom a request came."""

    PERSON = "person", _("the person")
    REPRESENTATIVE = "representative", _("an authorised representative")
    GUARDIAN = "guardian", _("a guardian")


class IdentityProof(models.TextChoices):
    """How it was made sure that the one who asks is who they say."""

    DOCUMENT = "document", _("an identity document was seen")
    STRONG = "strong", _("strong electronic identification")
    AUTHORISATION = "authorisation", _("an authorisation and the representative's identity document were seen")
    KNOWN = "known", _("the worker knows the person from meetings")


class RestrictionGround(models.TextChoices):
    """Why processing is restricted (article 18(1))."""

    ACCURACY = "accuracy", _("the person says that data is wrong; it is being checked")
    UNLAWFUL = "unlawful", _("the processing is unlawful; the person wants restriction in place of erasure")
    CLAIM = "claim", _("the person needs the data for a legal claim")
    OBJECTION = "objection", _("the person has objected; the grounds are being weighed")


class ExportState(models.TextChoices):
    """How far a document of all data of a person is."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", pgettext_lazy("document", "being made")
    READY = "ready", pgettext_lazy("document", "ready")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", pgettext_lazy("document", "deleted")
