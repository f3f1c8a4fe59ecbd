"""Rules come into force by a person's decision, also on a machine without the demo."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from jobmatching.nightly.rules_versions import draft, in_force
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
