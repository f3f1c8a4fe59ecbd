"""Which state of a version of the rules may follow which."""

from typing import Final

from jobmatching.nightly.enums import RulesState
from portal.runs.errors import Tellable

TRANSITIONS: Final[dict[RulesState, frozenset[RulesState]]] = {
    # A draft that an import has left can be put in force at once, in the name of a person (put_rules_in_force).
    RulesState.DRAFT: frozenset({RulesState.PROPOSED, RulesState.IN_FORCE, RulesState.WITHDRAWN}),
    RulesState.PROPOSED: frozenset({RulesState.DRAFT, RulesState.IN_FORCE, RulesState.REJECTED}),
    RulesState.IN_FORCE: frozenset({RulesState.RETIRED}),
    # Rules that were in force can come back when the newer ones prove wrong.
    RulesState.RETIRED: frozenset({RulesState.IN_FORCE}),
    RulesState.REJECTED: frozenset(),
    RulesState.WITHDRAWN: frozenset(),
}


class WrongState(Tellable):
    """The version is no longer in a state from which this step can be taken."""


def check_step(version: str, before: str, after: RulesState) -> None:
    """Raise WrongState where the table does not allow the step."""
    if after not in TRANSITIONS[RulesState(before)]:
        raise WrongState(f"Version {version} is {before}: it cannot become {after.value}.")
