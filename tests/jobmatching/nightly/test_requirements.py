"""Requirements as bits: named by the rules version that the run was made with, or by the lists as they are now."""

import pytest

from jobmatching.nightly.explaining.words import RequirementNames
from jobmatching.nightly.requirements import FIRST_BIT, Kind, Layout
from jobmatching.nightly.rules_versions import in_force
from tests.factories import CardFactory


def test_every_requirement_of_the_rules_has_a_name(area: None) -> None:
    version = in_force()
    names = RequirementNames(version)

    for requirement in Layout.from_code_lists().requirements:
        assert names.requirement(requirement.bit) == requirement
        assert names.name(requirement.bit).strip()


def test_a_card_newer_than_the_rules_has_a_name_too(area: None) -> None:
    version = in_force()
    CardFactory(code="tomorrow", match_slot=119, name_fi="huomisen kortti")

    assert RequirementNames(version).name(FIRST_BIT[Kind.CARD] + 119) == "huomisen kortti"
    with pytest.raises(KeyError):
        RequirementNames(version).name(FIRST_BIT[Kind.CARD] + 118)
