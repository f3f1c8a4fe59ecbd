"""With real commits: without a transaction, and on a connection that others use next."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django.plugin import DjangoDbBlocker

from jobmatching.models import JobSeeker
from portal.privacy.history import Source, context, set_context, without_history
from portal.privacy.history.models import HistoryEvent
from tests.databases import clone, drop, using_database
from tests.factories import JobSeekerFactory


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of the test's own, whose rows are really committed."""
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_commits"
        clone(usual, name)
        with using_database(name):
            yield
        drop(name)


def newest() -> HistoryEvent:
    event: HistoryEvent = HistoryEvent.objects.newest_first()[0]
    return event


def test_without_a_transaction_each_statement_carries_it(committed: None) -> None:
    seeker = JobSeekerFactory(spell=False)
    with context(actor=5, source=Source.COMMAND, name="test"):
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
        assert newest().actor_id == 5
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE jobmatching_jobseeker SET phone = %s WHERE id = %s", [("2", seeker.pk), ("3", seeker.pk)]
            )
    assert [event.actor_id for event in HistoryEvent.objects.newest_first()[:2]] == [5, 5]
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="4")
    assert (newest().actor_id, newest().source) == (None, Source.SQL)


def test_what_was_set_in_a_transaction_ends_with_it(committed: None) -> None:
    seeker = JobSeekerFactory(spell=False)
    with transaction.atomic():
        set_context(actor=5, reason="once")
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
    assert newest().actor_id == 5
    with transaction.atomic():
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="2")
    assert (newest().actor_id, newest().reason) == (None, "")


def test_a_reason_within_a_context_holds_for_its_transaction_alone(committed: None) -> None:
    seeker = JobSeekerFactory(spell=False)
    with context(actor=5, source=Source.COMMAND, name="test"):
        with transaction.atomic():
            set_context(reason="once")
            JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
        assert (newest().actor_id, newest().reason) == (5, "once")
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="2")
        assert (newest().actor_id, newest().reason) == (5, "")
        with transaction.atomic():
            with transaction.atomic():
                set_context(reason="taken back")
                transaction.set_rollback(True)
            JobSeeker.objects.filter(pk=seeker.pk).update(phone="3")
        assert (newest().actor_id, newest().reason) == (5, "")


def test_outside_a_transaction_setting_it_is_an_error(committed: None) -> None:
    with pytest.raises(TransactionManagementError):
        set_context(reason="lost")


def test_all_that_is_done_at_once_has_one_number(committed: None) -> None:
    with transaction.atomic():
        seeker = JobSeekerFactory()
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
    told = list(HistoryEvent.objects.about(seeker).order_by("pk").values_list("transaction", flat=True))
    assert len(told) == 3
    assert told[0] == told[1] != told[2]


def test_switched_off_for_one_and_nobody_else_sees_it(committed: None) -> None:
    seeker = JobSeekerFactory(spell=False)
    before = HistoryEvent.objects.count()
    with without_history("jobmatching"):
        JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
    assert HistoryEvent.objects.count() == before
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="2")
    assert newest().before == {"phone": "1"}
    with pytest.raises(RuntimeError), without_history("jobmatching"):
        raise RuntimeError
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="3")
    assert newest().after == {"phone": "3"}
