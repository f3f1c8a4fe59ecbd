"""Requirements as bits: named by the rules version that the run was made with, or by the lists as they are now."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import F

from jobmatching.nightly.explaining.words import RequirementNames
from jobmatching.nightly.requirements import FIRST_BIT, Kind, Layout
from jobmatching.nightly.rules_versions import in_force
from portal.classifications.models import EducationLevel
from portal.classifications.slots import free_slots
from tests.factories import CardFactory, EducationLevelFactory


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


def test_levels_of_education_keep_their_bits_when_the_list_gets_another_order(area: None) -> None:
    version = in_force()
    before = Layout.from_code_lists().table(Kind.EDUCATION)
    assert before == {row["code"]: row["bit"] for row in version.requirements if row["kind"] == Kind.EDUCATION}

    EducationLevel.objects.update(order=F("order") * 10)
    EducationLevelFactory(code="33", order=15, match_slot=next(free_slots(EducationLevel)), name_fi="uusi taso")
    EducationLevel.objects.filter(code="8").update(order=1)

    after = Layout.from_code_lists().table(Kind.EDUCATION)
    assert after == before | {"33": FIRST_BIT[Kind.EDUCATION] + len(before)}
    names = RequirementNames(version)
    assert [names.requirement(bit).code for bit in after.values()] == list(after)


def test_what_a_level_includes_follows_the_order_of_the_list(area: None) -> None:
    EducationLevel.objects.filter(code="8").update(order=0)

    assert Layout.from_code_lists().education_includes["8"] == {"8"}


def test_the_migrations_keep_the_places_of_the_list_and_then_those_that_the_rules_in_force_name(area: None) -> None:
    by_order = import_module("portal.classifications.migrations.0004_education_levels_have_places_in_matching")
    by_rules = import_module("jobmatching.migrations.0005_education_bits_of_the_rules_in_force")
    wanted = Layout.from_code_lists().table(Kind.EDUCATION)
    # The list was put in another order after the rules had been drafted, and a level was added to it.
    EducationLevel.objects.update(order=100 - F("order"), match_slot=F("match_slot") + 50)
    EducationLevelFactory(code="9", order=0, match_slot=99)

    by_order.keep_the_places_of_the_order(apps, None)
    assert Layout.from_code_lists().table(Kind.EDUCATION)["9"] == FIRST_BIT[Kind.EDUCATION]

    by_rules.take_the_places_of_the_rules(apps, None)
    assert Layout.from_code_lists().table(Kind.EDUCATION) == wanted | {"9": FIRST_BIT[Kind.EDUCATION] + len(wanted)}
