"""Rules come into force by a person's decision, also on a machine without the demo."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules, RulesNumber
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import AlreadyInForce, draft, in_force
from portal.classifications.enums import Scheme
from tests.factories import UserFactory


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("put_rules_in_force", *arguments, stdout=out)
    return out.getvalue()


def test_a_draft_comes_into_force_in_the_name_of_a_person(area: None) -> None:
    before, manager = in_force(), UserFactory()
    version = draft(Scheme.DEMO).version
    assert f"{version}  draft" in told()

    told(version, "--by", manager.email.upper(), "--reason", "The board's decision, section 12.")

    now = in_force()
    assert (now.version, now.approved_by, now.reason) == (version, manager, "The board's decision, section 12.")
    before.refresh_from_db()
    assert before.state == "retired"


@pytest.mark.parametrize(
    ("known", "by", "reason", "why"),
    [
        (False, True, "Because.", "no version"),
        (True, False, "Because.", "--by"),
        (True, True, " ", "--reason"),
    ],
)
def test_it_is_refused_without_a_version_a_person_or_a_reason(
    area: None, known: bool, by: bool, reason: str, why: str
) -> None:
    before = in_force()
    version = draft(Scheme.DEMO).version if known else "1999.1"
    who = UserFactory().email if by else "nobody@example.org"

    with pytest.raises(CommandError, match=why):
        told(version, "--by", who, "--reason", reason)
    with pytest.raises(CommandError, match="already"):
        told(before.version, "--by", who, "--reason", "Once more.")

    assert in_force() == before


def test_who_approved_the_version_in_force_is_never_written_over(area: None) -> None:
    decided, later = UserFactory(), UserFactory()
    version = draft(Scheme.DEMO)
    put_in_force(version, decided, "The board's decision.")
    stale = MatchingRules.objects.get(pk=version.pk)
    stale.state = RulesState.DRAFT  # as read by somebody before it came into force

    with pytest.raises(AlreadyInForce):
        put_in_force(stale, later, "Once more.")

    now = in_force()
    assert (now.approved_by, now.reason, now.approved_at) == (decided, "The board's decision.", version.approved_at)


def test_a_retired_version_can_come_back(area: None) -> None:
    before, manager = in_force(), UserFactory()
    put_in_force(draft(Scheme.DEMO), None, "New ones.")
    before.refresh_from_db()

    put_in_force(before, manager, "The new ones were worse.")

    assert in_force() == before
    assert MatchingRules.objects.filter(state=RulesState.IN_FORCE).count() == 1


def test_the_number_of_a_draft_that_was_replaced_or_deleted_is_not_given_again(area: None) -> None:
    replaced = draft(Scheme.DEMO).version
    draft(Scheme.DEMO).delete()

    versions = [replaced, draft(Scheme.DEMO).version]

    year, first = map(int, replaced.split("."))
    assert versions == [f"{year}.{first}", f"{year}.{first + 2}"]
    assert RulesNumber.objects.get(year=year).highest == first + 2


def test_the_migration_counts_the_numbers_that_were_given_before(area: None) -> None:
    migration = import_module("jobmatching.migrations.0007_numbers_of_rules_versions")
    year, number = map(int, draft(Scheme.DEMO).version.split("."))
    RulesNumber.objects.all().delete()

    migration.count_those_given(apps, None)

    assert dict(RulesNumber.objects.values_list("year", "highest")) == {year: number}
    assert draft(Scheme.DEMO).version == f"{year}.{number + 1}"


def test_a_draft_that_was_replaced_meanwhile_does_not_come_into_force(area: None) -> None:
    replaced, before = draft(Scheme.DEMO), in_force()
    draft(Scheme.DEMO)

    with pytest.raises(MatchingRules.DoesNotExist):
        put_in_force(replaced, None, "Too late.")

    assert in_force() == before
