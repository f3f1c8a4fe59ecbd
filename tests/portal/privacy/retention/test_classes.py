"""A time is changed by two people, from tomorrow on, and what it was stays written down."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.privacy.fields import Kept
from portal.privacy.retention.classes import (
    NewTime,
    NoTimeInForce,
    NotPossible,
    approve,
    in_force,
    propose,
    reject,
    withdraw,
)
from portal.privacy.retention.models import ProposalState, RetentionClass, RetentionProposal
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def manager() -> User:
    user: User = UserFactory()
    return user


def new_time(today: date, **fields: Any) -> NewTime:
    usual: dict[str, Any] = {
        "months": 36,
        "notice_days": 30,
        "valid_from": today + timedelta(days=10),
        "source": "The archiving plan",
        "provisional": False,
        "reason": "The plan was decided.",
    }
    return NewTime(**usual | fields)


def test_an_approved_time_takes_the_place_of_the_one_before(today: date, administrator: User, manager: User) -> None:
    old = in_force(Kept.WITH_PROFILE, today)
    proposal = propose("profile", new_time(today), administrator)
    assert in_force(Kept.WITH_PROFILE, today + timedelta(days=99)) == old
    row = approve(proposal.pk, manager, "Agreed.")
    starts = today + timedelta(days=10)
    assert in_force(Kept.WITH_PROFILE, starts - timedelta(days=1)).months == old.months
    assert in_force(Kept.WITH_PROFILE, starts) == row
    assert (row.months, row.proposed_by, row.approved_by, row.ground) == (36, administrator, manager, old.ground)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (ProposalState.APPROVED, manager)


def test_nobody_decides_on_the_own_proposal(today: date, administrator: User) -> None:
    proposal = propose("profile", new_time(today), administrator)
    for decide in (approve, reject):
        with pytest.raises(NotPossible):
            decide(proposal.pk, administrator, "I agree with myself.")
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        RetentionProposal.objects.filter(pk=proposal.pk).update(
            state="approved", decided_by=administrator, decided_at="2026-01-01T00:00Z"
        )


def test_a_proposal_is_decided_once(today: date, administrator: User, manager: User) -> None:
    proposal = propose("profile", new_time(today), administrator)
    reject(proposal.pk, manager, "Too long.")
    for step in (
        lambda: approve(proposal.pk, manager, "x"),
        lambda: reject(proposal.pk, manager, "x"),
        lambda: withdraw(proposal.pk, administrator),
    ):
        with pytest.raises(NotPossible):
            step()
    assert RetentionClass.objects.filter(code="profile").count() == 1


def test_only_who_proposed_withdraws(today: date, administrator: User, manager: User) -> None:
    proposal = propose("profile", new_time(today), administrator)
    with pytest.raises(NotPossible):
        withdraw(proposal.pk, manager)
    withdraw(proposal.pk, administrator)
    assert propose("profile", new_time(today), administrator).state == ProposalState.OPEN


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": -5}, {"reason": " "}, {"months": 24, "source": "", "provisional": True}]
)
def test_what_cannot_be_proposed(wrong: dict[str, Any], today: date, administrator: User) -> None:
    if "days" in wrong:
        wrong = {"valid_from": today + timedelta(days=wrong["days"])}
    with pytest.raises(NotPossible):
        propose("profile", new_time(today, **wrong), administrator)


def test_one_proposal_of_a_class_at_a_time(today: date, administrator: User) -> None:
    propose("profile", new_time(today), administrator)
    with pytest.raises(NotPossible):
        propose("profile", new_time(today, months=12), administrator)


def test_a_proposal_whose_day_has_come_takes_force_tomorrow(today: date, administrator: User, manager: User) -> None:
    proposal = propose("profile", new_time(today), administrator)
    RetentionProposal.objects.filter(pk=proposal.pk).update(valid_from=today - timedelta(days=3))
    assert approve(proposal.pk, manager, "Late.").valid_from == today + timedelta(days=1)
    assert in_force(Kept.WITH_PROFILE, today).months == 24


def test_without_a_time_in_force_nothing_is_found(today: date) -> None:
    RetentionClass.objects.filter(code="profile").update(valid_to=today - timedelta(days=1))
    with pytest.raises(NoTimeInForce):
        in_force(Kept.WITH_PROFILE, today)


def test_two_times_of_a_class_never_overlap(today: date) -> None:
    with pytest.raises(IntegrityError, match="privacy_class_one_in_force"), transaction.atomic():
        RetentionClass.objects.create(code="profile", ground="statutory_task", months=1, valid_from=today)
