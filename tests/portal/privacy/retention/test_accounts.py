"""Accounts lose all but the name first, and the name when nobody has to answer for it any more."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import Role
from portal.privacy.retention.accounts import ACCOUNTS, EMPTIED, NAMES
from portal.privacy.retention.models import RetentionNotice
from portal.privacy.retention.rules import Block
from portal.privacy.retention.work import carry_out
from tests.factories import JobSeekerFactory, UserFactory, with_role
from tests.portal.privacy.access.logged import add_row
from tests.rights import notice_of

pytestmark = pytest.mark.django_db


def closed(days: int, **fields: Any) -> User:
    """An account with a role, closed so many days ago; somebody had signed in with it."""
    then = timezone.now() - timedelta(days=days)
    user = with_role(Role.CASE_WORKER, last_login=then, **fields)
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=then, date_joined=then)
    return user


def ripe(user: User, today: date, rule: str = "accounts") -> RetentionNotice:
    return notice_of(user.pk, rule, noticed_on=today - timedelta(days=20), delete_on=today)


def test_a_closed_account_is_emptied_and_keeps_its_name(today: date) -> None:
    user = closed(400)
    EmailAddress.objects.create(user=user, email=user.email)
    ripe(user, today)
    assert carry_out(ACCOUNTS, today).deleted == 1
    left = User.objects.get(pk=user.pk)
    assert left.get_full_name() == user.get_full_name()
    assert left.email == f"{user.pk}{EMPTIED}"
    assert (left.is_active, left.last_login, left.has_usable_password()) == (False, None, False)
    assert not RoleMembership.objects.filter(user=user).exists()
    assert not EmailAddress.objects.filter(user=user).exists()


def test_an_account_that_nobody_signed_in_with_goes_whole(today: date) -> None:
    user = closed(400)
    User.objects.filter(pk=user.pk).update(last_login=None)
    ripe(user, today)
    carry_out(ACCOUNTS, today)
    assert not User.objects.filter(pk=user.pk).exists()


def test_whose_account_is_not_due(today: date) -> None:
    long_ago = timezone.now() - timedelta(days=4000)
    working = with_role(Role.CASE_WORKER, last_login=long_ago)
    maintainer = UserFactory(is_superuser=True, last_login=long_ago)
    recent = closed(300)
    User.objects.filter(pk__in=[working.pk, maintainer.pk]).update(date_joined=long_ago)
    assert not {one.pk for one in ACCOUNTS.due(today - timedelta(days=365))} & {working.pk, maintainer.pk, recent.pk}


def test_an_account_whose_last_role_has_ended_is_due(today: date) -> None:
    user = with_role(Role.CASE_WORKER)
    old = timezone.now() - timedelta(days=900)
    User.objects.filter(pk=user.pk).update(date_joined=old, last_login=old)
    RoleMembership.objects.filter(user=user).update(valid_to=today - timedelta(days=500))
    assert user.pk in {one.pk for one in ACCOUNTS.due(today - timedelta(days=365))}


def test_a_coach_waits_until_the_jobseekers_have_another(today: date) -> None:
    user = closed(400)
    seeker = JobSeekerFactory(coach=user)
    ripe(user, today)
    assert dict(carry_out(ACCOUNTS, today).blocked) == {Block.SERVES_SEEKERS: 1}
    seeker.coach = UserFactory()
    seeker.save()
    assert carry_out(ACCOUNTS, today).deleted == 1


def test_a_client_whom_nobody_may_know_of_keeps_no_account(today: date) -> None:
    """How many accounts wait is shown to auditors, managers and administrators."""
    user = closed(400)
    hidden = JobSeekerFactory(coach=user, hidden=True)
    ripe(user, today)
    done = carry_out(ACCOUNTS, today)
    assert (dict(done.blocked), done.deleted) == ({}, 1)
    hidden.refresh_from_db()
    assert hidden.coach is None or hidden.coach.email.endswith("@closed.invalid")


def test_the_name_goes_ten_years_after_the_account_was_closed(today: date) -> None:
    user = closed(400)
    ripe(user, today)
    carry_out(ACCOUNTS, today)
    assert carry_out(NAMES, today).found == 0
    User.objects.filter(pk=user.pk).update(closed_at=timezone.now() - timedelta(days=3700))
    assert carry_out(NAMES, today).deleted == 1
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_name_stays_while_the_access_log_names_the_account(today: date) -> None:
    user = closed(400)
    ripe(user, today)
    carry_out(ACCOUNTS, today)
    User.objects.filter(pk=user.pk).update(closed_at=timezone.now() - timedelta(days=3700))
    add_row(user_id=user.pk)
    done = carry_out(NAMES, today)
    assert (dict(done.blocked), done.deleted) == ({Block.NAMED_IN_LOG: 1}, 0)


def test_an_emptied_account_is_not_emptied_again(today: date) -> None:
    user = closed(400)
    ripe(user, today)
    carry_out(ACCOUNTS, today)
    assert carry_out(ACCOUNTS, today).found == 0
