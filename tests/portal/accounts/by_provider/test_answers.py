"""Only the provider's own, fresh answer to this browser's question counts."""

import logging
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.factories import with_role
from tests.portal.accounts.by_provider.conftest import back_from, set_out, shown_to, walk
from tests.portal.accounts.by_provider.fake import CLIENT, DOMAIN, FakeProvider
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
ADDRESS = f"sisu.esimerkki@{DOMAIN}"
FAILED = "Kirjautuminen ei onnistunut"


@pytest.fixture(autouse=True)
def worker(provider: FakeProvider) -> User:
    """Somebody whom a good answer lets in at once."""
    provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True, "amr": ["mfa"]}
    return confirm_address(with_role(Role.CASE_WORKER, email=ADDRESS, enrolled=False))


def is_refused(answer: Any, client: Client) -> bool:
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    return answer.status_code == 401 and FAILED in answer.content.decode()


def test_a_good_answer_lets_in_and_the_question_is_asked_as_it_should_be(provider: FakeProvider) -> None:
    client = Client()
    assert walk(client).status_code == 302
    assert "_auth_user_id" in client.session
    asked = provider.asked
    assert asked["redirect_uri"] == "http://testserver/tili/organisaatio/paluu/"
    assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
    assert "openid" in asked["scope"].split()
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16


def test_each_question_is_another(provider: FakeProvider) -> None:
    questions = [parse_qs(urlsplit(set_out(Client())).query) for _time in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert questions[0][name] != questions[1][name]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"iss": "https://login.microsoftonline.com/another-tenant/v2.0"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"azp": "another-client"},
        {"exp": timedelta(minutes=-5)},
        {"exp": None},
        {"iat": timedelta(minutes=10)},
        {"iat": None},
        {"nbf": timedelta(minutes=10)},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_opens_nothing(provider: FakeProvider, claims: dict[str, object]) -> None:
    """Times are told from the moment of the test on: cases have the same names in every process."""
    now = int(time.time())
    provider.claims |= {
        name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }
    client = Client()
    assert is_refused(walk(client), client)


@pytest.mark.parametrize(
    "changes",
    [
        {"signed_by": "somebody"},
        {"kid": "not published"},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"discovery": {"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}},
        {"token_error": {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid secret 'abc'"}},
    ],
    ids=str,
)
def test_what_is_not_the_providers_own_opens_nothing(provider: FakeProvider, changes: dict[str, Any]) -> None:
    client = Client()
    onward = back_from(set_out(client))
    for name, value in changes.items():
        setattr(provider, name, value)
    assert is_refused(shown_to(client, onward), client)


def test_the_answer_of_another_browser_opens_nothing(provider: FakeProvider) -> None:
    """Login by forged request: somebody sends a victim the answer to their own sign-in."""
    attacker, victim = Client(), Client()
    answered = back_from(set_out(attacker))
    assert is_refused(shown_to(victim, answered), victim)
    set_out(victim)
    assert is_refused(shown_to(victim, answered), victim)


def test_an_answer_is_good_once(provider: FakeProvider) -> None:
    client = Client()
    answered = back_from(set_out(client))
    client.get(answered)
    client.post(reverse("account_logout"))
    again = shown_to(client, answered)
    assert again.status_code == 401
    assert "_auth_user_id" not in client.session


def test_the_code_of_one_sign_in_is_not_taken_in_another(provider: FakeProvider) -> None:
    """PKCE and nonce: a code that was caught on its way is worth nothing with another question."""
    caught = parse_qs(urlsplit(back_from(set_out(Client()))).query)["code"][0]
    client = Client()
    mine = urlsplit(back_from(set_out(client)))
    state = parse_qs(mine.query)["state"][0]
    assert is_refused(shown_to(client, f"{mine.path}?{urlencode({'code': caught, 'state': state})}"), client)


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?code=x&state=y", "?error=server_error&state=y"])
def test_an_answer_to_nothing_opens_nothing(provider: FakeProvider, query: str) -> None:
    client = Client()
    assert is_refused(shown_to(client, reverse("openid_connect_callback") + query), client)


def test_who_changes_their_mind_reads_that(provider: FakeProvider) -> None:
    provider.refuses = {"error": "access_denied", "error_description": "The user cancelled"}
    client = Client()
    answer = walk(client)
    assert answer.status_code == 200
    assert "Kirjautuminen peruttiin" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_log_tells_what_to_look_up_and_nothing_of_the_person(
    provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.token_error = {"error": "invalid_client", "error_description": f"AADSTS7000215: {ADDRESS} Secret-Word"}
    with caplog.at_level(logging.INFO):
        walk()
    assert "invalid_client" in caplog.text
    assert "AADSTS7000215" in caplog.text
    for told in (ADDRESS, "Secret-Word", "code=", provider.asked["state"], provider.asked["nonce"]):
        assert told not in caplog.text


def test_a_provider_that_does_not_answer_is_told_in_words() -> None:
    fake = FakeProvider(url="http://127.0.0.1:9/tenant/v2.0")
    with override_settings(OIDC=fake.settings()):
        client = Client()
        assert is_refused(client.post(reverse("openid_connect_login"), follow=True), client)


def test_a_discovery_document_of_somebody_else_is_not_followed(provider: FakeProvider) -> None:
    provider.discovery = {"issuer": "https://evil.example"}
    client = Client()
    assert is_refused(client.post(reverse("openid_connect_login"), follow=True), client)


def test_one_sets_out_by_pressing_the_button_alone(provider: FakeProvider) -> None:
    assert Client().get(reverse("openid_connect_login")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("openid_connect_login")).status_code == 403
    assert not provider.visits


def test_the_button_is_there_when_it_leads_somewhere(provider: FakeProvider) -> None:
    with override_settings(OIDC=provider.settings(name="Kemin kaupunki")):
        assert "Kemin kaupunki" in Client().get("/tili/login/?next=/tyonhakijat/").content.decode()
    with override_settings(OIDC=None):
        page = Client().get("/tili/login/").content.decode()
        assert reverse("openid_connect_login") not in page
        assert Client().post(reverse("openid_connect_login")).status_code == 404
        assert Client().get(reverse("openid_connect_callback")).status_code == 404


def test_a_row_in_the_database_is_no_provider(provider: FakeProvider) -> None:
    settings = {"server_url": provider.url}
    SocialApp.objects.create(
        provider="openid_connect", provider_id="kunta", name="x", client_id="x", secret="x", settings=settings
    )
    assert set_out(Client()).count(f"client_id={CLIENT}") == 1
    with override_settings(OIDC=None):
        assert Client().post(reverse("openid_connect_login")).status_code == 404
