"""A sender may die at any point: its message is sent once or not at all, and what cannot be known is left to people."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal.celery import app
from portal.outbox import delivery, tasks
from portal.outbox.delivery import CLAIM_FOR
from portal.outbox.enums import AttemptOutcome, MessageState
from portal.outbox.kinds import KINDS
from portal.outbox.models import Attempt, Message
from portal.outbox.services import Recipient, TransitionNotAllowed, confirm_sent, send, send_again, withdraw
from tests.factories import UserFactory
from tests.portal.outbox.letters import context_of
from tests.portal.outbox.providers import Killed, Provider, kill, lose_connection, not_now, refuse

KIND = KINDS["contact_question"]


def write(key: str = "one") -> Message:
    """A message that waits; nobody has been woken yet."""
    with mock.patch("portal.outbox.services.wake_sender_on_commit"):
        return send(KIND.code, Recipient.jobseeker(7, "aino@planted.example", ""), context_of(KIND), "fi", key)


def die_while_sending() -> None:
    """Run the task until the process is gone; the connection goes with it."""
    with pytest.raises(Killed):
        tasks.send_waiting()
    connection.close()


def sweep_later(times: int = 3) -> None:
    """The sweeps after the claim has run out, and many more."""
    for number in range(times):
        with time_machine.travel(timezone.now() + CLAIM_FOR + timedelta(minutes=number), tick=False):
            tasks.sweep()


@contextmanager
def dying_in(target: str) -> Iterator[None]:
    with mock.patch(target, side_effect=Killed):
        yield


# --- The provider was not asked: sent once, later --------------------------------------------------------------------
@pytest.mark.parametrize("point", ["portal.outbox.delivery.deliver", "portal.outbox.delivery._letter"])
def test_died_before_asking(committed: str, provider: Provider, point: str) -> None:
    message = write()
    with dying_in(point):
        die_while_sending()
    message.refresh_from_db()
    assert message.state == MessageState.SENDING

    tasks.sweep()  # the claim still holds: the sender may only be slow
    assert not provider.taken
    sweep_later()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(provider.taken)) == (MessageState.SENT, 1, 1)
    outcomes = list(message.tries.order_by("claimed_at").values_list("outcome", flat=True))
    assert outcomes == [AttemptOutcome.DROPPED, AttemptOutcome.ACCEPTED]


def test_died_while_claiming_leaves_the_message_where_it_was(committed: str, provider: Provider) -> None:
    message = write()
    with dying_in("portal.outbox.delivery.Claimed"):
        die_while_sending()
    message.refresh_from_db()
    assert (message.state, Attempt.objects.count()) == (MessageState.QUEUED, 0)
    tasks.sweep()
    assert len(provider.taken) == 1


# --- The provider was asked: never again by itself -------------------------------------------------------------------
def _while_asking(provider: Provider) -> None:
    provider.before = kill


def _after_its_yes(provider: Provider) -> None:
    provider.after = kill


@pytest.mark.parametrize(("arrange", "taken"), [(_while_asking, 0), (_after_its_yes, 1)])
def test_died_between_the_question_and_our_commit(
    committed: str, provider: Provider, arrange: Callable[[Provider], None], taken: int
) -> None:
    message = write()
    arrange(provider)
    die_while_sending()
    provider.before = provider.after = lambda: None

    sweep_later(times=20)

    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (MessageState.UNCERTAIN, taken)
    assert list(Message.objects.for_people_to_decide()) == [message]
    assert message.tries.get().outcome == AttemptOutcome.UNKNOWN


@pytest.mark.parametrize("point", ["portal.outbox.delivery.record", "portal.outbox.delivery.mark_sent"])
def test_died_with_the_answer_in_hand(committed: str, provider: Provider, point: str) -> None:
    message = write()
    with dying_in(point):
        die_while_sending()

    sweep_later(times=20)

    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (MessageState.UNCERTAIN, 1)


def test_the_rest_of_the_batch_of_a_dead_sender_is_sent(committed: str, provider: Provider) -> None:
    for number in range(3):
        write(f"m{number}")
    provider.after = kill
    die_while_sending()
    provider.after = lambda: None
    sweep_later()
    assert sorted(Message.objects.values_list("state", flat=True).order_by("pk")) == ["sent", "sent", "uncertain"]
    assert len({letter.reference for letter in provider.taken}) == len(provider.taken) == 3


@pytest.mark.django_db
def test_a_connection_lost_in_the_middle_is_uncertain_too(provider: Provider) -> None:
    message = write()
    provider.after = lose_connection
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, message.answer) == (MessageState.UNCERTAIN, "ConnectionResetError")


# --- Slow, not dead --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state", "sent"),
    [
        (lambda: None, MessageState.SENT, 1),
        (not_now, MessageState.FAILED, 0),
        (refuse, MessageState.GIVEN_UP, 0),
    ],
)
def test_an_answer_that_comes_after_the_sweep_still_counts(
    provider: Provider, answer: Callable[[], None], state: MessageState, sent: int
) -> None:
    message = write()

    def slow() -> None:
        with time_machine.travel(timezone.now() + CLAIM_FOR, tick=False):
            delivery.mend_lost_claims(timezone.now())
        assert Message.objects.get().state == MessageState.UNCERTAIN
        answer()

    provider.before = slow
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (state, sent)


@pytest.mark.django_db
def test_a_yes_that_comes_after_a_person_had_it_sent_again_saves_the_second_sending(provider: Provider) -> None:
    message = write()

    def slow() -> None:
        with time_machine.travel(timezone.now() + CLAIM_FOR, tick=False):
            delivery.mend_lost_claims(timezone.now())
        send_again(message.pk, by=UserFactory())

    provider.before = slow
    tasks.send_waiting()
    tasks.sweep()
    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (MessageState.SENT, 1)


@pytest.mark.django_db
def test_a_sender_whose_claim_has_run_out_asks_nobody(provider: Provider) -> None:
    message = write()
    [claimed] = delivery.claim(timezone.now())
    with time_machine.travel(timezone.now() + CLAIM_FOR, tick=False):
        assert delivery.ask(claimed.attempt, timezone.now()) is None
        delivery.mend_lost_claims(timezone.now())
        assert delivery.ask(claimed.attempt, timezone.now()) is None
        tasks.send_waiting()
        assert delivery.ask(claimed.attempt, timezone.now()) is None
    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (MessageState.SENT, 1)


@pytest.mark.django_db
def test_an_attempt_asks_once(provider: Provider) -> None:
    write()
    [claimed] = delivery.claim(timezone.now())
    assert delivery.ask(claimed.attempt, timezone.now()) is not None
    assert delivery.ask(claimed.attempt, timezone.now()) is None


@pytest.mark.django_db
def test_a_message_deleted_meanwhile_stops_nobody(provider: Provider) -> None:
    write("gone")
    write("here")
    provider.before = lambda: Message.objects.filter(key="gone").delete() and None
    tasks.send_waiting()
    assert Message.objects.get().state == MessageState.SENT


# --- What people decide ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_uncertain_message_is_sent_again_only_by_a_person(provider: Provider) -> None:
    message = write()
    provider.after = lose_connection
    tasks.send_waiting()
    provider.after = lambda: None
    person = UserFactory()
    send_again(message.pk, by=person)
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, len(provider.taken)) == (MessageState.SENT, 2)
    assert message.transitions.get(target="queued").by == person


@pytest.mark.django_db
def test_an_uncertain_message_can_be_noted_as_arrived(provider: Provider) -> None:
    message = write()
    provider.after = lose_connection
    tasks.send_waiting()
    confirm_sent(message.pk, by=UserFactory())
    message.refresh_from_db()
    assert (message.state, bytes(message.secrets)) == (MessageState.SENT, b"")
    with pytest.raises(TransitionNotAllowed):
        send_again(message.pk, by=UserFactory())


@pytest.mark.django_db
def test_one_that_has_been_sent_is_never_sent_again_nor_withdrawn(provider: Provider) -> None:
    message = write()
    tasks.send_waiting()
    for decide in (send_again, withdraw, confirm_sent):
        with pytest.raises(TransitionNotAllowed):
            decide(message.pk, by=UserFactory())
    tasks.sweep()
    assert len(provider.taken) == 1


@pytest.mark.django_db
def test_one_that_is_being_sent_is_left_alone(provider: Provider) -> None:
    message = write()
    delivery.claim(timezone.now())
    for decide in (send_again, withdraw, confirm_sent):
        with pytest.raises(TransitionNotAllowed):
            decide(message.pk, by=UserFactory())


@pytest.mark.django_db
def test_one_that_waits_can_be_withdrawn(provider: Provider) -> None:
    message = write()
    withdraw(message.pk, by=UserFactory(), reason="a wrong address")
    tasks.sweep()
    message.refresh_from_db()
    assert (message.state, bytes(message.secrets), provider.taken) == (MessageState.WITHDRAWN, b"", [])


# --- A real worker ---------------------------------------------------------------------------------------------------
SLOW_PROVIDER = "tests.portal.outbox.slow_provider.SlowAdapter"


@pytest.mark.slow
def test_a_worker_killed_while_the_provider_thinks_leaves_the_message_uncertain(committed: str, tmp_path: Path) -> None:
    eager = app.conf.task_always_eager
    app.conf.task_always_eager = False
    app.control.purge()
    log, letters = tmp_path / "worker.log", tmp_path / "letters"
    values = connection.settings_dict
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"} | {
        "DATABASE_URL": f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{committed}",
        "REDIS_URL": settings.REDIS_URL,
        "CELERY_EAGER": "0",
        "OUTBOX_MAIL_ADAPTER": SLOW_PROVIDER,
        "SLOW_PROVIDER_LETTERS": str(letters),
    }
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--concurrency", "1"]
    try:
        message = send(KIND.code, Recipient.jobseeker(7, "aino@planted.example", ""), context_of(KIND), "fi", "one")
        with log.open("wb") as out:
            worker = subprocess.Popen(
                [*command, "--without-mingle", "--without-gossip"],
                cwd=settings.BASE_DIR, env=environ, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
            until = time.monotonic() + 60
            while not letters.exists() and time.monotonic() < until:
                time.sleep(0.1)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
        assert letters.read_text().count(f"contact_question.{message.pk}") == 1, log.read_text()[-2000:]
        message.refresh_from_db()
        assert message.state == MessageState.SENDING

        # The broker hands the task of the dead worker out again; the claim keeps others off the message.
        tasks.send_waiting()
        sweep_later()

        message.refresh_from_db()
        assert message.state == MessageState.UNCERTAIN
        assert message.tries.get().outcome == AttemptOutcome.UNKNOWN
    finally:
        app.control.purge()
        app.conf.task_always_eager = eager
