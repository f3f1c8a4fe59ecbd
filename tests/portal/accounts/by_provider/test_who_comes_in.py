"""By the municipality's own sign-in come those whom the portal knows, and nobody learns whom it knows."""

import logging
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations.models import LASTS
from portal.accounts.models import Invitation, User
from portal.accounts.roles import Role
from portal.outbox.models import Message
from tests.factories import EmploymentAreaFactory, InvitationFactory, UserFactory, with_role
from tests.portal.accounts.by_provider.conftest import back_from, set_out, walk
from tests.portal.accounts.by_provider.fake import DOMAIN, FakeProvider
from tests.second_factor import fresh_code
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
ENROLMENT = "/tili/kaksivaiheinen-kirjautuminen/"
CODE = "/tili/2fa/authenticate/"
ADDRESS = f"sisu.esimerkki@{DOMAIN}"


def worker(**fields: object) -> User:
    user = with_role(Role.CASE_WORKER, **{"email": ADDRESS, **fields})
    return confirm_address(user)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def says(provider: FakeProvider, **claims: object) -> None:
    """A person of the municipality's directory, with a second factor."""
    provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True, "amr": ["pwd", "mfa"], **claims}


def link(provider: FakeProvider, user: User) -> None:
    """The person has come by the provider before, and shown the portal's own second factor."""
    client = Client()
    says(provider, email=user.email)
    assert walk(client).headers["Location"] == CODE
    client.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert is_in(client)


def shown(answer: object) -> str:
    """A page without what differs at each request."""
    return re.sub(r'value="[\w-]{64}"', "", answer.content.decode())  # type: ignore[attr-defined]


# --- The first time --------------------------------------------------------------------------------------------------
def test_the_first_time_the_own_second_factor_is_asked_for_whatever_the_provider_says(provider: FakeProvider) -> None:
    user = worker()
    says(provider)
    client = Client()
    assert walk(client, "/tyonhakijat/").headers["Location"] == CODE
    assert not is_in(client)
    assert not SocialAccount.objects.exists(), "nothing is linked before the person has shown it"
    assert client.get("/tyonhakijat/").status_code == 302

    answer = client.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert answer.headers["Location"] == "/tyonhakijat/"
    assert client.get("/tyonhakijat/").status_code == 200
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.extra_data) == (user, {})
    assert re.fullmatch(r"[0-9a-f]{64}", linked.uid)
    assert not SocialToken.objects.exists()
    [mail] = Message.objects.filter(kind="provider_linked")
    assert mail.address == user.email


def test_afterwards_the_providers_second_factor_is_enough(provider: FakeProvider) -> None:
    user = worker()
    link(provider, user)
    client = Client()
    assert walk(client, "/tyonhakijat/").headers["Location"] == "/tyonhakijat/"
    assert client.get("/tyonhakijat/").status_code == 200
    assert Message.objects.filter(kind="provider_linked").count() == 1


@pytest.mark.parametrize("amr", [None, ["pwd"], "pwd", []])
def test_without_a_second_factor_of_the_provider_ours_is_asked_for(provider: FakeProvider, amr: object) -> None:
    link(provider, worker())
    says(provider, amr=amr)
    client = Client()
    assert walk(client).headers["Location"] == CODE
    assert not is_in(client)


def test_the_claim_that_tells_of_it_is_chosen_and_asked_for(provider: FakeProvider) -> None:
    link(provider, worker())
    with override_settings(OIDC=provider.settings(mfa_claims=(("acrs", "c1"),))):
        says(provider)
        assert walk(Client()).headers["Location"] == CODE, "amr is not believed where it is not named"
        assert provider.asked["claims"] == '{"id_token": {"acrs": {"essential": true, "value": "c1"}}}'
        says(provider, acrs=["c1"])
        client = Client()
        walk(client)
        assert is_in(client)


def test_who_has_no_second_factor_at_all_is_led_to_enrolment(provider: FakeProvider) -> None:
    user = worker(enrolled=False)
    says(provider, amr=None)
    client = Client()
    walk(client)
    assert client.get("/tyonhakijat/").headers["Location"] == ENROLMENT
    assert SocialAccount.objects.get().user == user


def test_who_has_none_of_ours_comes_in_with_the_providers(provider: FakeProvider) -> None:
    worker(enrolled=False)
    says(provider)
    client = Client()
    walk(client)
    assert client.get("/tyonhakijat/").status_code == 200
    # For this session alone: by password it does not count.
    client.post(reverse("account_logout"))
    client.force_login(User.objects.get(email=ADDRESS))
    assert client.get("/tyonhakijat/").headers["Location"] == ENROLMENT


# --- By invitation ---------------------------------------------------------------------------------------------------
def test_somebody_invited_has_an_account_at_the_first_sign_in(provider: FakeProvider) -> None:
    area = EmploymentAreaFactory()
    InvitationFactory(email=ADDRESS, role=Role.CASE_WORKER, area=area)
    says(provider)
    client = Client()
    walk(client)
    user = User.objects.get(email=ADDRESS)
    assert is_in(client)
    assert not user.has_usable_password()
    assert [(m.role, m.area) for m in user.memberships.all()] == [(Role.CASE_WORKER, area)]
    assert Invitation.objects.get().user == user
    assert client.get("/tyonhakijat/").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_at": timezone.now()},
        {"sent_at": timezone.now() - 2 * LASTS, "expires_at": timezone.now() - LASTS},
        {"valid_from": timezone.localdate() + timedelta(days=2)},
        {"email": "other@" + DOMAIN},
    ],
)
def test_an_invitation_that_is_not_open_or_not_yet_in_force_opens_nothing(
    provider: FakeProvider, changes: dict[str, object]
) -> None:
    InvitationFactory(**{"email": ADDRESS, "role": Role.CASE_WORKER, **changes})
    says(provider)
    assert walk().status_code == 403
    assert not User.objects.filter(email=ADDRESS).exists()


# --- Who does not come in --------------------------------------------------------------------------------------------
def _unknown(provider: FakeProvider) -> None:
    says(provider)


def _closed(provider: FakeProvider) -> None:
    worker(is_active=False)
    says(provider)


def _closed_since(provider: FakeProvider) -> None:
    user = worker()
    link(provider, user)
    User.objects.update(is_active=False)


def _role_has_ended(provider: FakeProvider) -> None:
    link(provider, worker())
    yesterday = timezone.localdate() - timedelta(days=1)
    User.objects.get(email=ADDRESS).memberships.update(valid_from=yesterday, valid_to=yesterday)


def _of_an_employer(provider: FakeProvider) -> None:
    confirm_address(with_role(Role.EMPLOYER_OWNER, email=ADDRESS))
    says(provider)


def _without_a_role(provider: FakeProvider) -> None:
    confirm_address(UserFactory(email=ADDRESS))
    says(provider)


def _address_of_somebody_linked(provider: FakeProvider) -> None:
    link(provider, worker())
    says(provider, sub="somebody else")


def _no_address(provider: FakeProvider) -> None:
    worker()
    says(provider, email=None)


def _address_not_verified(provider: FakeProvider) -> None:
    worker()
    says(provider, email_verified=None)


def _address_said_not_to_be_verified(provider: FakeProvider) -> None:
    worker()
    says(provider, email_verified=False)


def _domain_of_others(provider: FakeProvider) -> None:
    worker(email="sisu@elsewhere.example")
    says(provider, email="sisu@elsewhere.example")


def _guest(provider: FakeProvider) -> None:
    worker()
    says(provider, acct=1)


def _guest_of_another_directory(provider: FakeProvider) -> None:
    worker()
    says(provider, idp="https://sts.example/evil/")


def _lookalike(provider: FakeProvider) -> None:
    worker()
    says(provider, email=ADDRESS.replace("i", "ı"))


def _demo(provider: FakeProvider) -> None:
    worker()
    says(provider)


REFUSED = [
    _unknown,
    _closed,
    _closed_since,
    _role_has_ended,
    _of_an_employer,
    _without_a_role,
    _address_of_somebody_linked,
    _no_address,
    _address_not_verified,
    _address_said_not_to_be_verified,
    _domain_of_others,
    _guest,
    _guest_of_another_directory,
    _lookalike,
]


@pytest.mark.parametrize("arrange", REFUSED)
def test_the_others_all_see_the_same_page(
    provider: FakeProvider, arrange: object, caplog: pytest.LogCaptureFixture
) -> None:
    EmploymentAreaFactory()
    EmploymentAreaFactory()  # of two the page names none to strangers
    says(provider, sub="stranger", email=f"stranger@{DOMAIN}")
    strangers = walk()
    arrange(provider)  # type: ignore[operator]
    links, sessions = SocialAccount.objects.count(), Session.objects.count()
    client = Client()
    with caplog.at_level(logging.WARNING):
        answer = walk(client)
    assert answer.status_code == strangers.status_code == 403
    assert shown(answer) == shown(strangers)
    assert {**answer.headers, "Set-Cookie": ""} == {**strangers.headers, "Set-Cookie": ""}
    assert not is_in(client)
    assert SocialAccount.objects.count() == links
    assert Session.objects.count() <= sessions + 1
    assert "refused" in caplog.text
    assert ADDRESS not in caplog.text


def test_demo_people_come_in_by_no_way_where_they_are_off(provider: FakeProvider) -> None:
    email = "omavalmentaja@demo.kohtaanto.example"
    confirm_address(with_role(Role.CASE_WORKER, email=email))
    with override_settings(DEMO_ACCOUNTS=False, OIDC=provider.settings(email_domains=("demo.kohtaanto.example",))):
        says(provider, email=email)
        assert walk().status_code == 403


@pytest.mark.parametrize(
    ("claim", "value", "comes"),
    [
        ("upn", ADDRESS.upper(), True),
        ("upn", "x_evil.example#EXT#@kunta.onmicrosoft.example", False),
        ("verified_primary_email", [ADDRESS], True),
        ("verified_primary_email", [ADDRESS, f"johtaja@{DOMAIN}"], False),
        ("verified_primary_email", None, False),
    ],
)
def test_another_claim_of_the_municipality_may_lead_to_the_account(
    provider: FakeProvider, claim: str, value: object, comes: bool
) -> None:
    worker()
    with override_settings(OIDC=provider.settings(email_claim=claim)):
        # What anybody can write into `email` then counts for nothing.
        says(provider, email=f"johtaja@{DOMAIN}", **{claim: value})
        answer = walk()
    assert (answer.headers.get("Location") == CODE) is comes
    assert (answer.status_code == 403) is not comes


def test_somebody_linked_stays_the_same_person_when_address_and_claims_change(provider: FakeProvider) -> None:
    user = worker()
    link(provider, user)
    other = confirm_address(with_role(Role.MANAGER, email=f"johtaja@{DOMAIN}"))
    # The claim of another's address does not lead to the other's account: the subject counts.
    says(provider, email=other.email)
    client = Client()
    walk(client)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_same_subject_of_another_issuer_is_another_person(provider: FakeProvider) -> None:
    link(provider, worker())
    uid = SocialAccount.objects.get().uid
    from portal.accounts.by_provider.claims import key_of

    told = {"iss": provider.url, "sub": "abc"}
    assert key_of(told, provider.settings()) == uid
    assert key_of(told | {"iss": "https://elsewhere.example"}, provider.settings()) != uid
    assert key_of(told | {"oid": "abc"}, provider.settings(subject_claim="oid")) != uid


def test_an_administrator_takes_a_link_away_and_the_next_sign_in_links_anew(provider: FakeProvider) -> None:
    user = worker()
    link(provider, user)
    administrator = Client()
    administrator.force_login(with_role(Role.ADMINISTRATOR))
    page = administrator.get(reverse("accounts:person", args=[user.pk])).content.decode()
    assert reverse("accounts:forget_organisation", args=[user.pk]) in page
    administrator.post(reverse("accounts:forget_organisation", args=[user.pk]))
    assert not SocialAccount.objects.exists()
    says(provider, sub="new account of the same person")
    assert walk().headers["Location"] == CODE


@override_settings(ZEAL_ALLOWLIST=[{"model": "accounts.User", "field": "memberships"}])  # of two people
def test_somebody_else_who_is_signed_in_in_this_browser_is_signed_out(provider: FakeProvider) -> None:
    user = worker()
    link(provider, user)
    client = Client()
    client.force_login(with_role(Role.ADMINISTRATOR))
    walk(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/tyonhakijat/").status_code == 200


def test_two_browsers_that_link_one_account_to_two_people_do_not_both_win(provider: FakeProvider) -> None:
    worker()
    first, second = Client(), Client()
    says(provider, sub="one")
    walk(first)
    says(provider, sub="another")
    walk(second)
    first.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    Authenticator.objects.update(last_used_at=None)
    from django.core.cache import cache

    cache.clear()  # each code works once; here it is the same half minute
    late = second.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert is_in(first)
    assert (late.headers["Location"], is_in(second)) == ("/tili/organisaatio/ei-avaudu/", False)
    assert SocialAccount.objects.count() == 1


def test_the_session_is_a_new_one_and_holds_nothing_that_was_told(provider: FakeProvider) -> None:
    link(provider, worker())
    client = Client()
    answered = back_from(set_out(client))
    before = client.session.session_key
    client.get(answered)
    assert client.session.session_key != before
    kept = str(dict(client.session.items()))
    for told in ("abc", "id_token", "nonce", "eyJ"):
        assert told not in kept.replace("abcdef", "")


def test_a_next_page_elsewhere_is_not_gone_to(provider: FakeProvider) -> None:
    link(provider, worker())
    answer = walk(Client(), "https://evil.example/")
    assert answer.headers["Location"] == reverse("home")


def test_no_mail_of_the_first_link_to_those_who_are_refused(provider: FakeProvider) -> None:
    _closed(provider)
    walk()
    assert not Message.objects.exists()
