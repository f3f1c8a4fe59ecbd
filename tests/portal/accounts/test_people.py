"""Accounts and roles change by somebody else's hand, at once, and never so that nobody is left to change them."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.accounts.models import RoleMembership, User
from portal.accounts.people import services
from portal.accounts.people.services import NotAllowed
from portal.accounts.permissions import may
from portal.accounts.roles import Permission, Role
from portal.outbox.models import Message
from tests.addresses import addresses
from tests.factories import EmploymentAreaFactory, RoleMembershipFactory, UserFactory, with_role
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


def administrator() -> User:
    user: User = with_role(Role.ADMINISTRATOR, is_staff=True)
    return user


def role_for(user: User, role: Role = Role.CASE_WORKER) -> RoleMembership:
    return RoleMembership(user=user, role=role, area=EmploymentAreaFactory(), valid_from=timezone.localdate())


def test_nobody_changes_their_own_account() -> None:
    me = administrator()
    administrator()
    mine = me.memberships.get()
    for change in (
        lambda: services.give_role(role_for(me), me),
        lambda: services.end_role(mine, timezone.localdate(), me),
        lambda: services.take_role_away(mine, me),
        lambda: services.close_account(me, me),
        lambda: services.open_account(me, me),
        lambda: services.reset_second_factor(me, me),
        lambda: services.sign_out_everywhere(me, me),
        lambda: services.change_details(me, first_name="A", last_name="B", email="a@b.example", language="fi", by=me),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert list(RoleMembership.objects.filter(user=me).values_list("role", "valid_to")) == [("administrator", None)]


def test_the_page_of_the_own_account_changes_nothing_either() -> None:
    me = administrator()
    client = Client()
    client.force_login(me)
    data = {"role": Role.CASE_WORKER, "area": EmploymentAreaFactory().pk, "valid_from": timezone.localdate()}
    page = client.post(reverse("accounts:person", args=[me.pk]), data)
    assert page.status_code == 200
    for name in ("reset_factor", "close_account", "sign_out_person"):
        client.post(reverse(f"accounts:{name}", args=[me.pk]))
    client.post(reverse("accounts:end_role", args=[me.memberships.get().pk]), {"now": "1"})
    me = User.objects.get(pk=me.pk)
    assert me.is_active
    assert [m.role for m in me.memberships.all()] == [Role.ADMINISTRATOR]
    assert Authenticator.objects.filter(user=me).exists()


def test_a_role_that_is_taken_away_is_over_at_once() -> None:
    by, person = administrator(), with_role(Role.CASE_WORKER)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("seekers:list")).status_code == 200

    services.take_role_away(person.memberships.get(), by)

    assert client.get(reverse("seekers:list")).status_code in (302, 403)
    assert not may(User.objects.get(pk=person.pk), Permission.SEEKERS_VIEW)
    assert person.memberships.get().valid_to == timezone.localdate() - ONE_DAY


def test_a_role_ends_on_a_day_and_not_in_the_past() -> None:
    by, person = administrator(), with_role(Role.CASE_WORKER)
    row = person.memberships.get()
    with pytest.raises(NotAllowed):
        services.end_role(row, timezone.localdate() - ONE_DAY, by)
    services.end_role(row, timezone.localdate(), by)
    assert may(User.objects.get(pk=person.pk), Permission.SEEKERS_VIEW), "to the end of the day"
    with pytest.raises(NotAllowed):
        services.end_role(row, timezone.localdate() + ONE_DAY, by)


def test_the_last_administrator_stays() -> None:
    by, other = administrator(), administrator()
    services.take_role_away(other.memberships.get(), by)
    by.memberships.update(valid_to=timezone.localdate())
    third = administrator()
    with pytest.raises(NotAllowed, match="viimeinen"):
        services.end_role(third.memberships.get(), timezone.localdate(), by)
    with pytest.raises(NotAllowed, match="viimeinen"):
        services.close_account(third, by)
    assert User.objects.get(pk=third.pk).is_active


def test_nobody_is_asked_for_an_administrator_when_another_role_ends() -> None:
    by = administrator()
    by.memberships.update(valid_to=timezone.localdate() + 30 * ONE_DAY)
    for change in (
        lambda row: services.take_role_away(row, by),
        lambda row: services.end_role(row, timezone.localdate(), by),
        lambda row: services.close_account(row.user, by),
    ):
        change(with_role(Role.CASE_WORKER).memberships.get())


def test_an_administrator_until_a_later_day_is_one_and_one_to_come_is_none() -> None:
    by, other = administrator(), administrator()
    by.memberships.update(valid_to=timezone.localdate() + 30 * ONE_DAY)
    row = other.memberships.get()
    with pytest.raises(NotAllowed, match="viimeinen"):
        services.end_role(row, timezone.localdate() + 60 * ONE_DAY, by)
    services.end_role(row, timezone.localdate() + 10 * ONE_DAY, by)

    coming = RoleMembershipFactory(role=Role.ADMINISTRATOR, area=None, valid_from=timezone.localdate() + ONE_DAY)
    assert coming.valid_to is None
    by.memberships.update(valid_to=timezone.localdate())
    with pytest.raises(NotAllowed, match="viimeinen"):
        services.take_role_away(row, by)


def test_who_becomes_an_administrator_may_open_the_administration_and_only_while_being_one() -> None:
    by, person = administrator(), confirm_address(with_role(Role.MANAGER))
    person.memberships.update(valid_to=timezone.localdate() - ONE_DAY)
    held = services.give_role(RoleMembership(user=person, role=Role.ADMINISTRATOR, valid_from=timezone.localdate()), by)
    assert User.objects.get(pk=person.pk).is_staff
    services.take_role_away(held, by)
    assert not User.objects.get(pk=person.pk).is_staff


def test_a_closed_account_is_out_and_stays_out() -> None:
    by, person = administrator(), with_role(Role.CASE_WORKER)
    client = Client()
    client.force_login(person)
    services.close_account(person, by)
    closed = User.objects.get(pk=person.pk)
    assert client.get(reverse("accounts:own")).status_code == 302
    assert (closed.is_active, closed.closed_at is None) == (False, False)
    with pytest.raises(NotAllowed):
        services.give_role(role_for(closed), by)
    services.open_account(closed, by)
    assert not may(User.objects.get(pk=person.pk), Permission.SEEKERS_VIEW), "roles are given anew"
    assert person.memberships.get().valid_to == timezone.localdate() - ONE_DAY


def test_a_reset_second_factor_ends_sessions_and_is_told() -> None:
    by, person = administrator(), confirm_address(with_role(Role.CASE_WORKER))
    client = Client()
    client.force_login(person)
    client.get(reverse("accounts:own"))
    services.reset_second_factor(person, by)
    assert not Authenticator.objects.filter(user=person).exists()
    assert Message.objects.filter(kind="second_factor_reset", recipient_id=person.pk).exists()
    again = Client()
    again.force_login(User.objects.get(pk=person.pk))
    assert "kaksivaiheinen" in again.get(reverse("accounts:own")).headers["Location"]


def test_a_new_address_is_confirmed_by_its_owner_and_the_old_one_is_told() -> None:
    by, person = administrator(), with_role(Role.CASE_WORKER, email="old@example.org")
    services.change_details(person, first_name="Uusi", last_name="Nimi", email="New@example.org", language="sv", by=by)
    changed = User.objects.get(pk=person.pk)
    assert (changed.email, changed.first_name, changed.language) == ("new@example.org", "Uusi", "sv")
    assert not EmailAddress.objects.get(user=changed).verified
    assert Message.objects.filter(kind="address_changed", address="old@example.org").exists()


def test_the_list_is_found_by_words_that_stand_in_no_address() -> None:
    client = Client()
    client.force_login(administrator())
    somebody = with_role(Role.CASE_WORKER, last_name="Kivikoski")
    with_role(Role.CASE_WORKER, last_name="Toinen")
    answer = client.post(reverse("accounts:search_people"), {"q": "kivik", "filters": "role=case_worker"})
    assert "kivik" not in answer.headers["Location"].lower()
    page = client.get(answer.headers["Location"])
    assert [user.pk for user in page.context["page_obj"]] == [somebody.pk]
    table = client.get(f"{reverse('accounts:export_people')}?role=case_worker").content.decode("utf-8-sig")
    assert "Kivikoski" in table
    assert "Toinen" in table


def test_filters_find_what_stands_out() -> None:
    client = Client()
    client.force_login(administrator())
    without = with_role(Role.CASE_WORKER, enrolled=False)
    nothing = UserFactory(enrolled=False)
    RoleMembershipFactory(user=nothing, valid_to=timezone.localdate() - ONE_DAY)
    Authenticator.objects.filter(user=nothing).delete()

    def found(query: str) -> set[int]:
        return {user.pk for user in client.get(f"{reverse('accounts:people')}?{query}").context["page_obj"]}

    assert found("state=no_factor") == {without.pk, nothing.pk}
    assert found("state=no_role") == {nothing.pk}
    assert found("state=closed") == set()


def test_nobody_can_act_as_somebody_else() -> None:
    words = ("hijack", "impersonat", "login_as", "su_", "masquerade")
    assert not [name for name in addresses() if any(word in name for word in words)]
    routes = str([str(one.pattern) for one in get_resolver().url_patterns])
    assert not [word for word in words[:2] if word in routes]
    from django.conf import settings

    assert not [app for app in (*settings.INSTALLED_APPS, *settings.MIDDLEWARE) if any(w in app for w in words)]
