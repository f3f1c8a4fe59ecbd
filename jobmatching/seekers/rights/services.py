"""Changes of requests about own data and of restrictions. Every change goes through here."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobmatching.seekers.enums import PauseKind
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.rights.enums import (
    TRANSITIONS,
    IdentityProof,
    RequestKind,
    RequestState,
    RestrictionGround,
    Sender,
)
from jobmatching.seekers.rights.models import Restriction, SubjectRequest
from jobmatching.seekers.services import pause_matching
from portal.accounts.models import User
from portal.privacy.retention.dates import months_after

ANSWERED_WITHIN_MONTHS = 1
"""GDPR, article 12(3): without undue delay and in any event within one month of receipt."""
EXTENDED_BY_MONTHS = 2
"""Article 12(3): by two further months where necessary; the person is told within the first month, with the reasons."""


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    kind: RequestKind
    received_on: date
    sender: Sender
    sender_name: str
    identity: IdentityProof
    wanted: str


@transaction.atomic
def record_request(seeker_id: int, received: Received, by: User) -> SubjectRequest:
    """Note a request of a person. Who notes it handles it first. Raises NotPossible for a day that has not come."""
    if received.received_on > timezone.localdate():
        raise NotPossible(_("The request cannot have come later than today."))
    # The lock keeps retention from deleting the person meanwhile.
    seeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    request = SubjectRequest(
        seeker=seeker,
        kind=received.kind,
        received_on=received.received_on,
        sender=received.sender,
        sender_name=received.sender_name.strip() if received.sender != Sender.PERSON else "",
        identity=received.identity,
        wanted=received.wanted.strip(),
        handler=by,
        recorded_by=by,
        due_on=months_after(received.received_on, ANSWERED_WITHIN_MONTHS),
    )
    request.full_clean()
    request.save()
    return request


@transaction.atomic
def take_over(request_id: int, by: User) -> SubjectRequest:
    """Somebody else handles the request from now on. Raises NotPossible once it has been decided."""
    request = _locked(request_id)
    _refuse_unless_open(request)
    request.handler = by
    request.save(update_fields=["handler"])
    return request


@transaction.atomic
def extend(request_id: int, reason: str, by: User) -> SubjectRequest:
    """Take two more months, once, with a reason that the person is told within the first month. Raises NotPossible."""
    request = _locked(request_id)
    _refuse_unless_open(request)
    today = timezone.localdate()
    if request.extended_on is not None:
        raise NotPossible(_("More time has been taken already. It can be taken once."))
    if today > request.due_on:
        raise NotPossible(_("The month has gone by: more time can be taken within it only."))
    if not reason.strip():
        raise NotPossible(_("Write why more time is needed."))
    request.extended_on = today
    request.extension_reason = reason.strip()
    request.due_on = months_after(request.received_on, ANSWERED_WITHIN_MONTHS + EXTENDED_BY_MONTHS)
    request.save(update_fields=["extended_on", "extension_reason", "due_on"])
    return request


@dataclass(frozen=True)
class Decision:
    """How a request is decided."""

    state: RequestState
    reasons: str
    told_on: date | None
    statement: str = ""
    """The person's own statement, kept beside data that was not changed."""


@transaction.atomic
def decide(request_id: int, decision: Decision, by: User) -> SubjectRequest:
    """Decide a request. Raises NotPossible.

    An objection that is accepted stops the matching of the person. Erasure is not decided here when it is accepted:
    `erasing.erase` does it and leaves no request. The restriction of a restriction request is set by `restrict`.
    """
    request = _locked(request_id)
    _refuse_unless_open(request)
    if decision.state not in TRANSITIONS[RequestState.OPEN] or decision.state == RequestState.WITHDRAWN:
        raise NotPossible(_("Choose how the request is decided."))
    if not decision.reasons.strip():
        raise NotPossible(_("Write the decision and its reasons."))
    if decision.told_on and not request.received_on <= decision.told_on <= timezone.localdate():
        raise NotPossible(_("The person cannot have been told before the request came, or later than today."))
    accepted = decision.state in (RequestState.ACCEPTED, RequestState.PARTLY)
    if request.kind == RequestKind.ERASURE and decision.state == RequestState.ACCEPTED:
        raise NotPossible(_("An accepted request to erase is carried out: use the erasure."))
    if request.kind == RequestKind.OBJECTION and accepted:
        words = _("The person has objected to matching, and the objection was accepted.")
        with suppress(NotPossible):  # paused already, for whatever reason
            pause_matching(request.seeker_id, words, PauseKind.OBJECTION)
    request.state = decision.state
    request.decision = decision.reasons.strip()
    request.statement = decision.statement.strip()
    request.told_on = decision.told_on
    request.decided_by = by
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "decision", "statement", "told_on", "decided_by", "decided_at"])
    return request


@transaction.atomic
def note_told(request_id: int, told_on: date) -> SubjectRequest:
    """Note the day on which the person was told of the decision. Raises NotPossible."""
    request = _locked(request_id)
    if request.is_open:
        raise NotPossible(_("The request has not been decided yet."))
    if not request.received_on <= told_on <= timezone.localdate():
        raise NotPossible(_("The person cannot have been told before the request came, or later than today."))
    request.told_on = told_on
    request.save(update_fields=["told_on"])
    return request


@transaction.atomic
def withdraw(request_id: int, note: str, by: User) -> SubjectRequest:
    """The person takes the request back. Raises NotPossible."""
    request = _locked(request_id)
    _refuse_unless_open(request)
    request.state = RequestState.WITHDRAWN
    request.decision = note.strip()
    request.decided_by = by
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    return request


@transaction.atomic
def restrict(
    seeker_id: int, ground: RestrictionGround, reason: str, by: User, request: SubjectRequest | None = None
) -> Restriction:
    """Restrict the processing of a person's data: no matching, no lists, no deletion. Raises NotPossible."""
    seeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    if not reason.strip():
        raise NotPossible(_("Write why the processing is restricted."))
    if Restriction.objects.in_force().filter(seeker=seeker).exists():
        raise NotPossible(_("The processing is restricted already."))
    return Restriction.objects.create(seeker=seeker, ground=ground, reason=reason.strip(), request=request, set_by=by)


@transaction.atomic
def lift(restriction_id: int, reason: str, told_on: date, by: User) -> Restriction:
    """Lift a restriction; the person has been told before (article 18(3)). Raises NotPossible."""
    restriction: Restriction = Restriction.objects.select_for_update().get(pk=restriction_id)
    if restriction.lifted_at is not None:
        raise NotPossible(_("The restriction has been lifted already."))
    if not reason.strip():
        raise NotPossible(_("Write why the restriction is lifted."))
    if not timezone.localdate(restriction.since) <= told_on <= timezone.localdate():
        raise NotPossible(_("Tell the person first: the day is between the start of the restriction and today."))
    restriction.lifted_at = timezone.now()
    restriction.lifted_by = by
    restriction.lift_reason = reason.strip()
    restriction.told_on = told_on
    restriction.save(update_fields=["lifted_at", "lifted_by", "lift_reason", "told_on"])
    return restriction


def restriction_of(seeker_id: int) -> Restriction | None:
    """The restriction in force; None where there is none."""
    found: Restriction | None = (
        Restriction.objects.in_force().filter(seeker=seeker_id).select_related("set_by", "request").first()
    )
    return found


def _locked(request_id: int) -> SubjectRequest:
    request: SubjectRequest = SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    return request


def _refuse_unless_open(request: SubjectRequest) -> None:
    if not request.is_open:
        raise NotPossible(_("The request has been decided already."))
