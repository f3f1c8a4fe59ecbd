"""What opens something stands in no line of the log: tokens of links, keys of mails, codes of sign-in."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from portal.outbox import links
from portal.outbox.purposes import CONTACT, UNSUBSCRIBE
from portal.runs.logs import LineFormatter, without_secrets
from portal.ui.limits import LimitsMiddleware
from tests.addresses import addresses
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SECRET_PARTS = {"token", "key", "uidb36"}
OPEN_KEYS = {"seekers:non_disclosure_name"}
"""Addresses in which something is called a key that opens nothing."""


def _reset() -> tuple[str, list[str]]:
    user = UserFactory()
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key]), [key]


def _confirmation() -> tuple[str, list[str]]:
    user = UserFactory()
    key = EmailConfirmationHMAC(EmailAddress.objects.create(user=user, email=user.email)).key
    return reverse("account_confirm_email", args=[key]), [key, key.rpartition(":")[2]]


def _link(name: str, token: str) -> tuple[str, list[str]]:
    return reverse(name, args=[token]), [token]


def _invitation() -> tuple[str, list[str]]:
    token = signing.dumps([1, "x" * 43], salt="portal.accounts.invitations")
    return _link("accounts:invited", token)


WITH_SECRETS: dict[str, Callable[[], tuple[str, list[str]]]] = {
    "account_reset_password_from_key": _reset,
    "account_confirm_email": _confirmation,
    "accounts:invited": _invitation,
    "outbox:contact_answer": lambda: _link("outbox:contact_answer", links.make(CONTACT, 1).token),
    "outbox:unsubscribe": lambda: _link("outbox:unsubscribe", links.make(UNSUBSCRIBE, 1).token),
}
"""Name of an address with a secret in it -> one, and what must not be read of it."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the handlers of the settings would write."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter(settings.LOGGING["formatters"]["line"]["format"], style="{"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_every_address_with_a_secret_in_it_is_tried() -> None:
    secret = {name for name, one in addresses().items() if SECRET_PARTS & set(one.parameters)}
    assert secret - OPEN_KEYS == set(WITH_SECRETS)


@pytest.mark.parametrize("name", WITH_SECRETS)
def test_an_error_of_a_page_opened_by_a_link_does_not_write_the_token(
    name: str, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, secrets = WITH_SECRETS[name]()

    def breaks(*_args: object) -> None:
        raise RuntimeError(f"at {address}")

    monkeypatch.setattr(LimitsMiddleware, "__call__", breaks)
    answer = Client(raise_request_exception=False).get(f"{address}?code=0.AXsecret&state=Ab3")
    assert answer.status_code == 500
    told = log.getvalue()
    assert "Internal Server Error: /" in told
    assert "***" in told
    for secret in (*secrets, "0.AXsecret"):
        assert secret not in told


def test_a_link_that_is_unknown_does_not_stand_there_either(log: io.StringIO) -> None:
    forged = links.make(CONTACT, 1).token[::-1]
    assert Client().get(reverse("outbox:contact_answer", args=[forged])).status_code == 404
    assert "Not Found: /vastaa/***/" in log.getvalue()
    assert forged not in log.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /tyonhakijat/482/historia/",
        "Forbidden: /tili/kaksivaiheinen-kirjautuminen/uusi-sovellus/",
        "Access log sealed up to row 1666: seal 1 is 4426b31a4426b31a4426b31a",
        "read /var/lib/kohtaanto/logs/postgres-2026-11-22-05-44-31.log",
        "Task portal.outbox.tasks.send_waiting[3f2b1c1e-8d5b-4a53-9d7e-0c8f4d1b2a6e] succeeded in 0.01s",
    ],
)
def test_what_opens_nothing_is_left_as_it_is(text: str) -> None:
    assert without_secrets(text) == text


def test_every_logger_that_writes_for_itself_writes_by_our_formatter() -> None:
    handled = [name for name, one in settings.LOGGING["loggers"].items() if "handlers" in one]
    assert handled == ["django.server"]
    for name in handled:
        ours = [one for one in logging.getLogger(name).handlers if type(one).__module__.startswith("logging")]
        assert [type(one.formatter) for one in ours] == [LineFormatter]
