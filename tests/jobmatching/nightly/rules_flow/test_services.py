"""Versions of the rules step from state to state as the table says, by two people, and each step is written down."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobmatching.engine.rules import Weights
from jobmatching.nightly.enums import NEVER_IN_FORCE, RulesState
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.models import RulesStep
from jobmatching.nightly.rules_flow.services import (
    FourEyes,
    NothingChanges,
    NotYours,
    change_draft,
    draft_from,
    propose,
    put_in_force,
    reject,
    take_back,
    withdraw,
)
from jobmatching.nightly.rules_flow.states import TRANSITIONS, WrongState, check_step
from jobmatching.nightly.rules_versions import AlreadyInForce, draft, draft_after_import, engine_rules, in_force
from portal.accounts.models import User
from portal.classifications.enums import Scheme
from tests.factories import UserFactory

OTHER = replace(Weights(), occupation=50, skills=35)
Step = Callable[[MatchingRules, User], object]


@pytest.fixture
def drafter(area: None) -> User:
    return UserFactory()


@pytest.fixture
def approver(area: None) -> User:
    return UserFactory()


def a_draft(drafter: User) -> MatchingRules:
    return draft_from(in_force(), OTHER, "Occupation should weigh more.", drafter)


def in_state(state: RulesState, drafter: User) -> MatchingRules:
    """A version of a person in a state, however it came there."""
    version = a_draft(drafter)
    if state is RulesState.IN_FORCE:
        MatchingRules.objects.filter(state=RulesState.IN_FORCE).update(state=RulesState.RETIRED)
    approved_at = None if state in NEVER_IN_FORCE else timezone.now()
    MatchingRules.objects.filter(pk=version.pk).update(state=state, approved_at=approved_at)
    version.refresh_from_db()
    return version


# --- The table -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), list(product(RulesState, RulesState)))
def test_every_pair_of_states(before: RulesState, after: RulesState) -> None:
    allowed = {
        ("draft", "proposed"), ("draft", "in_force"), ("draft", "withdrawn"),
        ("proposed", "draft"), ("proposed", "in_force"), ("proposed", "rejected"),
        ("in_force", "retired"), ("retired", "in_force"),
    }  # fmt: skip
    assert (after in TRANSITIONS[before]) == ((before.value, after.value) in allowed)
    if after in TRANSITIONS[before]:
        check_step("2026.1", before, after)
    else:
        with pytest.raises(WrongState):
            check_step("2026.1", before, after)


STEPS: dict[str, tuple[RulesState, bool, Step]] = {
    # step: (leads to, whether the drafter takes it, what does it)
    "propose": (RulesState.PROPOSED, True, lambda version, by: propose(version.pk, by)),
    "take back": (RulesState.DRAFT, True, lambda version, by: take_back(version.pk, by)),
    "withdraw": (RulesState.WITHDRAWN, True, lambda version, by: withdraw(version.pk, by, "No need.")),
    "reject": (RulesState.REJECTED, False, lambda version, by: reject(version.pk, by, "Not now.")),
    "approve": (RulesState.IN_FORCE, False, lambda version, by: put_in_force(version, by, "Seen and agreed.")),
}


@pytest.mark.parametrize(("name", "before"), list(product(STEPS, RulesState)))
def test_each_service_from_each_state(drafter: User, approver: User, name: str, before: RulesState) -> None:
    after, by_drafter, step = STEPS[name]
    version = in_state(before, drafter)
    by = drafter if by_drafter else approver
    steps = RulesStep.objects.count()
    if after in TRANSITIONS[before]:
        step(version, by)
        expected = after
        last = RulesStep.objects.filter(rules=version).order_by("-pk")[0]
        assert (last.from_state, last.to_state, last.by) == (before, after, by)
    else:
        with pytest.raises((WrongState, AlreadyInForce)):
            step(version, by)
        expected = before
        assert RulesStep.objects.count() == steps
    version.refresh_from_db()
    assert version.state == expected


# --- Who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", STEPS)
def test_each_step_belongs_to_the_drafter_or_to_somebody_else(drafter: User, approver: User, name: str) -> None:
    after, by_drafter, step = STEPS[name]
    before = RulesState.DRAFT if after in (RulesState.PROPOSED, RulesState.WITHDRAWN) else RulesState.PROPOSED
    version = in_state(before, drafter)
    with pytest.raises((NotYours, FourEyes)):
        step(version, approver if by_drafter else drafter)
    version.refresh_from_db()
    assert version.state == before


def test_who_proposed_a_draft_of_an_import_does_not_approve_it(drafter: User, approver: User) -> None:
    version = draft(Scheme.DEMO, OTHER)
    propose(version.pk, drafter)
    with pytest.raises(FourEyes):
        put_in_force(version, drafter, "My own proposal.")
    put_in_force(version, approver, "Seen and agreed.")
    assert in_force() == version


def test_who_took_a_proposal_back_is_still_its_author(drafter: User) -> None:
    version = draft(Scheme.DEMO, OTHER)
    propose(version.pk, drafter)
    take_back(version.pk, drafter)
    with pytest.raises(FourEyes):
        put_in_force(version, drafter, "Without a proposal, then.")


def test_nobody_in_person_approves_what_a_person_has_drafted(drafter: User) -> None:
    version = a_draft(drafter)
    with pytest.raises(FourEyes):
        put_in_force(version, None, "By itself.")
    with pytest.raises(CommandError, match="another person's decision"):
        call_command("put_rules_in_force", version.version, by=drafter.email, reason="My own.")
    assert in_force() != version


def test_own_rules_do_not_come_back_by_the_own_hand(drafter: User, approver: User) -> None:
    version = in_state(RulesState.RETIRED, drafter)
    with pytest.raises(FourEyes):
        put_in_force(version, drafter, "Back again.")
    put_in_force(version, approver, "Back again.")
    assert in_force() == version


# --- What ------------------------------------------------------------------------------------------------------------
def test_a_draft_has_its_own_weights_and_the_classification_of_its_base(drafter: User) -> None:
    base = in_force()
    version = a_draft(drafter)
    rules, before = engine_rules(version), engine_rules(base)
    assert rules.weights == OTHER
    assert rules.version == version.version != base.version
    assert (rules.taxonomy.occupation_ids == before.taxonomy.occupation_ids).all()
    assert (version.drafted_by, version.based_on, version.purpose) == (drafter, base, "Occupation should weigh more.")
    assert version.municipality_codes == base.municipality_codes


def test_a_changed_draft_is_read_as_it_stands_now(drafter: User, approver: User) -> None:
    version = a_draft(drafter)
    digest = version.digest
    engine_rules(version)
    changed = change_draft(version.pk, replace(OTHER, unknown=40), "More for the unknown.", drafter)
    assert changed.digest != digest
    assert engine_rules(changed).weights.unknown == 40
    with pytest.raises(NotYours):
        change_draft(version.pk, OTHER, "Mine now.", approver)
    propose(version.pk, drafter)
    with pytest.raises(WrongState):
        change_draft(version.pk, OTHER, "Once more.", drafter)


def test_a_draft_that_changes_nothing_is_not_proposed(drafter: User) -> None:
    version = draft_from(in_force(), engine_rules(in_force()).weights, "Just so.", drafter)
    with pytest.raises(NothingChanges):
        propose(version.pk, drafter)


def test_words_are_asked_for_wherever_a_person_decides(drafter: User, approver: User) -> None:
    with pytest.raises(ValueError, match="what the change is for"):
        draft_from(in_force(), OTHER, "  ", drafter)
    version = a_draft(drafter)
    with pytest.raises(ValueError, match="withdrawn"):
        withdraw(version.pk, drafter, " ")
    propose(version.pk, drafter)
    with pytest.raises(ValueError, match="rejected"):
        reject(version.pk, approver, "")
    with pytest.raises(ValueError, match="in force"):
        put_in_force(version, approver, "\n")


def test_the_version_before_retires_and_the_log_tells_both(drafter: User, approver: User) -> None:
    before, version = in_force(), a_draft(drafter)
    propose(version.pk, drafter)
    put_in_force(version, approver, " Seen and agreed. ")
    before.refresh_from_db()
    version.refresh_from_db()
    assert (before.state, version.state) == (RulesState.RETIRED, RulesState.IN_FORCE)
    assert (version.approved_by, version.reason) == (approver, "Seen and agreed.")
    told = list(RulesStep.objects.filter(rules=version).order_by("pk").values_list("from_state", "to_state", "by_id"))
    assert told == [
        ("", "draft", drafter.pk), ("draft", "proposed", drafter.pk), ("proposed", "in_force", approver.pk),
    ]  # fmt: skip
    assert RulesStep.objects.filter(rules=before, to_state=RulesState.RETIRED, by=approver).exists()


# --- Imports ---------------------------------------------------------------------------------------------------------
def test_an_import_leaves_drafts_and_proposals_of_people_alone(drafter: User) -> None:
    own, proposed, left = a_draft(drafter), a_draft(drafter), draft(Scheme.DEMO)
    propose(proposed.pk, drafter)
    again = draft(Scheme.DEMO)
    assert not MatchingRules.objects.filter(pk=left.pk).exists()
    assert MatchingRules.objects.filter(pk__in=[own.pk, proposed.pk, again.pk]).count() == 3


def test_an_import_keeps_the_weights_in_force_and_takes_none_from_a_draft(drafter: User, approver: User) -> None:
    version = a_draft(drafter)
    put_in_force(version, approver, "Seen and agreed.")
    draft_from(version, replace(OTHER, unknown=99), "Not approved.", drafter)
    draft_after_import(Scheme.DEMO, "1")
    left = MatchingRules.objects.get(state=RulesState.DRAFT, drafted_by=None)
    assert engine_rules(left).weights == OTHER


# --- The database ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [state for state in RulesState if state not in NEVER_IN_FORCE])
def test_nothing_is_or_was_in_force_without_an_approval(drafter: User, state: RulesState) -> None:
    version = a_draft(drafter)
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchingRules.objects.filter(pk=version.pk).update(state=state)
