"""A message's state changes in one way: every pair of states is asked."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.outbox.enums import MessageState
from portal.outbox.models import Link
from portal.outbox.services import TransitionNotAllowed, change_state
from tests.factories import UserFactory
from tests.messages import message

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ALLOWED = {
    ("queued", "sending"),
    ("queued", "sent"),
    ("queued", "given_up"),
    ("queued", "withdrawn"),
    ("sending", "sent"),
    ("sending", "failed"),
    ("sending", "uncertain"),
    ("sending", "given_up"),
    ("sending", "queued"),
    ("sending", "withdrawn"),
    ("failed", "sending"),
    ("failed", "queued"),
    ("failed", "given_up"),
    ("failed", "withdrawn"),
    ("uncertain", "sent"),
    ("uncertain", "failed"),
    ("uncertain", "given_up"),
    ("uncertain", "queued"),
    ("uncertain", "withdrawn"),
    ("given_up", "queued"),
    ("given_up", "withdrawn"),
}


@pytest.mark.parametrize(("origin", "target"), sorted(product(MessageState.values, repeat=2)))
def test_each_pair(origin: str, target: str) -> None:
    one = message(origin)
    person = UserFactory()
    if (origin, target) in ALLOWED:
        change_state(one, MessageState(target), by=person, reason="because")
        kept = one.transitions.get()
        assert (kept.origin, kept.target, kept.by, kept.reason) == (origin, target, person, "because")
    else:
        with pytest.raises(TransitionNotAllowed):
            change_state(one, MessageState(target))
        assert one.state == origin
        assert not one.transitions.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "sent", "sent_at": None},
        {"state": "queued", "sent_at": NOW},
        {"state": "queued", "next_try_at": None},
        {"state": "failed", "next_try_at": None},
        {"state": "sending", "claim": None},
        {"state": "sent", "secrets": b"a link"},
        {"state": "withdrawn", "secrets": b"a link"},
        {"state": "queued", "address": ""},
        {"state": "elsewhere"},
        {"channel": "post"},
    ],
    ids=str,
)
def test_the_database_holds_the_rules_of_messages(broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        message(**broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"expires_at": NOW, "created_at": NOW},
        {"uses": 1},
        {"used_at": NOW},
        {"uses": 2, "used_at": NOW},
    ],
    ids=str,
)
def test_the_database_holds_the_rules_of_links(broken: dict[str, Any]) -> None:
    usual = {"purpose": "contact", "object_id": 1, "digest": "x", "language": "fi"}
    later = {"created_at": NOW, "expires_at": datetime(2027, 1, 1, tzinfo=UTC)}
    Link.objects.create(**{**usual, **later, "digest": "good"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(**{**usual, **later, **broken})


def test_two_messages_of_one_kind_and_key_cannot_be() -> None:
    message(key="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        message(key="same")
