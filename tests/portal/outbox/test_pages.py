"""The pages about messages: what administrators see and decide, what users choose, what the demo shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox import tasks
from portal.outbox.enums import MessageState, RecipientKind
from portal.outbox.kinds import KINDS
from portal.outbox.models import DemoLetter, Message, SilencedKind
from portal.outbox.preferences import choose_kinds, offered_kinds, silence, wanted_kinds
from portal.outbox.services import Recipient, send
from tests.factories import UserFactory, with_role
from tests.messages import message
from tests.portal.outbox.letters import PLANTED, context_of
from tests.portal.outbox.providers import Provider, refuse

pytestmark = pytest.mark.django_db

LIST = "/lahtevat/"
ADDRESS = "aino.salapera@planted.example"


@pytest.fixture
def administrator() -> User:
    return with_role(Role.ADMINISTRATOR, is_staff=True)


@pytest.fixture
def client(administrator: User) -> Client:
    signed_in = Client()
    signed_in.force_login(administrator)
    return signed_in


def planted(state: str = "given_up", **fields: Any) -> Message:
    """A message full of somebody's data."""
    person = {"address": ADDRESS, "subject": " ".join(PLANTED), "text": " ".join(PLANTED), "html": " ".join(PLANTED)}
    about = {"recipient_kind": RecipientKind.JOBSEEKER, "recipient_id": 424242, "object_id": 535353}
    return message(state, **person | about | fields)


# --- What is shown ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", MessageState.values)
def test_no_page_and_no_file_shows_what_a_message_says_or_whom_it_is_about(client: Client, state: str) -> None:
    one = planted(state)
    pages = [LIST, f"{LIST}{one.pk}/", f"{LIST}{one.pk}/uudelleen/", f"{LIST}{one.pk}/peruuta/", f"{LIST}vienti/"]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        told = answer.content.decode()
        assert "a•••@p•••.example" in told
        assert not [part for part in (*PLANTED, "424242", "535353", one.key) if part in told], page


def test_filters_stand_in_the_address_and_narrow_the_list(client: Client) -> None:
    planted("given_up")
    planted("given_up", kind="new_device")
    planted("sent", channel="sms", address="+358401239876")
    old = planted("given_up")
    Message.objects.filter(pk=old.pk).update(created_at="2026-01-05T22:30:00Z")  # the 6th in Finland

    def found(query: str) -> int:
        count: int = client.get(LIST + query).context["page_obj"].paginator.count
        return count

    assert found("") == 4
    assert found("?state=given_up") == 3
    assert found("?state=given_up&kind=new_device") == 1
    assert found("?state=given_up&state=sent") == 4
    assert found("?channel=sms") == 1
    assert found("?day=2026-01-06") == 1
    assert found("?day=2026-01-05") == 0
    assert found("?day=yesterday&state=nonsense") in (0, 4)  # what is no filter breaks nothing
    told = client.get(f"{LIST}?state=given_up").content.decode()
    assert "k-chip" in told


def test_the_list_counts_what_somebody_has_to_look_at(client: Client) -> None:
    for state in ("given_up", "given_up", "uncertain", "failed", "queued", "sent"):
        planted(state)
    counts = {tile.url: tile.count for tile in client.get(LIST).context["tiles"]}
    assert counts == {
        "?state=given_up": 2,
        "?state=uncertain": 1,
        "?state=failed": 1,
        "?state=queued": 1,
        "?state=sent": 1,
    }


def test_the_file_follows_the_filter(client: Client) -> None:
    planted("given_up", answer="=cmd()")
    planted("sent")
    lines = client.get(f"{LIST}vienti/?state=given_up").content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 2
    assert ";=cmd" not in lines[1]  # a spreadsheet runs nothing


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_sees_messages(role: Role) -> None:
    user = with_role(role)
    message()
    assert not Message.objects.visible_to(user)
    other = Client()
    other.force_login(user)
    assert other.get(LIST).status_code == 403


# --- What is decided -------------------------------------------------------------------------------------------------
def test_what_was_given_up_can_be_sent_again(client: Client, administrator: User, provider: Provider) -> None:
    provider.before = refuse
    one = send("password_reset", Recipient.address(ADDRESS), context_of(KINDS["password_reset"]), "fi", "one")
    tasks.send_waiting()
    provider.before = lambda: None
    answer = client.post(f"{LIST}{one.pk}/uudelleen/", follow=True)
    assert answer.status_code == 200
    tasks.send_waiting()
    one.refresh_from_db()
    assert (one.state, len(provider.taken)) == (MessageState.SENT, 1)
    assert one.transitions.get(target="queued").by == administrator


@pytest.mark.parametrize("state", ["sent", "sending", "withdrawn"])
@pytest.mark.parametrize("step", ["uudelleen", "peruuta", "perilla"])
def test_what_is_sent_or_being_sent_stays_as_it_is_whatever_is_posted(client: Client, state: str, step: str) -> None:
    one = planted(state)
    answer = client.post(f"{LIST}{one.pk}/{step}/", {"reason": "x"}, follow=True)
    assert answer.status_code == 200
    one.refresh_from_db()
    assert one.state == state
    page = client.get(f"{LIST}{one.pk}/").content.decode()
    for way in ("uudelleen", "peruuta", "perilla"):
        assert f"/{way}/" not in page


def test_all_that_was_given_up_can_be_sent_again_but_not_what_is_uncertain(client: Client) -> None:
    given_up = [planted("given_up").pk for _one in range(3)]
    nowhere = planted("given_up", address="")
    uncertain = planted("uncertain")
    assert client.get(f"{LIST}uudelleen/").context["count"] == 3
    client.post(f"{LIST}uudelleen/")
    assert set(Message.objects.waiting().values_list("pk", flat=True).order_by("pk")) == set(given_up)
    for left in (nowhere, uncertain):
        before = left.state
        left.refresh_from_db()
        assert left.state == before


def test_a_withdrawal_keeps_who_and_why(client: Client, administrator: User) -> None:
    one = planted("queued")
    client.post(f"{LIST}{one.pk}/peruuta/", {"reason": "sent to a wrong list"})
    one.refresh_from_db()
    kept = one.transitions.get()
    assert (one.state, kept.by, kept.reason) == (MessageState.WITHDRAWN, administrator, "sent to a wrong list")


# --- What users choose -----------------------------------------------------------------------------------------------
def test_a_user_chooses_language_and_kinds(client: Client, administrator: User) -> None:
    assert wanted_kinds(administrator) == ["night_failed"]
    answer = client.post(reverse("outbox:preferences"), {"language": "sv"})
    administrator.refresh_from_db()
    assert administrator.language == "sv"
    assert answer.cookies["django_language"].value == "sv"
    assert wanted_kinds(administrator) == []
    client.post(reverse("outbox:preferences"), {"language": "fi", "kinds": ["night_failed"]})
    assert wanted_kinds(administrator) == ["night_failed"]
    assert not SilencedKind.objects.exists()


def test_what_is_not_offered_cannot_be_chosen(client: Client, administrator: User) -> None:
    coach = with_role(Role.CASE_WORKER)
    assert offered_kinds(coach) == []
    other = Client()
    other.force_login(coach)
    assert other.post(reverse("outbox:preferences"), {"language": "en"}).status_code == 302
    assert (
        client.post(reverse("outbox:preferences"), {"language": "fi", "kinds": ["password_changed"]}).status_code == 200
    )
    choose_kinds(coach, ["night_failed"])
    assert not SilencedKind.objects.exists()
    with pytest.raises(ValueError, match="left out"):
        silence(coach.pk, "password_changed")


def test_the_account_menu_leads_to_the_page(client: Client) -> None:
    assert reverse("outbox:preferences") in client.get(LIST).content.decode()


# --- The demo --------------------------------------------------------------------------------------------------------
DEMO = {
    "OUTBOX_MAIL_ADAPTER": "portal.outbox.adapters.demo.DemoMailbox",
    "OUTBOX_SMS_ADAPTER": "portal.outbox.adapters.demo.DemoTelephone",
}


@override_settings(**DEMO)
def test_in_the_demo_letters_can_be_read_and_their_links_followed(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    kind = KINDS["contact_question"]
    with django_capture_on_commit_callbacks(execute=True):
        send(kind.code, Recipient.jobseeker(1, ADDRESS, ""), context_of(kind), "fi", "mail")
        send(kind.code, Recipient.jobseeker(2, "", "0401239876"), context_of(kind), "fi", "sms")
    visitor = Client()
    page = visitor.get(reverse("outbox:mailbox")).content.decode()
    assert ADDRESS in page
    assert "+358401239876" in page
    by_mail = DemoLetter.objects.get(channel="mail")
    letter = visitor.get(reverse("outbox:letter", args=[by_mail.pk])).content.decode()
    assert 'href="https://portal.example/vastaa/TOKEN-THAT-OPENS-IT/?a=1&amp;b=2"' in letter
    drawn = visitor.get(reverse("outbox:letter_html", args=[by_mail.pk]))
    policy = drawn["Content-Security-Policy"]
    assert re.search(r"style-src 'sha256-[\w+/=]{44}'(;|$)", policy)
    assert "unsafe" not in policy
    assert (
        visitor.get(reverse("outbox:letter_html", args=[DemoLetter.objects.get(channel="sms").pk])).status_code == 404
    )


@override_settings(**DEMO, DEMO_ACCOUNTS=False)
def test_outside_the_demo_there_is_no_mailbox_and_nothing_goes_there(client: Client) -> None:
    letter = DemoLetter.objects.create(channel="mail", address=ADDRESS, language="fi", text="x", html="<p>x</p>")
    for page in (
        reverse("outbox:mailbox"),
        reverse("outbox:letter", args=[letter.pk]),
        reverse("outbox:letter_html", args=[letter.pk]),
    ):
        assert client.get(page).status_code == 404
    one = send("password_reset", Recipient.address(ADDRESS), context_of(KINDS["password_reset"]), "fi", "one")
    tasks.send_waiting()
    one.refresh_from_db()
    assert one.state == MessageState.GIVEN_UP
    assert DemoLetter.objects.count() == 1
    assert "outbox.E002" in {problem.id for problem in run_checks()}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"OUTBOX_MAIL_ADAPTER": ""}, "outbox.E005"),
        ({"OUTBOX_MAIL_ADAPTER": "portal.outbox.adapters.nowhere.Adapter"}, "outbox.E001"),
        ({"OUTBOX_SMS_ADAPTER": "portal.outbox.adapters.sms.HttpSmsAdapter", "SMS_URL": "http://x"}, "outbox.E003"),
        ({"OUTBOX_SMS_ADAPTER": "portal.outbox.adapters.sms.HttpSmsAdapter", "SMS_URL": "https://x"}, "outbox.E004"),
    ],
    ids=str,
)
def test_wrong_settings_are_told_at_the_start(changes: dict[str, str], problem: str) -> None:
    assert not [one.id for one in run_checks() if str(one.id).startswith("outbox.")]
    with override_settings(**changes):
        assert problem in {one.id for one in run_checks()}


def test_a_user_who_is_deleted_leaves_no_choices() -> None:
    user = UserFactory()
    silence(user.pk, "night_failed")
    user.delete()
    assert not SilencedKind.objects.exists()
