"""Whoever signed up with somebody else's address does not get a role of the staff with it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import RoleMembership, User
from portal.accounts.people import services
from portal.accounts.people.services import NotAllowed
from portal.accounts.roles import Role
from portal.outbox import secret_links
from portal.outbox.models import Message
from tests.factories import EmploymentAreaFactory, InvitationFactory, UserFactory, with_role
from tests.second_factor import enrol
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
ADDRESS = "teppo@tornio.example"
ATTACKERS = "kelirikko tuoksuu terva ja hilla"
OWN = "kolme porttia narisee taas"


@pytest.fixture(autouse=True)
def _allauth_asks_more_than_once() -> Iterator[None]:
    """allauth looks an address up several times in a request; that is its own business."""
    with override_settings(ZEAL_ALLOWLIST=[{"model": "account.EmailAddress"}]):
        yield


def administrator() -> User:
    user: User = with_role(Role.ADMINISTRATOR, is_staff=True)
    return user


def give(user: User, role: Role = Role.CASE_WORKER) -> RoleMembership:
    row = RoleMembership(user=user, role=role, area=EmploymentAreaFactory(), valid_from=timezone.localdate())
    return services.give_role(row, administrator())


def sign_up(address: str) -> User:
    """Somebody makes an account with an address, theirs or not."""
    form = {
        "first_name": "Teppo",
        "last_name": "Tornio",
        "email": address,
        "password1": ATTACKERS,
        "password2": ATTACKERS,
        "acts_for_employer": "on",
    }
    Client().post(reverse("account_signup"), form)
    user: User = User.objects.get(email=address)
    return user


def confirm(user: User) -> None:
    """The owner of the mailbox follows the link."""
    key = EmailConfirmationHMAC(EmailAddress.objects.get(user=user)).key
    Client().post(reverse("account_confirm_email", args=[key]))
    assert EmailAddress.objects.get(user=user).verified


def with_password(address: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": address, "password": password})
    return client


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_account_with_an_unconfirmed_address_gets_no_role() -> None:
    user = sign_up(ADDRESS)
    with pytest.raises(NotAllowed):
        give(user)
    assert not user.memberships.exists()


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.PARTNER_WORKER])
def test_an_address_that_was_changed_is_confirmed_before_another_role(role: Role) -> None:
    by, person = administrator(), confirm_address(with_role(Role.WORK_PAIR))
    changes: dict[str, Any] = {"first_name": "A", "last_name": "B", "email": "uusi@tornio.example", "language": "fi"}
    services.change_details(person, **changes, by=by)
    with pytest.raises(NotAllowed, match="vahvist"):
        give(User.objects.get(pk=person.pk), role)


def test_the_first_role_of_the_staff_leaves_nothing_to_whoever_made_the_account() -> None:
    user = sign_up(ADDRESS)
    confirm(user)
    attacker = with_password(ADDRESS, ATTACKERS)
    assert signed_in(attacker)
    enrol(user)
    EmailAddress.objects.create(user=user, email="hyokkaaja@muualla.example", verified=True)

    give(User.objects.get(pk=user.pk))

    assert not signed_in(attacker)
    assert not signed_in(with_password(ADDRESS, ATTACKERS))
    assert not Authenticator.objects.filter(user=user).exists()
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "primary")) == [(ADDRESS, True)]


def test_the_owner_of_the_address_chooses_the_password() -> None:
    user = sign_up(ADDRESS)
    confirm(user)
    give(User.objects.get(pk=user.pk))

    message = Message.objects.get(kind="first_role")
    assert (message.address, message.recipient_id) == (ADDRESS, user.pk)
    link = str(secret_links.decrypt(message.secrets)["link"])
    path = re.sub(r"^https?://[^/]+", "", link)
    client = Client()
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": OWN, "password2": OWN})

    assert signed_in(with_password(ADDRESS, OWN))
    assert not signed_in(with_password(ADDRESS, ATTACKERS))


def test_who_was_invited_keeps_the_password_with_a_further_role() -> None:
    invited = confirm_address(UserFactory())
    InvitationFactory(email=invited.email, user=invited, accepted_at=timezone.now())
    give(invited)
    before = confirm_address(with_role(Role.WORK_PAIR))
    give(before)
    assert invited.has_usable_password()
    assert before.has_usable_password()
    assert not Message.objects.filter(kind="first_role").exists()


def test_a_role_at_an_employer_takes_nothing_away() -> None:
    user = confirm_address(UserFactory())
    row = RoleMembership(user=user, role=Role.EMPLOYER_OWNER, valid_from=timezone.localdate())
    services.give_role(row, administrator())
    assert User.objects.get(pk=user.pk).has_usable_password()
