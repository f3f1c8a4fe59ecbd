"""A message goes once, after the commit of what it tells about, and its fate is kept."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, close_old_connections, transaction
from django.test import override_settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.outbox import delivery, tasks
from portal.outbox.enums import AttemptOutcome, Channel, MessageState, RecipientKind, Wish
from portal.outbox.kinds import KINDS
from portal.outbox.models import Attempt, Link, Message
from portal.outbox.preferences import keep_wish, silence
from portal.outbox.rendering import WrongContext
from portal.outbox.services import Recipient, send
from tests.factories import UserFactory
from tests.portal.outbox.letters import LINK, PLANTED, context_of
from tests.portal.outbox.providers import Provider, lose_connection, not_now, refuse

ADDRESS = "aino.salapera@planted.example"
RESET = KINDS["password_reset"]


def write(key: str = "one", kind: str = "password_reset", to: Recipient | None = None, language: str = "fi") -> Message:
    return send(kind, to or Recipient.address(ADDRESS), context_of(KINDS[kind]), language, key)


def due() -> None:
    """Let everything that waits be due now."""
    Message.objects.waiting().update(next_try_at=timezone.now())


# --- Once, after the commit ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_it_goes_when_the_transaction_is_committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        message = write()
        assert not mail.outbox
    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 1)
    assert message.sent_at is not None


def test_a_rollback_sends_nothing(committed: str, provider: Provider) -> None:
    def write_and_fail(key: str) -> None:
        with transaction.atomic():
            write(key)
            raise DatabaseError

    with pytest.raises(DatabaseError):
        write_and_fail("gone")
    with transaction.atomic():
        write("outer")
        with pytest.raises(DatabaseError):
            write_and_fail("inner")
    tasks.sweep()
    assert [message.key for message in Message.objects.order_by("pk")] == ["outer"]
    assert len(provider.taken) == 1


@pytest.mark.django_db
def test_the_second_call_for_a_key_changes_nothing(
    provider: Provider, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = write()
    with django_capture_on_commit_callbacks(execute=True):
        second = send("password_reset", Recipient.address("other@example.org"), context_of(RESET), "sv", "one")
    assert second.pk == first.pk
    assert second.address == ADDRESS
    assert len(provider.taken) == 1
    assert write(kind="address_confirmation").pk != first.pk  # the same key of another kind is another message


def test_of_two_that_write_the_same_message_at_once_one_is_sent(committed: str, provider: Provider) -> None:
    begin = threading.Barrier(4)

    def one() -> None:
        with transaction.atomic():
            begin.wait(10)
            write()
        close_old_connections()

    run_at_once([one] * 4)
    tasks.sweep()
    assert Message.objects.count() == 1
    assert len(provider.taken) == 1


def test_many_workers_send_each_message_once(committed: str, provider: Provider) -> None:
    with mock.patch("portal.outbox.services.wake_sender_on_commit"):
        for number in range(60):
            write(f"m{number}")
    begin = threading.Barrier(4)

    def worker() -> None:
        begin.wait(10)
        while delivery.send_batch(timezone.now()):
            pass
        close_old_connections()

    run_at_once([worker] * 4)
    assert sorted(letter.reference for letter in provider.taken) == sorted({one.reference for one in provider.taken})
    assert len(provider.taken) == 60
    assert set(Message.objects.values_list("state", flat=True).order_by("state")) == {MessageState.SENT}


def run_at_once(work: list[Callable[[], None]]) -> None:
    failed: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failed.append(error)
        finally:
            from django.db import connections

            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed


@pytest.mark.django_db
def test_one_task_is_sent_for_all_messages_of_a_transaction(
    provider: Provider, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            write(f"m{number}")
    assert len(callbacks) == 1
    with mock.patch.object(tasks.send_waiting, "apply_async") as sent:
        callbacks[0]()
    # Nothing about anybody goes to the broker: the task takes no arguments.
    assert sent.call_args.args == ()
    assert set(sent.call_args.kwargs) == {"retry"}


@pytest.mark.django_db
def test_a_broker_that_is_away_stops_nobody(
    provider: Provider, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with (
        mock.patch.object(tasks.send_waiting, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        message = write()
    assert not provider.taken
    tasks.sweep()
    message.refresh_from_db()
    assert message.state == MessageState.SENT


@pytest.mark.django_db
def test_more_than_one_batch_is_sent(provider: Provider) -> None:
    for number in range(delivery.BATCH * 2 + 3):
        write(f"m{number}")
    tasks.send_waiting()
    assert len(provider.taken) == delivery.BATCH * 2 + 3
    assert provider.closed == 3


# --- What is kept --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_providers_answer_is_kept_without_the_address(provider: Provider) -> None:
    message = write()
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.provider, message.provider_id) == ("test", "id-1")
    assert message.answer == "250 queued for <•••>"
    attempt = message.tries.get()
    assert (attempt.outcome, attempt.number) == (AttemptOutcome.ACCEPTED, 1)
    assert attempt.claimed_at <= attempt.asked_at <= attempt.ended_at
    assert list(message.transitions.values_list("origin", "target")) == [("queued", "sending"), ("sending", "sent")]


@pytest.mark.django_db
def test_links_lie_in_the_database_encrypted_and_not_at_all_once_sent(provider: Provider) -> None:
    message = write(kind="contact_question")
    assert "TOKEN-THAT-OPENS-IT" not in message.text + message.html
    assert b"TOKEN-THAT-OPENS-IT" not in bytes(message.secrets)
    tasks.send_waiting()
    [letter] = provider.taken
    assert LINK in letter.text
    assert 'href="https://portal.example/vastaa/TOKEN-THAT-OPENS-IT/?a=1&amp;b=2"' in letter.html
    message.refresh_from_db()
    assert bytes(message.secrets) == b""
    assert message.text  # what people are told about their matter can be looked up, without the link
    assert "TOKEN-THAT-OPENS-IT" not in message.text + message.html


@pytest.mark.django_db
def test_what_a_mail_of_the_sign_in_says_is_forgotten_once_sent(provider: Provider) -> None:
    message = write()
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")


@pytest.mark.django_db
def test_links_of_a_key_that_is_gone_are_not_sent_as_marks(provider: Provider) -> None:
    message = write()
    with override_settings(SECRET_KEY="another"):
        tasks.send_waiting()
    message.refresh_from_db()
    assert not provider.taken
    assert message.state == MessageState.GIVEN_UP
    assert "another key" in message.answer
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["test-secret-key-not-used-anywhere-else"]):
        write("two")
        Message.objects.filter(pk=message.pk).update(state=MessageState.QUEUED, next_try_at=timezone.now())
        tasks.send_waiting()
    assert len(provider.taken) == 2


@pytest.mark.django_db
def test_a_mail_as_it_goes_out() -> None:
    message = write(kind="contact_question", language="sv")
    tasks.send_waiting()
    [sent] = mail.outbox
    assert sent.extra_headers["Message-ID"] == f"<contact_question.{message.pk}@localhost>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Content-Language"] == "sv"
    assert "List-Unsubscribe" not in sent.extra_headers
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert LINK in sent.body
    assert 'lang="sv"' in html


@pytest.mark.django_db
def test_an_optional_mail_can_be_ended_by_one_click() -> None:
    user = UserFactory()
    write(kind="night_failed", to=Recipient.account(user))
    tasks.send_waiting()
    [sent] = mail.outbox
    link = Link.objects.get()
    assert (link.purpose, link.object_id, link.choices) == ("unsubscribe", user.pk, {"kind": "night_failed"})
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db
def test_nothing_about_anybody_is_logged(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for number, trouble in enumerate((lambda: None, not_now, refuse, lose_connection)):
        provider.before = trouble
        write(f"m{number}")
        tasks.send_waiting()
    told = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records)
    kept = "\n".join(f"{one.answer} {one.tries.get().answer}" for one in Message.objects.order_by("pk"))
    for part in PLANTED:
        assert part not in told
        assert part not in kept


# --- Trying again --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_it_waits_longer_each_time_and_is_given_up_at_last(provider: Provider) -> None:
    provider.before = not_now
    message = write()
    now = timezone.now()
    for wait in delivery.WAITS:
        with time_machine.travel(now, tick=False):
            tasks.send_waiting()
            tasks.send_waiting()  # not due yet: nothing happens
        message.refresh_from_db()
        assert message.state == MessageState.FAILED
        assert message.next_try_at == now + wait
        now = message.next_try_at
    with time_machine.travel(now, tick=False):
        tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.GIVEN_UP, len(delivery.WAITS) + 1)
    assert message.tries.count() == len(delivery.WAITS) + 1
    assert tuple(sorted(delivery.WAITS)) == delivery.WAITS


@pytest.mark.django_db
def test_one_that_failed_goes_at_a_later_attempt_once(provider: Provider) -> None:
    provider.before = not_now
    message = write()
    tasks.send_waiting()
    provider.before = lambda: None
    due()
    tasks.send_waiting()
    tasks.sweep()
    message.refresh_from_db()
    assert (message.state, message.attempts, len(provider.taken)) == (MessageState.SENT, 2, 1)


@pytest.mark.django_db
def test_one_that_is_refused_is_not_tried_again(provider: Provider) -> None:
    provider.before = refuse
    message = write()
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, message.next_try_at) == (MessageState.GIVEN_UP, None)
    assert message.answer == "550 5.1.1 <•••>: no such user"


@pytest.mark.django_db
def test_one_bad_message_does_not_hold_up_the_others(provider: Provider) -> None:
    write("bad")
    write("good")
    calls = iter((refuse, lambda: None))
    provider.before = lambda: next(calls)()
    tasks.send_waiting()
    assert sorted(Message.objects.values_list("state", flat=True).order_by("pk")) == ["given_up", "sent"]


@pytest.mark.django_db
def test_what_is_too_old_to_be_of_use_is_not_sent(provider: Provider) -> None:
    message = write()
    assert RESET.useful_for is not None
    with time_machine.travel(timezone.now() + RESET.useful_for + timedelta(seconds=1)):
        tasks.send_waiting()
    message.refresh_from_db()
    assert (message.state, message.answer) == (MessageState.GIVEN_UP, "too late to be of use")
    assert not provider.taken


# --- Whether, and which way ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_optional_kind_that_is_not_wanted_is_not_sent(provider: Provider) -> None:
    user = UserFactory()
    silence(user.pk, "night_failed")
    message = write(kind="night_failed", to=Recipient.account(user))
    needed = write(kind="password_changed", to=Recipient.account(user))
    tasks.send_waiting()
    assert (message.state, message.answer) == (MessageState.WITHDRAWN, "not wanted")
    needed.refresh_from_db()
    assert needed.state == MessageState.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "mail_address", "phone", "channel", "state"),
    [
        (None, ADDRESS, "040 123 9876", Channel.MAIL, MessageState.SENT),
        (None, "", "040 123 9876", Channel.SMS, MessageState.SENT),
        (Wish.SMS, ADDRESS, "040 123 9876", Channel.SMS, MessageState.SENT),
        (Wish.SMS, ADDRESS, "", Channel.MAIL, MessageState.SENT),
        (Wish.MAIL, ADDRESS, "040 123 9876", Channel.MAIL, MessageState.SENT),
        (Wish.NONE, ADDRESS, "040 123 9876", Channel.MAIL, MessageState.WITHDRAWN),
        (None, "", "not a number", Channel.MAIL, MessageState.GIVEN_UP),
    ],
)
def test_the_way_to_a_jobseeker(
    provider: Provider, wish: Wish | None, mail_address: str, phone: str, channel: Channel, state: MessageState
) -> None:
    if wish:
        keep_wish(7, wish, "sv", UserFactory())
    to = Recipient.jobseeker(7, mail_address, phone)
    message = send("contact_question", to, context_of(KINDS["contact_question"]), "", "one")
    tasks.send_waiting()
    message.refresh_from_db()
    assert (message.channel, message.state) == (channel, state)
    assert message.language == ("sv" if wish else "fi")
    if state == MessageState.SENT:
        assert provider.taken[0].address == (ADDRESS if channel == Channel.MAIL else "+358401239876")
        assert bool(provider.taken[0].html) == (channel == Channel.MAIL)


@pytest.mark.django_db
@override_settings(OUTBOX_SMS_ADAPTER="")
def test_where_text_messages_are_off_mail_is_sent_or_nothing() -> None:
    keep_wish(7, Wish.SMS, "fi", UserFactory())
    by_mail = write("one", "contact_question", Recipient.jobseeker(7, ADDRESS, "0401239876"))
    nowhere = write("two", "contact_question", Recipient.jobseeker(7, "", "0401239876"))
    assert (by_mail.channel, by_mail.state) == (Channel.MAIL, MessageState.QUEUED)
    assert (nowhere.state, nowhere.answer) == (MessageState.GIVEN_UP, "no address")


@pytest.mark.django_db
def test_the_recipients_own_language_counts_where_none_is_asked_for() -> None:
    user = UserFactory(language="en")
    assert write(to=Recipient.account(user), language="").language == "en"
    assert write("two", to=Recipient.account(user), language="sv").language == "sv"


@pytest.mark.django_db
def test_a_wrong_context_no_key_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(WrongContext):
        send("password_reset", Recipient.address(ADDRESS), {}, "fi", "one")
    with pytest.raises(WrongContext):
        send("password_reset", Recipient.address(ADDRESS), {**context_of(RESET), "name": "x"}, "fi", "one")
    with pytest.raises(ValueError, match="key"):
        send("password_reset", Recipient.address(ADDRESS), context_of(RESET), "fi")
    with pytest.raises(KeyError):
        send("no such kind", Recipient.address(ADDRESS), {}, "fi", "one")
    assert not Message.objects.exists()
    assert not Attempt.objects.exists()


def test_a_recipient_shows_no_address() -> None:
    recipient = Recipient(RecipientKind.ADDRESS, None, ADDRESS, "+358401239876")
    assert ADDRESS not in repr(recipient)
    assert "9876" not in repr(recipient)
