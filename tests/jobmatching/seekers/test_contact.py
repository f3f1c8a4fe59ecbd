"""How a jobseeker wants to be written to: asked by a link, answered without signing in, noted by staff."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.nightly.tasks import sweep_hidden
from jobmatching.seekers.contact import services
from jobmatching.seekers.contact.services import AskedAlready, NoAddress, NotElectronically, ask, note
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox import delivery
from portal.outbox.adapters import memory
from portal.outbox.enums import AttemptOutcome, LinkState, Wish
from portal.outbox.links import read
from portal.outbox.models import ContactWish, Link, Message
from portal.outbox.services import TransitionNotAllowed, send_again, send_given_up_again
from portal.privacy.access.models import AccessLogEntry
from tests.factories import JobSeekerFactory, LanguageFactory, NamedWorkerFactory, with_role
from tests.messages import message

pytestmark = pytest.mark.django_db

ADDRESS = "aino.salapera@planted.example"
Commit = Callable[..., Any]


@pytest.fixture
def coach() -> User:
    return with_role(Role.CASE_WORKER)


@pytest.fixture
def seeker(coach: User) -> JobSeeker:
    area = coach.memberships.get().area
    made: JobSeeker = JobSeekerFactory(
        area=area, coach=coach, first_name="Aino", last_name="Salaperä", email=ADDRESS, phone="040 123 9876"
    )
    return made


@pytest.fixture
def client(coach: User) -> Client:
    signed_in = Client()
    signed_in.force_login(coach)
    return signed_in


def path_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/vastaa/\S+)", text)
    assert found
    return found[1]


def token_in(text: str) -> str:
    return path_in(text).split("/")[2]


def test_the_whole_way_from_the_button_to_the_answer(
    client: Client, seeker: JobSeeker, django_capture_on_commit_callbacks: Commit
) -> None:
    page = client.get(reverse("seekers:page", args=[seeker.pk])).content.decode()
    assert reverse("seekers:contact_ask", args=[seeker.pk]) in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("seekers:contact_ask", args=[seeker.pk]))
    [sent] = mail.outbox
    assert sent.to == [ADDRESS]
    assert not [part for part in ("Aino", "Salaperä", ADDRESS) if part in sent.subject + sent.body]

    person = Client()
    path = path_in(sent.body)
    assert person.get(path).status_code == 200
    person.post(path, {"wish": "sms", "language": "sv"})
    history = client.get(reverse("seekers:history", args=[seeker.pk])).content.decode()
    assert "työnhakija itse, viestin linkistä" in history.lower()
    assert "kukaan ei kirjautuneena" not in history

    wish = ContactWish.objects.get(subject_id=seeker.pk)
    assert (wish.wish, wish.language, wish.answered_by) == (Wish.SMS, "sv", "mail")
    shown = client.get(reverse("seekers:contact", args=[seeker.pk])).content.decode()
    assert "oma vastaus" in shown
    assert AccessLogEntry.objects.filter(view="seekers:contact", subjects=[seeker.pk]).exists()


def test_by_text_message_where_there_is_no_mail_address(
    seeker: JobSeeker, coach: User, django_capture_on_commit_callbacks: Commit
) -> None:
    JobSeeker.objects.update(email="")
    memory.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        ask(seeker.pk, coach)
    [letter] = memory.outbox
    assert letter.address == "+358401239876"
    assert read(token_in(letter.text), "contact").state is LinkState.OPEN
    assert Link.objects.get().choices == {"channels": ["sms"]}


def test_in_the_language_of_service_or_the_one_chosen_before(seeker: JobSeeker, coach: User) -> None:
    assert ask(seeker.pk, coach).language == "fi"
    JobSeeker.objects.update(service_language=LanguageFactory(code="sv"))
    Link.objects.all().delete()
    assert ask(seeker.pk, coach).language == "sv"
    JobSeeker.objects.update(service_language=LanguageFactory(code="ar"))
    Link.objects.all().delete()
    assert ask(seeker.pk, coach).language == "fi"
    note(seeker.pk, Wish.MAIL, "en", coach)
    Link.objects.all().delete()
    assert ask(seeker.pk, coach).language == "en"


def test_nobody_is_asked_twice_within_a_day_and_a_new_link_closes_the_old_one(
    seeker: JobSeeker, coach: User, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(seeker.pk, coach)
    with pytest.raises(AskedAlready):
        ask(seeker.pk, coach)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        with django_capture_on_commit_callbacks(execute=True):
            ask(seeker.pk, coach)
        first, second = (token_in(one.body) for one in mail.outbox)
        assert read(first, "contact").state is LinkState.REVOKED
        assert read(second, "contact").state is LinkState.OPEN
    assert Message.objects.count() == 2


def test_who_has_no_address_or_wants_no_messages_is_not_asked(seeker: JobSeeker, coach: User) -> None:
    note(seeker.pk, Wish.NONE, "fi", coach)
    with pytest.raises(NotElectronically):
        ask(seeker.pk, coach)
    ContactWish.objects.all().delete()
    JobSeeker.objects.update(email="", phone="unknown")
    with pytest.raises(NoAddress):
        ask(seeker.pk, coach)
    JobSeeker.objects.update(phone="0401239876")
    with override_settings(OUTBOX_SMS_ADAPTER=""), pytest.raises(NoAddress):
        ask(seeker.pk, coach)
    assert not Message.objects.exists()
    assert not Link.objects.exists()


def test_what_staff_note_closes_an_open_question(
    client: Client, seeker: JobSeeker, coach: User, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(seeker.pk, coach)
    client.post(reverse("seekers:contact", args=[seeker.pk]), {"wish": "none", "language": "sv"})
    wish = ContactWish.objects.get()
    assert (wish.wish, wish.changed_by, wish.answered_at) == (Wish.NONE, coach, None)
    assert read(token_in(mail.outbox[0].body), "contact").state is LinkState.REVOKED


def test_somebody_under_non_disclosure_gets_no_messages(
    client: Client, seeker: JobSeeker, coach: User, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks():
        ask(seeker.pk, coach)
    NamedWorkerFactory(seeker=seeker, user=coach)
    JobSeeker.objects.update(non_disclosure=True)
    services.stop_messages_to_hidden()

    assert Message.objects.get().state == "withdrawn"
    assert Link.objects.get().revoked_at is not None
    with pytest.raises(NotElectronically):
        ask(seeker.pk, coach)
    page = client.get(reverse("seekers:contact", args=[seeker.pk])).content.decode()
    assert reverse("seekers:contact_ask", args=[seeker.pk]) not in page
    client.post(reverse("seekers:contact_ask", args=[seeker.pk]))
    assert Message.objects.count() == 1


@pytest.mark.parametrize("state", ["queued", "failed", "given_up", "uncertain"])
def test_whatever_may_still_be_sent_to_the_hidden_is_withdrawn(seeker: JobSeeker, state: str) -> None:
    one = message(state, recipient_kind="jobseeker", recipient_id=seeker.pk)
    JobSeeker.objects.update(non_disclosure=True)
    services.stop_messages_to_hidden()
    one.refresh_from_db()
    assert one.state == "withdrawn"


def test_one_message_taken_meanwhile_keeps_neither_the_others_nor_the_links(
    seeker: JobSeeker, coach: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(seeker.pk, coach)
    other = message(recipient_kind="jobseeker", recipient_id=seeker.pk)
    JobSeeker.objects.update(non_disclosure=True)
    plain = services.withdraw

    def taken_first(pk: int, **told: Any) -> Message:
        if pk == asked.pk:
            Message.objects.filter(pk=pk).update(state="sending", claim=uuid4(), claimed_at=timezone.now())
        return plain(pk, **told)

    monkeypatch.setattr(services, "withdraw", taken_first)
    services.stop_messages_to_hidden()

    assert Message.objects.get(pk=other.pk).state == "withdrawn"
    assert Message.objects.get(pk=asked.pk).state == "sending"
    assert Link.objects.get().revoked_at is not None


def test_the_outbox_asks_before_it_sends_and_before_it_sends_again(seeker: JobSeeker) -> None:
    waits = message(recipient_kind="jobseeker", recipient_id=seeker.pk)
    given_up = message("given_up", recipient_kind="jobseeker", recipient_id=seeker.pk)
    uncertain = message("uncertain", recipient_kind="jobseeker", recipient_id=seeker.pk)
    elsewhere = message("given_up")
    JobSeeker.objects.update(non_disclosure=True)
    administrator = with_role(Role.ADMINISTRATOR)

    assert delivery.send_batch(timezone.now()) == 1
    assert not mail.outbox
    waits.refresh_from_db()
    assert (waits.state, waits.answer) == ("withdrawn", "not to be sent any more")
    assert waits.tries.get().asked_at is None
    for one in (given_up, uncertain):
        with pytest.raises(TransitionNotAllowed):
            send_again(one.pk, by=administrator)
    assert send_given_up_again(by=administrator) == 1
    assert Message.objects.get(pk=given_up.pk).state == "withdrawn"
    assert Message.objects.get(pk=elsewhere.pk).state == "queued"


def test_what_was_being_sent_and_failed_is_not_tried_again(seeker: JobSeeker) -> None:
    one = message(recipient_kind="jobseeker", recipient_id=seeker.pk)
    (claimed,) = delivery.claim(timezone.now())
    assert delivery.ask(claimed.attempt, timezone.now()) is not None
    JobSeeker.objects.update(non_disclosure=True)
    services.stop_messages_to_hidden()
    delivery.record(claimed.attempt, AttemptOutcome.NOT_NOW, "mail", "451")
    one.refresh_from_db()
    assert one.state == "failed"

    sweep_hidden()

    one.refresh_from_db()
    assert one.state == "withdrawn"


def test_only_those_who_may_see_the_person_can_ask(seeker: JobSeeker) -> None:
    stranger = Client()
    stranger.force_login(with_role(Role.CASE_WORKER))
    for name in ("seekers:contact", "seekers:contact_ask"):
        assert stranger.post(reverse(name, args=[seeker.pk]), {"wish": "sms", "language": "fi"}).status_code == 404
    assert not Message.objects.exists()
    assert not ContactWish.objects.exists()
