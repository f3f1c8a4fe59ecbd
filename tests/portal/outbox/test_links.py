"""Links by which people without an account answer: what opens them, what does not, and what looking at them does."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.outbox import links
from portal.outbox.enums import Channel, LinkState, Wish
from portal.outbox.links import LinkNotOpen, MadeLink
from portal.outbox.models import ContactWish, Link, SilencedKind
from portal.outbox.purposes import PURPOSES
from portal.ui.limits import Limit
from tests.factories import UserFactory
from tests.messages import message

pytestmark = pytest.mark.django_db

SUBJECT = 4711
ANSWER = {"wish": "sms", "language": "sv"}


def make(**changes: Any) -> MadeLink:
    given = {"choices": {"channels": ["mail", "sms"]}, "language": "fi", **changes}
    return links.make("contact", SUBJECT, **given)


def address(token: str) -> str:
    return reverse("outbox:contact_answer", args=[token])


@pytest.fixture
def client() -> Client:
    """Somebody with a browser that keeps no cookies and is asked for none."""
    return Client(enforce_csrf_checks=True)


# --- Tokens ----------------------------------------------------------------------------------------------------------
def test_a_link_is_read_and_used_once() -> None:
    made = make()
    assert links.read(made.token, "contact").state is LinkState.OPEN
    used = links.use(made.token, "contact")
    assert (used.object_id, used.uses) == (SUBJECT, 1)
    assert links.read(made.token, "contact").state is LinkState.USED
    with pytest.raises(LinkNotOpen) as refused:
        links.use(made.token, "contact")
    assert refused.value.state is LinkState.USED


def test_reading_changes_nothing() -> None:
    made = make()
    before = Link.objects.values().get()
    for _time in range(5):
        links.read(made.token, "contact")
    assert Link.objects.values().get() == before


def test_every_changed_letter_makes_a_token_unknown() -> None:
    made = make()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, letter in enumerate(made.token):
        other = letters[(letters.index(letter) + 1) % len(letters)]
        changed = made.token[:place] + other + made.token[place + 1 :]
        assert links.read(changed, "contact").state is LinkState.UNKNOWN, place
    assert links.read(made.token, "contact").state is LinkState.OPEN


@pytest.mark.parametrize(
    "token",
    ["", "x", "x" * 53, "x" * 55, "A" * 54, "ä" * 54, "=" * 54, "../" * 18, "%00" * 18, "x" * 10_000],
    ids=lambda token: f"{token[:6]!r} x{len(token)}",
)
def test_what_is_no_token_asks_the_database_nothing(token: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert links.read(token, "contact").state is LinkState.UNKNOWN
    with pytest.raises(LinkNotOpen):
        links.use(token, "contact")


def test_a_token_has_one_spelling() -> None:
    made = make()
    raw = base64.urlsafe_b64decode(made.token + "==")
    assert links.read(base64.b64encode(raw).decode(), "contact").state is LinkState.UNKNOWN
    assert links.read(made.token + "==", "contact").state is LinkState.UNKNOWN
    assert links.read(made.token + "\n", "contact").state is LinkState.UNKNOWN


def test_a_token_is_good_for_its_own_purpose_alone() -> None:
    made = make()
    assert links.read(made.token, "unsubscribe").state is LinkState.UNKNOWN
    with pytest.raises(LinkNotOpen):
        links.use(made.token, "unsubscribe")
    # Nor does it help to change the purpose of the row: the signature holds it.
    Link.objects.update(purpose="unsubscribe")
    assert links.read(made.token, "unsubscribe").state is LinkState.UNKNOWN


def test_a_row_slipped_into_the_database_opens_nothing() -> None:
    import hashlib

    forged = "A" * 54
    Link.objects.create(
        purpose="contact",
        object_id=1,
        digest=hashlib.sha256(forged.encode()).hexdigest(),
        language="fi",
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert links.read(forged, "contact").state is LinkState.UNKNOWN


def test_with_another_secret_key_no_link_opens_unless_the_old_one_is_still_known() -> None:
    made = make()
    with override_settings(SECRET_KEY="another"):
        assert links.read(made.token, "contact").state is LinkState.UNKNOWN
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["test-secret-key-not-used-anywhere-else"]):
        assert links.read(made.token, "contact").state is LinkState.OPEN


def test_the_token_stands_nowhere_in_the_database() -> None:
    made = make()
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_link::text FROM outbox_link")
        row = cursor.fetchone()[0]
    assert made.token not in row
    assert made.token not in repr(made)
    assert made.token not in str(made.link.__dict__)
    assert len(made.token) == 54
    assert make().token != made.token


def test_a_link_expires() -> None:
    made = make(expires=timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert links.read(made.token, "contact").state is LinkState.OPEN
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert links.read(made.token, "contact").state is LinkState.EXPIRED
        with pytest.raises(LinkNotOpen):
            links.use(made.token, "contact")


def test_links_close_when_the_matter_ends() -> None:
    open_ones = [make(), make()]
    used = make()
    links.use(used.token, "contact")
    another = links.make("contact", SUBJECT + 1)
    assert links.revoke("contact", SUBJECT) == 2
    for made in open_ones:
        assert links.read(made.token, "contact").state is LinkState.REVOKED
        with pytest.raises(LinkNotOpen):
            links.use(made.token, "contact")
    assert links.read(used.token, "contact").state is LinkState.USED  # who answered sees that they did
    assert links.read(another.token, "contact").state is LinkState.OPEN


def test_a_link_for_many_answers_stays_open() -> None:
    made = links.make("unsubscribe", UserFactory().pk, choices={"kind": "night_failed"})
    for number in range(1, 4):
        assert links.use(made.token, "unsubscribe").uses == number


def test_every_purpose_has_a_page() -> None:
    for purpose in PURPOSES.values():
        assert reverse(purpose.url_name, args=["x"])


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_looking_answers_nothing_and_a_post_does(client: Client) -> None:
    made = make()
    made.link.message = message("sent", address="aino.salapera@planted.example")
    made.link.save()
    for method in (client.get, client.head, client.get):
        page = method(address(made.token))
        assert page.status_code == 200
    assert "a•••@p•••.example" in page.content.decode()
    assert "salapera" not in page.content.decode()
    assert not ContactWish.objects.exists()

    answer = client.post(address(made.token), ANSWER)
    assert answer.status_code == 302
    wish = ContactWish.objects.get()
    assert (wish.subject_id, wish.wish, wish.language) == (SUBJECT, Wish.SMS, "sv")
    assert (wish.answered_by, wish.changed_by) == (Channel.MAIL, None)
    assert wish.answered_at is not None

    thanks = client.get(answer["Location"])
    assert thanks.status_code == 200
    assert "Tack" in thanks.content.decode()  # in the language that the person has chosen


def test_the_second_answer_changes_nothing(client: Client) -> None:
    made = make()
    client.post(address(made.token), ANSWER)
    again = client.post(address(made.token), {"wish": "none", "language": "en"})
    assert again.status_code == 200
    assert ContactWish.objects.get().wish == Wish.SMS


def test_an_answer_that_is_none_is_asked_for_again(client: Client) -> None:
    made = make(choices={"channels": ["mail"]})
    for wrong in ({}, {"wish": "sms", "language": "fi"}, {"wish": "mail", "language": "xx"}):
        page = client.post(address(made.token), wrong)
        assert page.status_code == 200
        assert "k-errors" in page.content.decode()
    assert not ContactWish.objects.exists()
    assert links.read(made.token, "contact").state is LinkState.OPEN


@pytest.mark.parametrize(("state", "status"), [("used", 200), ("expired", 410), ("revoked", 410), ("unknown", 404)])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_closed_link_says_why_in_the_language_of_the_message(
    client: Client, state: str, status: int, language: str
) -> None:
    made = make(language=language)
    if state == "used":
        links.use(made.token, "contact")
    elif state == "revoked":
        links.revoke("contact", SUBJECT)
    elif state == "expired":
        Link.objects.update(created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())
    token = "A" * 54 if state == "unknown" else made.token
    query = f"?kieli={language}" if state == "unknown" else ""
    for answer in (client.get(address(token) + query), client.post(address(token) + query, ANSWER)):
        assert answer.status_code == status
        assert f'<html lang="{language}">' in answer.content.decode()
    assert not ContactWish.objects.exists()
    words = {
        "used": ("Kiitos", "Tack", "Thank you"),
        "expired": ("vanhentunut", "för gammal", "too old"),
        "revoked": ("ei ole enää käytössä", "används inte längre", "no longer in use"),
        "unknown": ("Emme tunne", "känner inte igen", "do not know"),
    }[state]
    assert words[("fi", "sv", "en").index(language)] in answer.content.decode()


def test_the_reader_can_choose_another_language(client: Client) -> None:
    made = make(language="fi")
    assert '<html lang="fi">' in client.get(address(made.token)).content.decode()
    page = client.get(address(made.token) + "?kieli=en")
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize("known", [True, False])
def test_the_address_of_the_page_goes_nowhere_else(client: Client, known: bool) -> None:
    answer = client.get(address(make().token if known else "A" * 54))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert not answer.cookies  # the token in the address is all that counts


def test_who_is_signed_in_answers_for_nobody_else(client: Client) -> None:
    client.force_login(UserFactory())
    made = make()
    assert client.post(address(made.token), ANSWER).status_code == 302
    assert ContactWish.objects.get().changed_by is None


def test_guessing_is_slowed_down_and_those_with_a_link_are_not_kept_out(client: Client) -> None:
    for _guess in range(Limit.UNKNOWN_LINK.value.most):
        assert client.get(address("A" * 54)).status_code == 404
    stopped = client.get(address("A" * 54))
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    assert '<html lang="fi">' in stopped.content.decode()
    # From the same network: a library, say.
    assert client.get(address(make().token)).status_code == 200
    elsewhere = Client(REMOTE_ADDR="192.0.2.200")
    assert elsewhere.get(address("A" * 54)).status_code == 404


def test_opening_links_without_end_is_slowed_down(client: Client) -> None:
    made = make()
    statuses = {client.get(address(made.token)).status_code for _time in range(Limit.LINK.value.most)}
    assert statuses == {200}
    assert client.get(address(made.token)).status_code == 429
    assert client.post(address(made.token), ANSWER).status_code == 429
    cache.clear()
    assert client.post(address(made.token), ANSWER).status_code == 302


def test_no_token_stands_in_what_is_logged_of_a_closed_link(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    made = make()
    client.get(address(made.token))
    client.post(address(made.token), ANSWER)
    client.get(address(made.token))
    assert made.token not in caplog.text


# --- No more messages of a kind --------------------------------------------------------------------------------------
def unsubscribe_link(kind: str = "night_failed") -> tuple[int, str]:
    user = UserFactory()
    made = links.make("unsubscribe", user.pk, choices={"kind": kind})
    return user.pk, reverse("outbox:unsubscribe", args=[made.token])


def test_one_click_of_the_mail_program_ends_the_messages(client: Client) -> None:
    user, path = unsubscribe_link()
    assert client.get(path).status_code == 200
    assert not SilencedKind.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(SilencedKind.objects.values_list("user", "kind").order_by("pk")) == [(user, "night_failed")]
    again = client.post(path, {"do": "again"})
    assert again.status_code == 200
    assert not SilencedKind.objects.exists()


def test_a_kind_that_everybody_gets_cannot_be_ended_by_a_link(client: Client) -> None:
    _user, path = unsubscribe_link("password_changed")
    assert client.post(path).status_code == 410
    assert not SilencedKind.objects.exists()
