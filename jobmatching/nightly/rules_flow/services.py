"""Every step of a version of the rules: the version is locked, the table checked, the step written into the log.

Four eyes: whoever has drafted or proposed a version neither approves nor rejects it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jobmatching.engine.features import FeatureSpace
from jobmatching.engine.rules import Rules, Weights
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules, MatchResult
from jobmatching.nightly.rules_flow.models import RulesPreview, RulesStep
from jobmatching.nightly.rules_flow.states import WrongState, check_step
from jobmatching.nightly.rules_versions import AlreadyInForce, engine_rules, next_version
from portal.privacy.history import set_context
from portal.runs.errors import Tellable

if TYPE_CHECKING:
    from portal.accounts.models import User


class NotYours(Tellable):
    """Only whoever has drafted a version changes, proposes or withdraws it."""


class FourEyes(Tellable):
    """Whoever has drafted or proposed a version does not decide on it."""


class NothingChanges(Tellable):
    """The draft says the same as the version in force."""


class TooManySteps(Tellable, ValueError):
    """The classification is so large that the engine has no room for so many steps of experience."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The classification leaves room for {most} steps of experience.")
        self.most = most


class NotPreviewed(Tellable):
    """Nobody has seen yet what the version, as it is now, would change."""


@transaction.atomic
def draft_from(base: MatchingRules, weights: Weights, purpose: str, by: "User") -> MatchingRules:
    """A person drafts a version: the classification, requirements and places of another one, with own weights.

    ValueError without a purpose; TooManySteps where the classification leaves no room for the steps of experience.
    """
    rules = Rules(next_version(timezone.localdate().year), engine_rules(base).taxonomy, weights)
    _require_room(rules)
    version = MatchingRules.objects.create(
        version=rules.version, state=RulesState.DRAFT, scheme=base.scheme,
        classification_version=base.classification_version, content=rules.dumps(), digest=rules.digest,
        weights=weights.to_json(), requirements=base.requirements, municipality_codes=base.municipality_codes,
        drafted_by=by, based_on=base, purpose=_said(purpose, "Say what the change is for."),
    )  # fmt: skip
    RulesStep.objects.create(rules=version, to_state=RulesState.DRAFT, by=by)
    return version


@transaction.atomic
def change_draft(pk: int, weights: Weights, purpose: str, by: "User") -> MatchingRules:
    """The drafter changes the weights or the purpose of a draft.

    Raises NotYours, WrongState; ValueError as `draft_from`.
    """
    version = _locked(pk)
    _require(version, RulesState.DRAFT)
    _require_drafter(version, by)
    rules = Rules(version.version, engine_rules(version).taxonomy, weights)
    _require_room(rules)
    version.content, version.digest, version.weights = rules.dumps(), rules.digest, weights.to_json()
    version.purpose = _said(purpose, "Say what the change is for.")
    version.save(update_fields=["content", "digest", "weights", "purpose"])
    return version


def propose(pk: int, by: "User") -> MatchingRules:
    """Put a draft before those who approve. Raises NotYours, NothingChanges, WrongState.

    A draft that an import has left is anybody's to propose who may draft.
    """
    with transaction.atomic():
        version = _locked(pk)
        check_step(version.version, version.state, RulesState.PROPOSED)
        if version.drafted_by_id is not None:
            _require_drafter(version, by)
        present = MatchingRules.objects.filter(state=RulesState.IN_FORCE).defer("content").first()
        if present is not None and _says_the_same(version, present):
            raise NothingChanges(f"Version {version.version} says the same as {present.version}, which is in force.")
        return _step(version, RulesState.PROPOSED, by)


def take_back(pk: int, by: "User") -> MatchingRules:
    """The drafter or proposer takes a proposal back to go on writing. Raises NotYours, WrongState."""
    with transaction.atomic():
        version = _locked(pk)
        if by.pk not in authors(version):
            raise NotYours(f"Version {version.version} was proposed by somebody else.")
        return _step(version, RulesState.DRAFT, by)


def withdraw(pk: int, by: "User", reason: str) -> MatchingRules:
    """The drafter gives a draft up; it stays in the history.

    Raises NotYours, WrongState; ValueError without a reason.
    """
    with transaction.atomic():
        version = _locked(pk)
        _require_drafter(version, by)
        return _step(version, RulesState.WITHDRAWN, by, _said(reason, "Say why the draft is withdrawn."))


def reject(pk: int, by: "User", reason: str) -> MatchingRules:
    """Another person turns a proposal down. Raises FourEyes, WrongState; ValueError without a reason."""
    with transaction.atomic():
        version = _locked(pk)
        _require_four_eyes(version, by)
        return _step(version, RulesState.REJECTED, by, _said(reason, "Say why the proposal is rejected."))


def approve(pk: int, by: "User", reason: str) -> MatchingRules:
    """Another person puts a proposal in force whose effect can be seen; the next night matches by it.

    Raises NotPreviewed, and all that `put_in_force` raises.
    """
    with transaction.atomic():
        version = _locked(pk)
        check_step(version.version, version.state, RulesState.IN_FORCE)
        _require_four_eyes(version, by)
        if not previewed(version):
            raise NotPreviewed(f"Nobody has seen what version {version.version} would change.")
        put_in_force(version, by, reason)
        return version


def previewed(version: MatchingRules) -> bool:
    """Whether it has been computed what a version, as it is now, would change against the one in force.

    True, too, where there is nothing to compare with: no night has succeeded, or no rules are in force.
    """
    present = MatchingRules.objects.filter(state=RulesState.IN_FORCE).defer("content").first()
    if present is None or MatchResult.objects.newest() is None:
        return True
    seen = RulesPreview.objects.filter(rules=version, digest=version.digest, compared_with=present)
    return seen.filter(figures__isnull=False).exists()


@transaction.atomic
def put_in_force(version: MatchingRules, approved_by: "User | None", reason: str) -> None:
    """A person puts a draft, a proposal or a retired version in force, with a reason; the one before it retires.

    ValueError without a reason. Raises FourEyes; AlreadyInForce, and changes nothing, where the version is in force by
    now; MatchingRules.DoesNotExist where it was a draft that another one has replaced meanwhile; WrongState.
    `approved_by` is None only where no person is there to decide (tests, demo): never for what a person has drafted.
    """
    said = _said(reason, "Say why the rules are put in force.")
    concerned = MatchingRules.objects.filter(Q(state=RulesState.IN_FORCE) | Q(pk=version.pk)).defer("content")
    rows = {row.pk: row for row in concerned.order_by("pk").select_for_update()}
    if version.pk not in rows:
        raise MatchingRules.DoesNotExist(f"Version {version.version} is no longer there.")
    own = rows.pop(version.pk)
    if own.state == RulesState.IN_FORCE:
        raise AlreadyInForce(f"Version {version.version} is in force already.")
    check_step(own.version, own.state, RulesState.IN_FORCE)
    _require_four_eyes(own, approved_by)
    set_context(actor=approved_by, reason=said)
    for before in rows.values():
        _step(before, RulesState.RETIRED, approved_by, f"{own.version}: {said}")
    before_state = own.state
    version.state = RulesState.IN_FORCE
    version.approved_by = approved_by
    version.approved_at = timezone.now()
    version.reason = said
    version.save(update_fields=["state", "approved_by", "approved_at", "reason"])
    RulesStep.objects.create(
        rules=version, from_state=before_state, to_state=RulesState.IN_FORCE, by=approved_by, reason=said
    )


def authors(version: MatchingRules) -> frozenset[int]:
    """Ids of those who have drafted or proposed a version."""
    proposers = version.steps.filter(to_state=RulesState.PROPOSED).order_by("pk").values_list("by_id", flat=True)
    return frozenset(pk for pk in (version.drafted_by_id, *proposers) if pk is not None)


def _require_room(rules: Rules) -> None:
    """Raise TooManySteps where the engine cannot name all features."""
    steps = rules.weights.experience_steps
    for count in range(len(steps), 0, -1):
        try:
            FeatureSpace.of(replace(rules, weights=replace(rules.weights, experience_steps=steps[:count])))
        except ValueError:
            continue
        if count < len(steps):
            raise TooManySteps(count)
        return
    raise TooManySteps(0)


def _step(version: MatchingRules, after: RulesState, by: "User | None", reason: str = "") -> MatchingRules:
    before = version.state
    check_step(version.version, before, after)
    version.state = after
    version.save(update_fields=["state"])
    RulesStep.objects.create(rules=version, from_state=before, to_state=after, by=by, reason=reason)
    return version


def _locked(pk: int) -> MatchingRules:
    return MatchingRules.objects.select_for_update().defer("content").get(pk=pk)


def _require(version: MatchingRules, state: RulesState) -> None:
    if version.state != state:
        raise WrongState(f"Version {version.version} is {version.state}: it can no longer be changed.")


def _require_drafter(version: MatchingRules, by: "User") -> None:
    if version.drafted_by_id != by.pk:
        raise NotYours(f"Version {version.version} was drafted by somebody else.")


def _require_four_eyes(version: MatchingRules, by: "User | None") -> None:
    written_by = authors(version)
    if written_by and (by is None or by.pk in written_by):
        raise FourEyes(f"Version {version.version} needs another person's decision.")


def _says_the_same(version: MatchingRules, other: MatchingRules) -> bool:
    return (
        version.scheme == other.scheme
        and version.weights == other.weights
        and version.classification_version == other.classification_version
        and version.requirements == other.requirements
        and version.municipality_codes == other.municipality_codes
        and _taxonomy(version) == _taxonomy(other)
    )


def _taxonomy(version: MatchingRules) -> str:
    """A digest of the classification alone."""
    rules = engine_rules(version)
    return Rules("", rules.taxonomy).digest


def _said(words: str, otherwise: str) -> str:
    """The words without spaces around them; ValueError where there are none."""
    if not words.strip():
        raise ValueError(otherwise)
    return words.strip()
