"""What the adapters make of what providers do: taken, not now, refused, or nobody knows."""

import json
import threading
import time
from collections.abc import Iterator
from email import message_from_string
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from portal.outbox import delivery, tasks
from portal.outbox.adapters import Answer, Letter, NotNow, Refused
from portal.outbox.adapters import sms as sms_module
from portal.outbox.adapters.mail import MailAdapter
from portal.outbox.adapters.sms import HttpSmsAdapter
from portal.outbox.addresses import masked, normal_mail, normal_phone, without_addresses
from portal.outbox.enums import MessageState
from portal.outbox.kinds import KINDS
from portal.outbox.models import Message
from portal.outbox.services import Recipient, send
from tests.portal.outbox.letters import context_of
from tests.portal.outbox.mail_server import MailServer, mail_server

ADDRESS = "aino.salapera@planted.example"
LETTER = Letter("kind.1", ADDRESS, "fi", "Miten saamme viestiä sinulle?", "Hyvää päivää\n", "<p>Hyvää päivää</p>")


# --- Mail ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        smtp = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": running.port,
            "EMAIL_TIMEOUT": 2,
            "DEFAULT_FROM_EMAIL": "Kohtaanto <viestit@kohtaanto.example>",
        }
        with override_settings(**smtp):
            yield running


@pytest.fixture
def adapter(server: MailServer) -> Iterator[MailAdapter]:
    made = MailAdapter()
    yield made
    made.close()


def test_the_servers_answer_comes_back(server: MailServer, adapter: MailAdapter) -> None:
    assert adapter.send(LETTER) == Answer("250 2.0.0 queued as Q1")
    sent = message_from_string(server.mails[0])
    assert str(make_header(decode_header(sent["Subject"]))) == LETTER.subject
    assert sent["Message-ID"] == "<kind.1@kohtaanto.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_batch_uses_one_connection(server: MailServer, adapter: MailAdapter) -> None:
    for number in range(3):
        assert adapter.send(LETTER).text == f"250 2.0.0 queued as Q{number + 1}"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", f"550 5.1.1 <{ADDRESS}>: no such user", Refused),
        ("RCPT", f"451 4.2.1 <{ADDRESS}>: mailbox busy", NotNow),
        ("MAIL", "421 4.3.2 going down", NotNow),
        ("MAIL", "553 5.1.8 sender not allowed", Refused),
        ("DATA", "451 4.3.0 later", NotNow),
        (".", "552 5.3.4 too big", Refused),
        (".", "452 4.3.1 no space", NotNow),
    ],
)
def test_a_clear_no_is_taken_as_one(
    server: MailServer, adapter: MailAdapter, command: str, answer: str, outcome: type[Exception]
) -> None:
    server.answers[command] = answer
    with pytest.raises(outcome) as told:
        adapter.send(LETTER)
    assert str(told.value) == answer


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_up_before_the_text_has_taken_nothing(
    server: MailServer, adapter: MailAdapter, command: str
) -> None:
    server.hangs_up_at = command
    with pytest.raises(NotNow):
        adapter.send(LETTER)
    server.hangs_up_at = ""
    assert adapter.send(LETTER).text.startswith("250")  # over a new connection
    assert len(server.mails) == 1


def test_of_a_server_that_hangs_up_after_the_text_nobody_knows(server: MailServer, adapter: MailAdapter) -> None:
    server.hangs_up_at = "."
    with pytest.raises(Exception) as told:  # noqa: PT011  whatever it is, it is neither of the two below
        adapter.send(LETTER)
    assert not isinstance(told.value, (NotNow, Refused))


def test_a_server_that_is_not_there_has_taken_nothing(adapter: MailAdapter) -> None:
    with override_settings(EMAIL_PORT=1), pytest.raises(NotNow) as told:
        adapter.send(LETTER)
    assert str(told.value) == "ConnectionRefusedError"


@pytest.mark.django_db
def test_the_whole_way_with_a_server_that_stumbles(server: MailServer) -> None:
    kind = KINDS["password_reset"]
    for number in range(3):
        send(kind.code, Recipient.address(ADDRESS), context_of(kind), "fi", f"m{number}")
    server.answers["RCPT"] = f"451 <{ADDRESS}> later"
    tasks.send_waiting()
    assert not server.mails
    server.answers.clear()
    Message.objects.update(next_try_at=timezone.now())
    tasks.send_waiting()
    tasks.send_waiting()
    assert len(server.mails) == 3
    states = set(Message.objects.values_list("state", "answer").order_by("pk"))
    assert states == {(MessageState.SENT, f"250 2.0.0 queued as Q{number}") for number in (1, 2, 3)}


# --- Text messages ---------------------------------------------------------------------------------------------------
class SmsProvider(BaseHTTPRequestHandler):
    """Answers as the test says, and remembers what it was asked."""

    status = 200
    body: Any = {"message": {"id": "no"}, "id": "sms-77"}
    asked: list[tuple[dict[str, str], dict[str, str]]]
    thinks_s = 0.0
    headers_sent: dict[str, str]

    def do_POST(self) -> None:
        kind = type(self)
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind.asked.append((dict(self.headers), given))
        time.sleep(kind.thinks_s)
        if kind.status == 0:
            self.connection.close()
            return
        self.send_response(kind.status)
        for name, value in kind.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(kind.body).encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def sms_provider() -> Iterator[type[SmsProvider]]:
    kind = type("Provider", (SmsProvider,), {"asked": [], "headers_sent": {}})
    with HTTPServer(("127.0.0.1", 0), kind) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        with override_settings(
            SMS_URL=f"http://127.0.0.1:{running.server_port}/send",
            SMS_TOKEN="secret",
            SMS_SENDER="Kohtaanto",
            SMS_FIELDS={"to": "recipient"},
            SMS_ID_FIELD="id",
        ):
            yield kind
        running.shutdown()
        thread.join(5)


SMS = Letter("kind.7", "+358401239876", "fi", "", "Vastaa: https://portal.example/vastaa/x/")


def test_a_text_message_goes_with_the_names_of_the_provider(sms_provider: type[SmsProvider]) -> None:
    assert HttpSmsAdapter().send(SMS) == Answer("200 OK", "sms-77")
    [(headers, given)] = sms_provider.asked
    assert given == {"from": "Kohtaanto", "recipient": SMS.address, "text": SMS.text, "reference": "kind.7"}
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == "kind.7"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Refused),
        (401, Refused),
        (422, Refused),
        (408, NotNow),
        (429, NotNow),
        (503, NotNow),
        (302, Refused),
    ],
)
def test_what_a_status_says(sms_provider: type[SmsProvider], status: int, outcome: type[Exception]) -> None:
    sms_provider.status = status
    sms_provider.headers_sent = {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(outcome):
        HttpSmsAdapter().send(SMS)
    assert len(sms_provider.asked) == 1  # the token and the text follow no redirect


@pytest.mark.parametrize("status", [500, 502, 504, 0])
def test_a_provider_that_breaks_down_may_have_sent_it(sms_provider: type[SmsProvider], status: int) -> None:
    sms_provider.status = status
    with pytest.raises(Exception) as told:  # noqa: PT011  whatever it is, it is neither of the two below
        HttpSmsAdapter().send(SMS)
    assert not isinstance(told.value, (NotNow, Refused))


def test_a_provider_that_does_not_answer_may_have_sent_it(
    sms_provider: type[SmsProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_module, "TIMEOUT_S", 0.2)
    sms_provider.thinks_s = 0.6
    with pytest.raises(TimeoutError):
        HttpSmsAdapter().send(SMS)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://nowhere.invalid/"])
def test_a_provider_that_is_not_there_has_sent_nothing(sms_provider: type[SmsProvider], address: str) -> None:
    with override_settings(SMS_URL=address), pytest.raises(NotNow):
        HttpSmsAdapter().send(SMS)


def test_an_answer_that_is_no_json_is_no_trouble(sms_provider: type[SmsProvider]) -> None:
    sms_provider.body = ["ok"]
    assert HttpSmsAdapter().send(SMS).provider_id == ""


def test_a_letter_shows_nothing_of_itself() -> None:
    assert ADDRESS not in repr(LETTER)
    assert "Hyvää" not in repr(LETTER)


# --- Addresses -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("040 123 9876", "+358401239876"),
        ("(040) 123-9876", "+358401239876"),
        ("+358 40 1239876", "+358401239876"),
        ("0046 70 123 45 67", "+46701234567"),
        ("+46 70-123 45 67", "+46701234567"),
        ("", ""),
        ("ei ole", ""),
        ("12", ""),
        ("+0401239876", ""),
        ("040 123 9876 / 050 111 2222", ""),
        ("040123987600000000000", ""),
    ],
)
def test_telephone_numbers(written: str, normal: str) -> None:
    assert normal_phone(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" aino@x.example ", "aino@x.example"),
        ("aino", ""),
        ("a@b", ""),
        ("a b@x.example", ""),
        ("a@x.example\nBcc: y@z.fi", ""),
    ],
)
def test_mail_addresses(written: str, normal: str) -> None:
    assert normal_mail(written) == normal


def test_masked_addresses_tell_little() -> None:
    assert masked("aino.salapera@planted.example") == "a•••@p•••.example"
    assert masked("+358401239876") == "+358 ••• 76"
    assert masked("") == ""


def test_answers_are_kept_without_addresses() -> None:
    told = "550 <aino.salapera@planted.example>:\r\n no user; call +358 40 123 9876 or 040-1239876"
    assert without_addresses(told) == "550 <•••>: no user; call ••• or •••"
    assert without_addresses("250 2.0.0 Ok: queued as 4XyZ12") == "250 2.0.0 Ok: queued as 4XyZ12"
    assert len(without_addresses("x" * 2000)) == 500


def test_waits_fit_into_the_claim() -> None:
    assert delivery.CLAIM_FOR.total_seconds() > sms_module.TIMEOUT_S
