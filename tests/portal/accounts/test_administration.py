"""The administration: behind a role and a second factor, without personal registers, with a log that stays."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from portal.accounts.administration.site import AdministrationSite
from portal.accounts.models import User
from portal.accounts.roles import Permission, Role
from portal.privacy.fields import personal_fields
from portal.ui.administration import ByRole
from tests.employers.test_admin import _filled
from tests.factories import EmploymentAreaFactory, UserFactory, with_role
from tests.own_code import own_apps
from tests.permission_matrix import who_may

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")

MAY_HOLD_PERSONAL_DATA = {
    "employers.Employer": "an employer's contact person, kept by administrators",
    "employers.Vacancy": "a vacancy's contact person",
}
"""Registers of the administration in which people are named, and why."""


@pytest.fixture
def administrator() -> User:
    return with_role(Role.ADMINISTRATOR, is_staff=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Who comes in ----------------------------------------------------------------------------------------------------
def test_an_administrator_with_a_second_factor_comes_in(administrator: User) -> None:
    assert signed_in(administrator).get(INDEX).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_comes_in_whatever_django_says_of_the_user(role: Role) -> None:
    client = signed_in(with_role(role, is_staff=True, is_superuser=True))
    for address in (INDEX, reverse("admin:employers_employer_changelist"), reverse("admin:admin_logentry_changelist")):
        assert client.get(address).status_code == 403


def test_a_superuser_without_a_role_does_not_come_in() -> None:
    user = UserFactory(is_staff=True, is_superuser=True)
    assert Authenticator.objects.filter(user=user).exists()
    assert signed_in(user).get(INDEX).status_code == 403


def test_an_administrator_who_is_not_marked_as_staff_does_not_come_in() -> None:
    assert signed_in(with_role(Role.ADMINISTRATOR, is_staff=False)).get(INDEX).status_code == 403


def test_without_a_second_factor_nobody_comes_in(administrator: User, settings: Any) -> None:
    Authenticator.objects.filter(user=administrator).delete()
    client = signed_in(administrator)
    assert client.get(INDEX).status_code == 302  # to enrolment
    # The site asks by itself too, should the middleware ever be lost.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "second_factor" not in name]
    assert signed_in(administrator).get(INDEX).status_code == 403


def test_recovery_codes_alone_are_no_second_factor(administrator: User, settings: Any) -> None:
    Authenticator.objects.filter(user=administrator).update(type=Authenticator.Type.RECOVERY_CODES)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "second_factor" not in name]
    assert signed_in(administrator).get(INDEX).status_code == 403


def test_a_role_that_has_ended_opens_nothing(administrator: User) -> None:
    administrator.memberships.update(valid_to="2020-12-31")
    assert signed_in(administrator).get(INDEX).status_code == 403


# --- Sign-in is the portal's own -------------------------------------------------------------------------------------
def test_sign_in_is_that_of_the_portal() -> None:
    login = reverse("admin:login")
    answer = Client().get(INDEX, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    # Django's own form would take a password without limits and without a second factor.
    user = with_role(Role.ADMINISTRATOR, is_staff=True)
    client = Client()
    answer = client.post(login, {"username": user.email, "password": "a-long-enough-password"})
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert settings.SESSION_COOKIE_NAME not in client.cookies or "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_nowhere_else(administrator: User, wanted: str) -> None:
    for client in (Client(), signed_in(administrator)):
        answer = client.get(reverse("admin:login"), {"next": wanted})
        assert answer.status_code == 302
        assert "evil" not in answer.headers["Location"]
        assert "javascript" not in answer.headers["Location"]


def test_signing_out_here_signs_out_of_the_portal(administrator: User) -> None:
    client = signed_in(administrator)
    answer = client.post(reverse("admin:logout"))
    assert answer.headers["Location"] == reverse(settings.LOGOUT_REDIRECT_URL)
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert client.get(INDEX).status_code == 302


def test_passwords_change_where_all_people_change_theirs(administrator: User) -> None:
    answer = signed_in(administrator).get(reverse("admin:password_change"))
    assert answer.headers["Location"] == reverse("account_change_password")


# --- What is on it ---------------------------------------------------------------------------------------------------
def test_only_our_own_registers_are_on_it() -> None:
    ours = {app.label for app in own_apps()}
    strange = [
        model._meta.label
        for model in admin.site._registry
        if model._meta.app_label not in ours and model is not LogEntry
    ]
    assert not strange
    assert isinstance(admin.site, AdministrationSite)
    assert all(isinstance(one, ByRole) for one in admin.site._registry.values())


def test_what_packages_bring_along_is_left_out() -> None:
    site = AdministrationSite("x")
    site.register(Authenticator, admin.ModelAdmin)
    site.register(User)
    assert not site._registry


def test_no_register_of_people_is_on_it() -> None:
    people = {
        model._meta.label: sorted(personal_fields(model))
        for model in admin.site._registry
        if model._meta.label not in MAY_HOLD_PERSONAL_DATA and model is not LogEntry and personal_fields(model)
    }
    assert not people, "Say in MAY_HOLD_PERSONAL_DATA why, or show it on a page of the portal that notes who looked."
    registered = {model._meta.label for model in admin.site._registry}
    assert registered >= MAY_HOLD_PERSONAL_DATA.keys()
    assert "accounts.User" not in registered


# --- Its log ---------------------------------------------------------------------------------------------------------
def test_a_change_is_logged_and_the_log_is_only_to_be_read(administrator: User) -> None:
    client = signed_in(administrator)
    area = EmploymentAreaFactory(name_fi="Vanha nimi")
    address = reverse("admin:classifications_employmentarea_change", args=[area.pk])
    form = client.get(address).context["adminform"].form
    assert client.post(address, _filled(form) | {"name_fi": "Uusi nimi"}).status_code == 302

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (administrator, str(area.pk))
    listed = client.get(reverse("admin:admin_logentry_changelist"))
    assert listed.status_code == 200
    assert str(administrator) in listed.content.decode()
    change = reverse("admin:admin_logentry_change", args=[entry.pk])
    delete = reverse("admin:admin_logentry_delete", args=[entry.pk])
    assert client.post(change, {"object_repr": "x"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:admin_logentry_add"), {}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    client.post(reverse("admin:admin_logentry_changelist"), chosen)
    assert LogEntry.objects.get() == entry


def test_the_permission_that_opens_it_is_the_administrators_alone() -> None:
    assert who_may(Permission.ADMIN_USE) == {Role.ADMINISTRATOR}
