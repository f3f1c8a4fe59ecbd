"""Nobody of the staff reaches anything without a second factor, and its secrets are not readable at rest."""

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role
from portal.accounts.second_factor import keys
from portal.accounts.second_factor.adapter import MFAAdapter
from tests.factories import PASSWORD, UserFactory, with_role
from tests.second_factor import SECRET, code, enrol, fresh_code
from tests.sign_in import confirm_address, sign_in

pytestmark = pytest.mark.django_db
ENROLMENT = "/tili/kaksivaiheinen-kirjautuminen/"


def password_given(user: User) -> Client:
    """A client after the first step of sign-in."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_without_one_are_led_to_enrolment_from_every_page(role: Role) -> None:
    client = Client()
    client.force_login(with_role(role, enrolled=False))
    for name in ("accounts:own", "mfa_index", "usersessions_list", "seekers:list", "runs:list", "admin:index"):
        assert client.get(reverse(name)).headers.get("Location") == ENROLMENT, name
        assert client.post(reverse(name)).headers.get("Location") == ENROLMENT, name
    assert client.get(ENROLMENT).status_code == 200


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_people_of_employers_may_do_without(role: Role) -> None:
    client = Client()
    client.force_login(with_role(role))
    assert client.get(reverse("accounts:own")).status_code == 200


def test_a_part_of_a_page_takes_the_whole_page_to_enrolment() -> None:
    client = Client()
    client.force_login(with_role(Role.CASE_WORKER, enrolled=False))
    answer = client.get(reverse("seekers:list"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == ENROLMENT


def test_recovery_codes_alone_are_no_second_factor() -> None:
    user = with_role(Role.CASE_WORKER, enrolled=False)
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": keys.encrypt("x"), "used_mask": 0})
    client = Client()
    client.force_login(user)
    assert client.get(reverse("accounts:own")).headers["Location"] == ENROLMENT


def test_who_may_open_the_administration_needs_one_even_without_a_role() -> None:
    client = Client()
    client.force_login(UserFactory(administrator=True, enrolled=False))
    assert client.get(reverse("admin:index")).headers["Location"] == ENROLMENT


def test_the_password_alone_signs_nobody_in_who_has_one() -> None:
    client = password_given(confirm_address(with_role(Role.CASE_WORKER)))
    assert not signed_in(client)
    assert client.get(reverse("accounts:own")).status_code == 302


def test_a_code_signs_in_once_and_never_twice() -> None:
    user = confirm_address(with_role(Role.CASE_WORKER))
    first, second = password_given(user), password_given(user)
    digits = fresh_code()

    first.post(reverse("mfa_authenticate"), {"code": digits})
    second.post(reverse("mfa_authenticate"), {"code": digits})

    assert signed_in(first)
    assert not signed_in(second)


def test_a_session_opened_by_the_password_alone_never_becomes_a_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = confirm_address(with_role(Role.CASE_WORKER, enrolled=False))
    thief, owner = password_given(user), password_given(user)
    secret = owner.get(reverse("mfa_activate_totp")).context["form"].secret
    monkeypatch.setattr(transaction, "on_commit", lambda do: do())  # allauth tells of a new factor then
    owner.post(reverse("mfa_activate_totp"), {"code": fresh_code(secret)})

    assert owner.get(reverse("accounts:own")).status_code == 200
    assert not signed_in(thief), "all other sessions end when a factor is added"
    assert owner.get(reverse("seekers:list")).status_code == 200


@pytest.mark.parametrize(
    "name", ["accounts:own", "seekers:list", "mfa_activate_totp", "mfa_add_webauthn", "accounts:enrol"]
)
def test_a_session_that_has_not_shown_the_factor_ends_wherever_the_factor_came_from(name: str) -> None:
    user = confirm_address(with_role(Role.CASE_WORKER, enrolled=False))
    client = password_given(user)
    assert signed_in(client)
    enrol(user)
    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))
    assert not signed_in(client)


def test_a_part_of_a_page_ends_such_a_session_too() -> None:
    user = confirm_address(with_role(Role.CASE_WORKER, enrolled=False))
    client = password_given(user)
    enrol(user)
    answer = client.get(reverse("seekers:list"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("account_login")
    assert not signed_in(client)


def test_both_steps_open_everything() -> None:
    user = confirm_address(with_role(Role.CASE_WORKER))
    client = password_given(user)
    client.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert client.get(reverse("seekers:list")).status_code == 200


@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_a_code_of_another_half_minute_does_not_do(steps: int) -> None:
    client = password_given(confirm_address(with_role(Role.CASE_WORKER)))
    fresh_code()
    client.post(reverse("mfa_authenticate"), {"code": code(at=time.time() + 30 * steps)})
    assert not signed_in(client)


def test_codes_are_not_guessed_without_end() -> None:
    user = confirm_address(with_role(Role.CASE_WORKER))
    client = password_given(user)
    for guess in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"{guess:06d}"})
    client.post(reverse("mfa_authenticate"), {"code": fresh_code()})
    assert not signed_in(client)


def test_staff_cannot_take_away_their_last_one_but_may_one_of_two() -> None:
    user = with_role(Role.CASE_WORKER)
    app = Authenticator.objects.get(user=user)
    assert not MFAAdapter().can_delete_authenticator(app)
    client = Client()
    sign_in(client, user, confirmed=True)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(pk=app.pk).exists()

    Authenticator.objects.create(user=user, type="webauthn", data={})
    assert MFAAdapter().can_delete_authenticator(app)


def test_a_new_app_takes_the_place_of_the_old_one_in_one_step() -> None:
    user = with_role(Role.CASE_WORKER)
    client = Client()
    sign_in(client, user, confirmed=True)
    page = client.get(reverse("accounts:replace_totp"))
    secret = page.context["form"].secret
    assert secret != SECRET

    client.post(reverse("accounts:replace_totp"), {"code": "000000"})
    assert keys.decrypt(Authenticator.objects.get(user=user).data["secret"]) == SECRET
    client.post(reverse("accounts:replace_totp"), {"code": fresh_code(secret)})
    assert keys.decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]) == secret


def test_it_does_not_change_without_the_password_once_more() -> None:
    user = with_role(Role.CASE_WORKER)
    client = Client()
    client.force_login(user)
    for name in ("accounts:replace_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert reverse("account_reauthenticate") in client.get(reverse(name)).headers["Location"], name


def test_secrets_are_encrypted_at_rest_and_come_under_a_new_key() -> None:
    user = UserFactory()
    enrol(user)
    row = Authenticator.objects.get(user=user)
    assert SECRET not in str(row.data)

    new = Fernet.generate_key().decode()
    with override_settings(MFA_KEYS=[new, *settings.MFA_KEYS]):
        call_command("renew_mfa_keys", stdout=StringIO())
    with override_settings(MFA_KEYS=[new]):
        row.refresh_from_db()
        assert keys.decrypt(row.data["secret"]) == SECRET
