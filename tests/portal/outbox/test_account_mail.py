"""Mails of the sign-in go through the outbox, and nobody learns from the portal who has an account."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations.models import LASTS, Invitation
from portal.accounts.invitations.services import invite
from portal.accounts.models import RoleMembership, User
from portal.accounts.people.services import NotAllowed, give_role
from portal.accounts.roles import Role
from portal.accounts.sign_up.unconfirmed import KEPT_FOR, forget_unconfirmed
from portal.outbox import tasks
from portal.outbox.account_mail import MAILS, OutboxAccountAdapter
from portal.outbox.models import Message
from tests.factories import InvitationFactory, UserFactory, with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _allauth_asks_more_than_once() -> Iterator[None]:
    """allauth looks an address up several times in a request; that is its own business."""
    with override_settings(ZEAL_ALLOWLIST=[{"model": "account.EmailAddress"}]):
        yield


Commit = Callable[..., AbstractContextManager[Any]]
PASSWORD = "kelirikko tuoksuu terva ja hilla"
NEW = "kerttu.uusi@yritys.example"
SIGN_UP = "account_signup"


def form(email: str, **changes: object) -> dict[str, object]:
    return {
        "first_name": "Kerttu",
        "last_name": "Uusi",
        "email": email,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "acts_for_employer": "on",
        **changes,
    }


def confirmed_user(email: str) -> User:
    user: User = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def post(commit: Commit, name: str, data: dict[str, object], client: Client | None = None) -> HttpResponse:
    with commit(execute=True):
        answer: HttpResponse = (client or Client()).post(reverse(name), data)
    return answer


def link_in(text: str) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", text)
    assert found
    return found[1]


# --- Signing up ----------------------------------------------------------------------------------------------------
def test_somebody_of_an_employer_signs_up_confirms_the_address_and_comes_in(
    django_capture_on_commit_callbacks: Commit,
) -> None:
    client = Client(headers={"accept-language": "sv"})
    assert client.get(reverse(SIGN_UP)).status_code == 200
    answer = post(django_capture_on_commit_callbacks, SIGN_UP, form(NEW), client)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_email_verification_sent"))
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([NEW], "Bekräfta din e-postadress")
    assert Message.objects.get().kind == "address_confirmation"

    path = link_in(sent.body)
    assert client.get(path).status_code == 200  # programs that look at links in mails confirm nothing
    assert not EmailAddress.objects.get(email=NEW).verified
    assert client.post(path).status_code == 302
    assert EmailAddress.objects.get(email=NEW).verified

    client = Client()
    post(django_capture_on_commit_callbacks, "account_login", {"login": NEW, "password": PASSWORD}, client)
    page = client.get(reverse("home"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("accounts:own")
    assert "accounts/what_next.html" in {template.name for template in page.templates}
    for closed in ("vacancies:list", "seekers:list", "runs:list", "outbox:list"):
        assert client.get(reverse(closed)).status_code == 403


def test_an_account_that_one_makes_oneself_has_no_role_and_no_rights(
    django_capture_on_commit_callbacks: Commit,
) -> None:
    sneaky = form(NEW, is_staff="on", is_superuser="on", role=Role.ADMINISTRATOR.value, memberships="1")
    post(django_capture_on_commit_callbacks, SIGN_UP, sneaky)
    user = User.objects.get(email=NEW)
    assert (user.first_name, user.last_name) == ("Kerttu", "Uusi")
    assert not user.is_staff
    assert not user.is_superuser
    assert not RoleMembership.objects.filter(user=user).exists()


def test_nobody_comes_in_before_the_address_is_confirmed(django_capture_on_commit_callbacks: Commit) -> None:
    post(django_capture_on_commit_callbacks, SIGN_UP, form(NEW))
    client = Client()
    answer = post(django_capture_on_commit_callbacks, "account_login", {"login": NEW, "password": PASSWORD}, client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


def test_who_does_not_act_for_an_employer_makes_no_account(django_capture_on_commit_callbacks: Commit) -> None:
    data = form(NEW)
    del data["acts_for_employer"]
    assert post(django_capture_on_commit_callbacks, SIGN_UP, data).status_code == 200
    assert not User.objects.filter(email=NEW).exists()
    assert not mail.outbox


# --- Who has an account --------------------------------------------------------------------------------------------
def _signs_of_an_answer(client: Client, answer: HttpResponse) -> dict[str, object]:
    """What somebody outside can see of it, the address itself and random values left out."""
    followed = client.get(answer["Location"])
    shown = re.sub(r'value="[\w-]{64}"', "", followed.content.decode())
    for address in (NEW, "staff@alue.example"):
        shown = shown.replace(address, "ADDRESS")
    return {
        "status": answer.status_code,
        "location": answer["Location"],
        "headers": sorted(set(answer.headers) - {"Content-Length"}),
        "cookies": sorted(client.cookies),
        "page": shown,
    }


@pytest.mark.parametrize("name", [SIGN_UP, "account_reset_password"])
def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(
    name: str, django_capture_on_commit_callbacks: Commit
) -> None:
    confirmed_user("staff@alue.example")
    seen, hashed, queries = [], [], []
    for email in ("staff@alue.example", NEW):
        cache.clear()
        client = Client()
        data = form(email) if name == SIGN_UP else {"email": email}
        with mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as encode:
            answer = post(django_capture_on_commit_callbacks, name, data, client)
        seen.append(_signs_of_an_answer(client, answer))
        hashed.append(encode.call_count)
        queries.append(Message.objects.count())
    assert seen[0] == seen[1]
    assert hashed[0] == hashed[1]  # what takes the time: hashing a password
    assert queries == [1, 2]
    kinds = {
        SIGN_UP: ["account_exists", "address_confirmation"],
        "account_reset_password": ["password_reset", "unknown_account"],
    }
    assert [one.kind for one in Message.objects.order_by("pk")] == kinds[name]
    assert [one.to[0] for one in mail.outbox] == ["staff@alue.example", NEW]


def test_the_owner_of_a_known_address_is_told_and_nothing_else_happens(
    django_capture_on_commit_callbacks: Commit,
) -> None:
    user = confirmed_user("staff@alue.example")
    user.language = "en"
    user.save()
    before = (user.first_name, user.password)
    post(django_capture_on_commit_callbacks, SIGN_UP, form("Staff@Alue.example"))
    user.refresh_from_db()
    assert (user.first_name, user.password) == before
    assert User.objects.count() == 1
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["staff@alue.example"], "You already have an account in Kohtaanto")
    assert "Kerttu" not in sent.body + str(sent.alternatives)  # what the stranger wrote goes to nobody


def test_links_lead_to_the_portal_whatever_host_the_request_named(django_capture_on_commit_callbacks: Commit) -> None:
    confirmed_user("staff@alue.example")
    with override_settings(ALLOWED_HOSTS=["evil.example"]), django_capture_on_commit_callbacks(execute=True):
        Client(headers={"host": "evil.example"}).post(
            reverse("account_reset_password"), {"email": "staff@alue.example"}
        )
    [sent] = mail.outbox
    assert "evil.example" not in sent.body + str(sent.alternatives)
    assert Client().get(link_in(sent.body)).status_code == 302  # leads on to the form for the new password


def test_a_new_password_is_made_by_the_link_of_the_mail_and_told(django_capture_on_commit_callbacks: Commit) -> None:
    user = confirmed_user("staff@alue.example")
    post(django_capture_on_commit_callbacks, "account_reset_password", {"email": user.email})
    client = Client()
    path = client.get(link_in(mail.outbox[0].body))["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert [one.kind for one in Message.objects.order_by("pk")] == ["password_reset", "password_changed"]
    assert "127.0.0.1" in mail.outbox[1].body
    assert not Message.objects.exclude(text="").exists()
    assert not [message for message in Message.objects.all() if bytes(message.secrets)]


def test_a_form_sent_twice_sends_one_mail(django_capture_on_commit_callbacks: Commit) -> None:
    confirmed_user("staff@alue.example")
    for _time in range(2):
        cache.clear()
        with mock.patch("allauth.account.forms.default_token_generator.make_token", return_value="same-second"):
            post(django_capture_on_commit_callbacks, "account_reset_password", {"email": "staff@alue.example"})
    assert len(mail.outbox) == 1


# --- The adapter ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("prefix", MAILS)
def test_every_mail_of_the_table_can_be_sent(prefix: str, rf: RequestFactory) -> None:
    user = confirmed_user("staff@alue.example")
    given = {
        "user": user,
        "activate_url": "http://testserver/tili/confirm/x/",
        "password_reset_url": "http://testserver/tili/reset/x/",
        "signup_url": "/tili/signup/",
        "sessions_url": "/tili/sessions/",
        "invitation_url": "/tili/kutsu/x/",
        "password_url": "/tili/reset/x/",
        "who": "Kerttu Uusi",
        "address": "kerttu@alue.example",
        "by": "Paavo Pääkäyttäjä",
        "role": "personal coach",
        "area": "Kemin alue",
        "work_url": "/tyot/",
        "expires": timezone.now(),
        "timestamp": timezone.now(),
        "ip": "192.0.2.1",
        "user_agent": "Mozilla/5.0",
        "key": prefix,
    }
    with context.request_context(rf.get("/")):
        adapter = get_adapter()
        assert isinstance(adapter, OutboxAccountAdapter)
        adapter.send_mail(prefix, user.email, given)
        adapter.send_mail(prefix, user.email, given)  # the same event
    message = Message.objects.get()
    assert message.kind == MAILS[prefix].kind
    assert message.recipient_id == user.pk
    assert user.email not in message.key
    tasks.send_waiting()
    assert len(mail.outbox) == 1
    assert "testserver" not in mail.outbox[0].body


def test_a_mail_that_nobody_has_thought_of_is_not_sent(rf: RequestFactory) -> None:
    with context.request_context(rf.get("/")), pytest.raises(KeyError):
        get_adapter().send_mail("account/email/something_new", "x@example.org", {})


# --- Accounts that nobody confirmed --------------------------------------------------------------------------------
def test_an_account_that_nobody_confirms_goes_after_a_week(django_capture_on_commit_callbacks: Commit) -> None:
    post(django_capture_on_commit_callbacks, SIGN_UP, form(NEW))
    confirmed_user("staff@alue.example")
    by_an_administrator = with_role(Role.CASE_WORKER)
    just_added = UserFactory()
    EmailAddress.objects.create(user=by_an_administrator, email=by_an_administrator.email, verified=False)
    later = timezone.now() + KEPT_FOR
    assert forget_unconfirmed(later - timedelta(minutes=5)) == 0
    assert forget_unconfirmed(later + timedelta(minutes=5)) == 1
    assert not User.objects.filter(email=NEW).exists()
    assert set(User.objects.order_by("pk")) >= {by_an_administrator, just_added}


# --- Addresses of people who are invited ---------------------------------------------------------------------------
def _sign_up(commit: Commit, email: str) -> tuple[dict[str, object], int, list[str]]:
    """What can be seen of an answer, how often a password was hashed, and the subjects of the mails."""
    cache.clear()
    mail.outbox.clear()
    client = Client()
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        answer = post(commit, SIGN_UP, form(email), client)
    seen = _signs_of_an_answer(client, answer)
    seen["page"] = str(seen["page"]).replace(email, "ADDRESS")
    return seen, encode.call_count, [one.subject for one in mail.outbox]


@pytest.mark.parametrize("changes", [{}, {"sent_at": timezone.now() - 2 * LASTS, "expires_at": timezone.now() - LASTS}])
def test_an_address_with_an_invitation_of_the_staff_makes_no_account_and_looks_like_any_other(
    changes: dict[str, object], django_capture_on_commit_callbacks: Commit
) -> None:
    InvitationFactory(email="invited@alue.example", **changes)
    users = User.objects.count()
    invited, hashed, told = _sign_up(django_capture_on_commit_callbacks, "Invited@alue.example")
    assert User.objects.count() == users
    assert told == ["Sinut on jo kutsuttu Kohtaantoon"]
    assert mail.outbox[0].to == ["invited@alue.example"]
    assert "Kerttu" not in mail.outbox[0].body + str(mail.outbox[0].alternatives)
    assert not re.search(r"https?://\S+/\S+", mail.outbox[0].body), "no link in it that a stranger has caused"

    new, as_often, _told = _sign_up(django_capture_on_commit_callbacks, NEW)
    assert {**invited, "page": str(invited["page"]).replace("Invited@alue.example", "ADDRESS")} == new
    assert hashed == as_often


def test_the_invitation_is_still_good_afterwards(django_capture_on_commit_callbacks: Commit) -> None:
    invitation = Invitation(
        email="invited@alue.example",
        first_name="Aava",
        last_name="Kutsuttu",
        role=Role.ADMINISTRATOR,
        valid_from=timezone.localdate(),
    )
    with django_capture_on_commit_callbacks(execute=True):
        invite(invitation, with_role(Role.ADMINISTRATOR))
    path = link_in(mail.outbox[0].body)
    _sign_up(django_capture_on_commit_callbacks, "invited@alue.example")
    client = Client()
    assert client.get(path, follow=True).status_code == 200
    assert client.get(reverse("accounts:accept_invitation")).status_code == 200


def test_a_withdrawn_invitation_leaves_the_address_free(django_capture_on_commit_callbacks: Commit) -> None:
    InvitationFactory(email=NEW, withdrawn_at=timezone.now())
    _seen, _hashed, told = _sign_up(django_capture_on_commit_callbacks, NEW)
    assert told == ["Vahvista sähköpostiosoitteesi"]
    assert User.objects.filter(email=NEW).exists()


def test_an_account_that_a_stranger_made_before_the_invitation_does_not_become_the_persons(
    django_capture_on_commit_callbacks: Commit,
) -> None:
    """Somebody signs up with the address of a coming worker and waits until it is given rights."""
    _sign_up(django_capture_on_commit_callbacks, NEW)
    planted = User.objects.get(email=NEW)
    administrator = with_role(Role.ADMINISTRATOR)
    row = RoleMembership(user=planted, role=Role.AUDITOR, valid_from=timezone.localdate())
    with pytest.raises(NotAllowed):
        give_role(row, administrator)
    invitation = Invitation(
        email=NEW, first_name="Aava", last_name="Uusi", role=Role.AUDITOR, valid_from=timezone.localdate()
    )
    invite(invitation, administrator)
    assert not User.objects.filter(pk=planted.pk).exists()
    client = Client()
    post(django_capture_on_commit_callbacks, "account_login", {"login": NEW, "password": PASSWORD}, client)
    assert "_auth_user_id" not in client.session


def test_a_confirmed_account_is_not_thrown_away_by_an_invitation(django_capture_on_commit_callbacks: Commit) -> None:
    user = confirmed_user(NEW)
    invitation = Invitation(
        email=NEW, first_name="Aava", last_name="Uusi", role=Role.AUDITOR, valid_from=timezone.localdate()
    )
    with pytest.raises(NotAllowed):
        invite(invitation, with_role(Role.ADMINISTRATOR))
    assert User.objects.filter(pk=user.pk).exists()


def test_mails_about_a_known_and_an_unknown_address_tell_a_stranger_nothing_about_each_other(
    django_capture_on_commit_callbacks: Commit,
) -> None:
    """To each address exactly one mail goes, to itself alone, and none quotes what the stranger wrote."""
    confirmed_user("staff@alue.example")
    InvitationFactory(email="invited@alue.example")
    for email in ("staff@alue.example", "invited@alue.example", NEW):
        _seen, _hashed, told = _sign_up(django_capture_on_commit_callbacks, email)
        [sent] = mail.outbox
        assert (sent.to, sent.cc, sent.bcc) == ([email], [], [])
        assert len(told) == 1
        for written in (sent.subject, sent.body, str(sent.alternatives)):
            assert "Kerttu" not in written
            assert PASSWORD not in written
