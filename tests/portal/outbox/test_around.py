"""What stands around the outbox: readiness, the failed night, what is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from jobmatching.nightly import alarm, night
from portal.accounts.roles import Role
from portal.outbox import links
from portal.outbox.enums import RecipientKind, Wish
from portal.outbox.forgetting import forget_old, forget_recipients
from portal.outbox.models import Attempt, ContactWish, DemoLetter, Link, Message, MessageTransition
from portal.outbox.preferences import keep_wish, silence
from portal.privacy.messages import MESSAGES
from portal.runs.services import fail, open_run
from tests.factories import UserFactory, with_role
from tests.messages import fill_outbox, message

pytestmark = pytest.mark.django_db


# --- Readiness -------------------------------------------------------------------------------------------------------
def test_readiness_tells_this_machine_how_messages_stand() -> None:
    for state in ("given_up", "uncertain", "failed", "queued", "sent"):
        message(state)
    Message.objects.filter(state="queued").update(next_try_at=timezone.now() - timedelta(minutes=10))
    told = Client().get("/readyz").json()["messages"]
    assert 600 <= told.pop("oldest_due_s") < 660
    assert told == {"queued": 1, "failed": 1, "uncertain": 1, "given_up": 1}


def test_strangers_learn_nothing_of_messages() -> None:
    message("given_up")
    assert "messages" not in Client(REMOTE_ADDR="192.0.2.7").get("/readyz").json()


def test_messages_that_could_not_be_sent_do_not_put_the_portal_aside() -> None:
    message("given_up")
    codes = {reason["code"] for reason in Client().get("/readyz").json().get("reasons", ())}
    assert not codes & {"messages", "outbox"}


# --- The night -------------------------------------------------------------------------------------------------------
def failed_run(commit: Callable[..., Any], job: str = night.JOB) -> None:
    run = open_run(job, timezone.localdate())
    with commit(execute=True):
        fail(run.pk, "Something went wrong.")


def test_who_may_start_the_night_is_told_that_it_failed(django_capture_on_commit_callbacks: Any) -> None:
    told = [with_role(Role.ADMINISTRATOR, language="sv"), with_role(Role.TEAM_LEAD), with_role(Role.MANAGER)]
    with_role(Role.CASE_WORKER)
    with_role(Role.TEAM_LEAD, is_active=False)
    silent = with_role(Role.MANAGER)
    silence(silent.pk, "night_failed")

    failed_run(django_capture_on_commit_callbacks)
    failed_run(django_capture_on_commit_callbacks)  # once a day is enough

    assert sorted(one.to[0] for one in mail.outbox) == sorted(user.email for user in told)
    assert Message.objects.get(recipient_id=silent.pk).state == "withdrawn"
    assert Message.objects.get(recipient_id=told[0].pk).subject == "Nattens matchning misslyckades"


def test_other_jobs_and_trouble_with_telling_disturb_nobody(django_capture_on_commit_callbacks: Any) -> None:
    with_role(Role.ADMINISTRATOR)
    failed_run(django_capture_on_commit_callbacks, "another")
    assert not mail.outbox
    alarm.tell_of_failure(10**9)  # no such run


# --- Forgetting ------------------------------------------------------------------------------------------------------
def test_old_messages_go_with_all_that_hangs_on_them_but_not_what_is_in_hand() -> None:
    sent = fill_outbox(7)
    before = timezone.now() + timedelta(days=1)
    due = MESSAGES.find(timezone.localdate(before) + timedelta(days=1)).rows
    in_hand = Message.objects.filter(state__in=("queued", "sending", "failed")).count()
    assert due == Message.objects.count() - in_hand
    Link.objects.update(expires_at=timezone.now() + timedelta(hours=1))

    gone = forget_old(before)

    assert len(gone) == due
    assert Message.objects.count() == in_hand
    assert not Attempt.objects.filter(message=sent.message.pk).exists()
    assert not MessageTransition.objects.filter(message=sent.message.pk).exists()
    assert not Link.objects.exists()
    assert not DemoLetter.objects.exists()
    assert not forget_old(before)


def test_what_is_younger_stays() -> None:
    fill_outbox(7)
    count = Message.objects.count()
    assert MESSAGES.remove(timezone.localdate()).rows == 0
    assert Message.objects.count() == count


def test_nothing_is_left_of_somebody_who_is_erased() -> None:
    for subject in (7, 8):
        keep_wish(subject, Wish.SMS, "fi", UserFactory())
        made = links.make("contact", subject)
        made.link.message = message("queued", recipient_kind=RecipientKind.JOBSEEKER, recipient_id=subject)
        made.link.save()
    same_number = message("sent", recipient_kind=RecipientKind.ACCOUNT, recipient_id=7)

    forget_recipients(RecipientKind.JOBSEEKER, [7])

    assert [one.subject_id for one in ContactWish.objects.all()] == [8]
    assert [one.object_id for one in Link.objects.all()] == [8]
    assert {one.recipient_id for one in Message.objects.exclude(pk=same_number.pk)} == {8}
    assert Message.objects.filter(pk=same_number.pk).exists()
