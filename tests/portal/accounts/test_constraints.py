"""Each named constraint of the accounts' tables keeps out what it is named for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import KnownDevice, RoleMembership, RolePermission, WorkPair
from portal.accounts.roles import Role
from tests.factories import (
    EmploymentAreaFactory,
    InvitationFactory,
    RoleMembershipFactory,
    StandInFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkPairFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
BEFORE = DAY - timedelta(days=1)


def _address_twice() -> None:
    UserFactory(email="somebody@example.org")
    UserFactory(email="Somebody@Example.org")


def _role_twice() -> None:
    held = RoleMembershipFactory(valid_from=DAY, valid_to=DAY)
    RoleMembershipFactory(user=held.user, area=held.area, valid_from=BEFORE)


def _role_twice_without_area() -> None:
    held = RoleMembershipFactory(role=Role.AUDITOR, area=None)
    RoleMembershipFactory(role=Role.AUDITOR, area=None, user=held.user, valid_from=DAY)


def _administrator_with_clients() -> None:
    held = RoleMembershipFactory(role=Role.ADMINISTRATOR, area=None, valid_to=DAY)
    RoleMembershipFactory(role=Role.CASE_WORKER, user=held.user, valid_from=DAY)


def _team_twice() -> None:
    team = TeamFactory(name="Pohjoinen")
    TeamFactory(area=team.area, name="pohjoinen")


def _in_team_twice() -> None:
    held = TeamMembershipFactory()
    TeamMembershipFactory(team=held.team, user=held.user, valid_from=DAY)


def _pair_with_oneself() -> None:
    alone = UserFactory()
    WorkPairFactory(first=alone, second=alone)


def _pair_twice_the_other_way() -> None:
    pair = WorkPairFactory(sector="Teollisuus")
    WorkPairFactory(area=pair.area, first=pair.second, second=pair.first, sector="teollisuus", valid_from=DAY)


def _for_oneself() -> None:
    alone = UserFactory()
    StandInFactory(absent=alone, stand_in=alone)


def _stands_in_twice() -> None:
    held = StandInFactory()
    StandInFactory(absent=held.absent, stand_in=held.stand_in, valid_from=held.valid_to)


def _invited_twice() -> None:
    InvitationFactory(email="new@example.org")
    InvitationFactory(email="New@example.org")


def _permission_twice() -> None:
    for _time in range(2):
        RolePermission.objects.create(role=Role.AUDITOR, permission="made.up", since=timezone.now())


def _device_twice() -> None:
    user = UserFactory()
    for words in ("Firefox", "Chrome"):
        KnownDevice.objects.create(user=user, mark_hash="a" * 64, words=words)


BREAKERS: dict[str, Callable[[], object]] = {
    "accounts_user_email_lower": _address_twice,
    "accounts_membership_ends_after_start": lambda: RoleMembershipFactory(valid_from=DAY, valid_to=BEFORE),
    "accounts_membership_area_role_has_area": lambda: RoleMembershipFactory(role=Role.TEAM_LEAD, area=None),
    "accounts_membership_installation_role_has_no_area": lambda: RoleMembershipFactory(role=Role.AUDITOR),
    "accounts_membership_never_overlaps": _role_twice,
    "accounts_membership_duties_apart": _administrator_with_clients,
    "accounts_rolepermission_in_force_once": _permission_twice,
    "accounts_rolepermission_ends_after_start": lambda: RolePermission.objects.create(
        role=Role.AUDITOR, permission="made.up", since=timezone.now(), until=timezone.now() - timedelta(days=1)
    ),
    "accounts_team_name_once": _team_twice,
    "accounts_team_has_name": lambda: TeamFactory(name=""),
    "accounts_teammembership_ends_after_start": lambda: TeamMembershipFactory(valid_from=DAY, valid_to=BEFORE),
    "accounts_teammembership_never_overlaps": _in_team_twice,
    "accounts_workpair_ends_after_start": lambda: WorkPairFactory(valid_from=DAY, valid_to=BEFORE),
    "accounts_workpair_is_two_people": _pair_with_oneself,
    "accounts_workpair_has_sector": lambda: WorkPairFactory(sector=""),
    "accounts_workpair_never_overlaps": _pair_twice_the_other_way,
    "accounts_standin_ends_after_start": lambda: StandInFactory(valid_from=DAY, valid_to=BEFORE),
    "accounts_standin_is_somebody_else": _for_oneself,
    "accounts_standin_has_reason": lambda: StandInFactory(reason="flu"),
    "accounts_standin_never_overlaps": _stands_in_twice,
    "accounts_invitation_ends_after_start": lambda: InvitationFactory(valid_from=DAY, valid_to=BEFORE),
    "accounts_invitation_is_for_staff": lambda: InvitationFactory(role=Role.EMPLOYER_OWNER),
    "accounts_invitation_area_role_has_area": lambda: InvitationFactory(area=None),
    "accounts_invitation_installation_role_has_no_area": lambda: InvitationFactory(
        role=Role.AUDITOR, area=EmploymentAreaFactory()
    ),
    "accounts_invitation_expires_after_sending": lambda: InvitationFactory(
        expires_at=timezone.now() - timedelta(days=1)
    ),
    "accounts_invitation_ends_once": lambda: InvitationFactory(
        accepted_at=timezone.now(), withdrawn_at=timezone.now(), user=UserFactory()
    ),
    "accounts_invitation_accepted_by_somebody": lambda: InvitationFactory(accepted_at=timezone.now()),
    "accounts_invitation_one_open": _invited_twice,
    "accounts_device_once": _device_twice,
}


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKERS[name]()


def test_every_constraint_is_tried() -> None:
    named = {c.name for model in apps.get_app_config("accounts").get_models() for c in model._meta.constraints}
    assert named == set(BREAKERS)


def test_a_role_without_an_area_is_not_held_twice_either() -> None:
    with pytest.raises(IntegrityError, match="never_overlaps"), transaction.atomic():
        _role_twice_without_area()


@pytest.mark.parametrize(
    ("one", "another"),
    [
        (Role.ADMINISTRATOR, Role.AUDITOR),
        (Role.AUDITOR, Role.MANAGER),
        (Role.EMPLOYER_OWNER, Role.EMPLOYER_SPECIALIST),
        (Role.PARTNER_WORKER, Role.EMPLOYER_MEMBER),
    ],
)
def test_duties_that_must_be_apart_are_told_in_words(one: Role, another: Role) -> None:
    held = UserFactory(role=one, area=None)
    area = EmploymentAreaFactory() if another in (Role.MANAGER, Role.EMPLOYER_SPECIALIST) else None

    with pytest.raises(ValidationError, match="muuta roolia"):
        RoleMembership(user=held, role=another, area=area, valid_from=DAY).full_clean()


def test_duties_may_follow_each_other_and_staff_may_hold_several_roles() -> None:
    held = RoleMembershipFactory(role=Role.CASE_WORKER, valid_to=BEFORE)
    RoleMembershipFactory(role=Role.TEAM_LEAD, user=held.user, area=held.area, valid_to=BEFORE)
    RoleMembershipFactory(role=Role.ADMINISTRATOR, area=None, user=held.user, valid_from=DAY)
    RoleMembershipFactory(role=Role.EMPLOYER_MEMBER, area=None)

    assert held.user.memberships.count() == 3


def test_an_overlap_is_told_in_words() -> None:
    pair = WorkPairFactory()
    again = WorkPair(area=pair.area, first=pair.second, second=pair.first, sector=pair.sector, valid_from=DAY)
    with pytest.raises(ValidationError, match="työpari"):
        again.full_clean()
