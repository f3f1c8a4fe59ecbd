"""People who sign in, their roles, teams and invitations."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from portal.accounts.models import Invitation, RoleMembership, StandIn, Team, TeamMembership, User, WorkPair
from portal.accounts.roles import AREA_ROLES, INSTALLATION_ROLES, STAFF_ROLES, Role
from portal.classifications.models import (
    EmploymentArea,
)
from tests.factories.classifications import EmploymentAreaFactory
from tests.factories.dates import TODAY
from tests.second_factor import enrol

PASSWORD = "a-long-enough-password"


def with_role(role: Role, area: EmploymentArea | None = None, **fields: Any) -> User:
    """A user who holds `role` from long ago on; area roles get an area of their own unless one is given. Staff are
    enrolled with an authenticator app (`tests.second_factor.code_of` tells its code), unless `enrolled=False`.

    Roles of the installation have none, whatever is given.
    """
    if area is None and role in AREA_ROLES:
        area = EmploymentAreaFactory()
    elif role in INSTALLATION_ROLES:
        area = None
    return UserFactory(role=role, area=area, **fields)


class UserFactory(DjangoModelFactory):
    """A user; with `role=` (and `area=`) the user holds that role. `with_role` is the short way."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        administrator = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")
    password = Password(PASSWORD)

    @factory.post_generation
    def role(self, create: bool, extracted: Role | None, **kwargs: Any) -> None:
        if extracted is not None:
            RoleMembershipFactory(user=self, role=extracted, area=self._role_area)

    @classmethod
    def _create(
        cls,
        model_class: type[User],
        *args: Any,
        area: EmploymentArea | None = None,
        enrolled: bool = True,
        **kwargs: Any,
    ) -> User:
        user = super()._create(model_class, *args, **kwargs)
        user._role_area, user._may_be_enrolled = area, enrolled
        if user.is_staff and enrolled:
            enrol(user)
        return user


class RoleMembershipFactory(DjangoModelFactory):
    """A role; whoever holds one of the staff has a second factor, as in life."""

    class Meta:
        model = RoleMembership

    user = factory.SubFactory(UserFactory)
    role = Role.CASE_WORKER
    area = factory.SubFactory(EmploymentAreaFactory)
    valid_from = date(2020, 1, 1)

    @classmethod
    def _create(cls, model_class: type[RoleMembership], *args: Any, **kwargs: Any) -> RoleMembership:
        membership = super()._create(model_class, *args, **kwargs)
        if membership.role in STAFF_ROLES and getattr(membership.user, "_may_be_enrolled", True):
            enrol(membership.user)
        return membership


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    area = factory.SubFactory(EmploymentAreaFactory)
    name = factory.Sequence(lambda n: f"Tiimi {n}")


class TeamMembershipFactory(DjangoModelFactory):
    class Meta:
        model = TeamMembership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    valid_from = date(2020, 1, 1)


class WorkPairFactory(DjangoModelFactory):
    class Meta:
        model = WorkPair

    area = factory.SubFactory(EmploymentAreaFactory)
    first = factory.SubFactory(UserFactory)
    second = factory.SubFactory(UserFactory)
    sector = "teollisuus"
    valid_from = date(2020, 1, 1)


class StandInFactory(DjangoModelFactory):
    """Somebody stands in for a colleague, around the day of the stories."""

    class Meta:
        model = StandIn

    absent = factory.SubFactory(UserFactory)
    stand_in = factory.SubFactory(UserFactory)
    valid_from = TODAY - timedelta(days=3)
    valid_to = TODAY + timedelta(days=3)
    reason = "holiday"


class InvitationFactory(DjangoModelFactory):
    """An open invitation of a case worker."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Invited{n}")
    last_name = factory.Sequence(lambda n: f"Guest{n}")
    role = Role.CASE_WORKER
    area = factory.LazyAttribute(lambda o: EmploymentAreaFactory() if o.role in AREA_ROLES else None)
    valid_from = date(2020, 1, 1)
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    link_hash = factory.Sequence(lambda n: f"{n:064d}")
