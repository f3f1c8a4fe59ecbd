"""New keys for the identity code: nothing is lost, people go on being found, and a second run writes nothing."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobmatching.models import JobSeeker
from portal.privacy.history.models import HistoryEvent
from portal.privacy.identity import decrypt, opens_with_first_key
from portal.privacy.key_rotation import rotate
from tests.factories import JobSeekerFactory, identity_fields

CODES = ("131052-308T", "010190-998V", "010195-9974")


@pytest.fixture
def people(db: None) -> list[JobSeeker]:
    """Three with a code, one without."""
    JobSeekerFactory()
    return [JobSeekerFactory(**identity_fields(code)) for code in CODES]


def renew_keys(settings: Any) -> None:
    """What an administrator does before the command."""
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *settings.IDENTITY_KEYS]
    settings.IDENTITY_INDEX_FORMER_KEYS = [settings.IDENTITY_INDEX_KEY]
    settings.IDENTITY_INDEX_KEY = "another key for the search, of some length"


def stored() -> list[tuple[bytes, str]]:
    rows = JobSeeker.objects.exclude(identity_code=None).order_by("pk").values_list("identity_code", "identity_index")
    return [(bytes(token), str(index)) for token, index in rows]


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_after_it_the_new_keys_alone_open_and_find_everybody(
    people: list[JobSeeker], settings: Any, batch: int
) -> None:
    before = stored()
    renew_keys(settings)

    done = rotate(batch)

    settings.IDENTITY_KEYS = settings.IDENTITY_KEYS[:1]
    settings.IDENTITY_INDEX_FORMER_KEYS = []
    assert (done.looked_at, done.written, done.unreadable) == (3, 3, 0)
    assert [decrypt(token) for token, _index in stored()] == list(CODES)
    assert not {index for _token, index in before} & {index for _token, index in stored()}
    for person, code in zip(people, CODES, strict=True):
        assert JobSeeker.objects.with_identity_code(code).get() == person


def test_while_it_goes_on_people_are_found_by_either_key(people: list[JobSeeker], settings: Any) -> None:
    renew_keys(settings)

    assert [JobSeeker.objects.with_identity_code(code).get() for code in CODES] == people


def test_a_second_run_writes_nothing(people: list[JobSeeker], settings: Any) -> None:
    renew_keys(settings)
    rotate(2)
    after_first = stored()

    with CaptureQueriesContext(connection) as queries:
        again = rotate(2)

    assert (again.looked_at, again.written) == (3, 0)
    assert stored() == after_first
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_new_keys_are_no_change_of_anybodys_code(people: list[JobSeeker], settings: Any) -> None:
    renew_keys(settings)
    told = HistoryEvent.objects.count()

    assert rotate(2).written == 3
    assert HistoryEvent.objects.count() == told

    JobSeeker.objects.filter(pk=people[0].pk).update(**identity_fields("230785-900E"))
    event = HistoryEvent.objects.latest("pk")
    assert (event.object_id, event.after) == (str(people[0].pk), {"identity_code": True}), "a new code is told"


def test_what_no_key_opens_is_told_and_left_as_it_is(people: list[JobSeeker], settings: Any) -> None:
    before = stored()
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="no key of the ring"):
        call_command("rotate_identity_keys")

    assert stored() == before


def test_whoever_is_encrypted_with_the_key_in_force_is_recognised(people: list[JobSeeker], settings: Any) -> None:
    ((token, _index), *_others) = stored()
    assert opens_with_first_key(token)

    renew_keys(settings)

    assert not opens_with_first_key(token)
    assert decrypt(token) == CODES[0]
