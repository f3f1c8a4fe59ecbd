"""The times of retention classes: the first rows, which one is in force, and how a time is changed by two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.privacy.fields import Basis, Kept, PersonalField, field_classes
from portal.privacy.retention.models import ProposalState, RetentionClass, RetentionProposal

FIRST_DAY: Final = date(2025, 1, 1)
"""From which day the first rows are in force: that of the reform that made employment services municipal."""


class NotPossible(Exception):
    """The proposal is not in the state, or the person not the one, for the step; the message says which."""


class NoTimeInForce(Exception):
    """A class has no row in force on the day: nothing of it may be deleted."""


@dataclass(frozen=True)
class NewTime:
    """What a proposal proposes."""

    months: int
    notice_days: int
    valid_from: date
    source: str
    provisional: bool
    reason: str


def kept_of(code: str) -> Kept:
    """The class of a code; KeyError where there is none."""
    return {kept.value.code: kept for kept in Kept}[code]


def ground_of(kept: Kept) -> Basis:
    """The legal ground of a class: that of most of its fields."""
    grounds = [one.basis for one in field_classes().values() if isinstance(one, PersonalField) and one.kept is kept]
    return max(Basis, key=grounds.count)


def fill_in_first_rows(using: str = "default") -> int:
    """Give each class that has no row at all its first one, provisional; return how many were made.

    A class that has rows is left as people have set it.
    """
    rows = RetentionClass.objects.using(using)
    if RetentionClass._meta.db_table not in connections[using].introspection.table_names():
        return 0  # the app has been migrated back to where it had no such table
    known = set(rows.values_list("code", flat=True).order_by("code"))
    made = [
        RetentionClass(
            code=kept.value.code,
            ground=ground_of(kept),
            months=kept.value.first_months,
            notice_days=kept.value.first_notice_days,
            valid_from=FIRST_DAY,
            provisional=True,
        )
        for kept in Kept
        if kept.value.code not in known
    ]
    rows.bulk_create(made, ignore_conflicts=True)
    return len(made)


def in_force(kept: Kept, day: date) -> RetentionClass:
    """The row of a class in force on a day. Raises NoTimeInForce."""
    row = RetentionClass.objects.active(day).filter(code=kept.value.code).first()
    if row is None:
        raise NoTimeInForce(f"No time of the class {kept.value.code} is in force on {day.isoformat()}.")
    return row


def all_in_force(day: date) -> Mapping[Kept, RetentionClass]:
    """Class -> its row in force on a day; a class without one is left out."""
    rows = {row.code: row for row in RetentionClass.objects.active(day).order_by("code")}
    return {kept: rows[kept.value.code] for kept in Kept if kept.value.code in rows}


def propose(code: str, new: NewTime, by: User) -> RetentionProposal:
    """Propose another time for a class. Raises NotPossible where one waits, or where nothing would change."""
    kept = kept_of(code)
    if new.valid_from <= timezone.localdate():
        raise NotPossible(_("The new time is in force from tomorrow at the earliest."))
    if not new.reason.strip():
        raise NotPossible(_("Say why the time is changed."))
    row = in_force(kept, new.valid_from)
    now = (row.months, row.notice_days, row.source, row.provisional)
    if now == (new.months, new.notice_days, new.source.strip(), new.provisional):
        raise NotPossible(_("This is the time already."))
    if RetentionProposal.objects.filter(code=code, state=ProposalState.OPEN).exists():
        raise NotPossible(_("A proposal for this class waits for a decision already."))
    proposal = RetentionProposal(code=code, proposed_by=by, **_values(new))
    proposal.full_clean()
    proposal.save()
    return proposal


@transaction.atomic
def approve(proposal_id: int, by: User, decision: str) -> RetentionClass:
    """Put a proposed time in force from its day on; the row before it ends the day before. Raises NotPossible.

    Somebody else than who proposed it approves. A proposal whose day has come meanwhile takes force tomorrow: what was
    deleted on a day was deleted by the time of that day.
    """
    proposal = _open(proposal_id)
    if proposal.proposed_by_id == by.pk:
        raise NotPossible(_("Somebody else than who proposed it decides."))
    kept = kept_of(proposal.code)
    start = max(proposal.valid_from, timezone.localdate() + timedelta(days=1))
    rows = RetentionClass.objects.select_for_update().filter(code=proposal.code)
    if rows.coming(start - timedelta(days=1)).exists():
        raise NotPossible(_("A later time of the class has been decided already."))
    current = rows.active(start).first()
    if current is not None:
        current.valid_to = start - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    row = RetentionClass.objects.create(
        code=proposal.code,
        ground=current.ground if current else ground_of(kept),
        months=proposal.months,
        notice_days=proposal.notice_days,
        valid_from=start,
        source=proposal.source,
        provisional=proposal.provisional,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by,
        approved_by=by,
    )
    _decide(proposal, ProposalState.APPROVED, by, decision)
    return row


@transaction.atomic
def reject(proposal_id: int, by: User, decision: str) -> None:
    """Leave the time as it is. Raises NotPossible."""
    proposal = _open(proposal_id)
    if proposal.proposed_by_id == by.pk:
        raise NotPossible(_("Somebody else than who proposed it decides."))
    if not decision.strip():
        raise NotPossible(_("Say why the proposal is rejected."))
    _decide(proposal, ProposalState.REJECTED, by, decision)


@transaction.atomic
def withdraw(proposal_id: int, by: User) -> None:
    """Take one's own proposal back. Raises NotPossible."""
    proposal = _open(proposal_id)
    if proposal.proposed_by_id != by.pk:
        raise NotPossible(_("Who proposed it may withdraw it."))
    _decide(proposal, ProposalState.WITHDRAWN, by, "")


def _values(new: NewTime) -> dict[str, Any]:
    """The columns of a proposal (Any: their types differ)."""
    return {
        "months": new.months,
        "notice_days": new.notice_days,
        "valid_from": new.valid_from,
        "source": new.source.strip(),
        "provisional": new.provisional,
        "reason": new.reason.strip(),
    }


def _open(proposal_id: int) -> RetentionProposal:
    proposal = RetentionProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN:
        raise NotPossible(_("The proposal has been decided already."))
    return proposal


def _decide(proposal: RetentionProposal, state: ProposalState, by: User, decision: str) -> None:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = timezone.now()
    proposal.decision = decision.strip()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision"])
