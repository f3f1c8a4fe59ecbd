"""Whose membership opens which employment area."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission as DjangoPermission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from employers.models import Vacancy
from portal.accounts.models import RoleMembership
from portal.accounts.permissions import areas_where, may
from portal.accounts.roles import AREA_ROLES, INSTALLATION_ROLES, Permission, Role
from tests.factories import EmploymentAreaFactory, UserFactory, VacancyFactory, with_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.EMPLOYER_MEMBER, Role.EMPLOYER_OWNER])
def test_an_employers_person_gets_no_area_even_where_the_membership_names_one(role: Role) -> None:
    area = EmploymentAreaFactory()
    somebody_elses = VacancyFactory(area=area)
    user = with_role(role, area)

    assert may(user, Permission.VACANCIES_VIEW)
    assert areas_where(user, Permission.VACANCIES_VIEW) == frozenset()
    assert somebody_elses not in Vacancy.objects.visible_to(user)


def test_an_areas_own_staff_get_that_area_alone() -> None:
    area, other = EmploymentAreaFactory(), EmploymentAreaFactory()

    assert areas_where(with_role(Role.CASE_WORKER, area), Permission.SEEKERS_VIEW) == {area.pk}
    assert areas_where(with_role(Role.MANAGER, other), Permission.SEEKERS_VIEW) == frozenset()


@pytest.mark.parametrize("role", sorted(INSTALLATION_ROLES))
def test_a_role_of_the_whole_installation_names_no_area(role: Role) -> None:
    area = EmploymentAreaFactory()
    membership = RoleMembership(user=UserFactory(), role=role, area=area, valid_from=date(2026, 1, 1))

    with pytest.raises(ValidationError, match="koko palvelu"):
        membership.full_clean()
    with pytest.raises(IntegrityError, match="installation_role_has_no_area"), transaction.atomic():
        membership.save()

    membership.area = None
    membership.full_clean()
    membership.save()


def test_no_role_is_both_of_an_area_and_of_the_installation() -> None:
    assert not AREA_ROLES & INSTALLATION_ROLES


def test_the_migration_takes_areas_away_and_joins_what_then_overlaps() -> None:
    migration = import_module("portal.accounts.migrations.0003_roles_of_the_installation_have_no_area")
    user, other, day = UserFactory(), UserFactory(), date(2025, 1, 1)
    here, there = EmploymentAreaFactory(), EmploymentAreaFactory()
    with connection.cursor() as cursor:
        for later in ("accounts_membership_installation_role_has_no_area", "accounts_membership_duties_apart"):
            cursor.execute(f"ALTER TABLE accounts_rolemembership DROP CONSTRAINT {later}")

    def held(by: object, area: object, first: int, last: int | None, role: Role = Role.AUDITOR) -> None:
        ends = None if last is None else day + timedelta(days=last)
        RoleMembership.objects.create(
            user=by, role=role, area=area, valid_from=day + timedelta(days=first), valid_to=ends
        )

    held(user, here, 0, 10)
    held(user, there, 5, 20)
    held(user, here, 30, 40)
    held(user, None, 35, None)
    held(other, there, 7, 8)
    held(other, there, 0, 100, Role.CASE_WORKER)

    migration.take_areas_away(apps, None)

    def days(of: object, role: Role) -> list[tuple[int, int | None]]:
        rows = RoleMembership.objects.filter(user=of, role=role).order_by("valid_from")
        return [((one.valid_from - day).days, one.valid_to and (one.valid_to - day).days) for one in rows]

    assert days(user, Role.AUDITOR) == [(0, 20), (30, None)]
    assert days(other, Role.AUDITOR) == [(7, 8)]
    assert not RoleMembership.objects.filter(role=Role.AUDITOR, area__isnull=False).exists()
    assert days(other, Role.CASE_WORKER) == [(0, 100)]


def test_a_permission_of_the_portal_is_answered_by_roles_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Not even a row of that name in Django's own tables opens anything, and none of them is read."""
    user = with_role(Role.EMPLOYER_OWNER)
    code = Permission.SEEKERS_VIEW.partition(".")[2]
    kind = ContentType.objects.create(app_label=Permission.SEEKERS_VIEW.partition(".")[0], model="seeker")
    user.user_permissions.add(DjangoPermission.objects.create(content_type=kind, codename=code, name="x"))
    assert f"{kind.app_label}.{code}" == Permission.SEEKERS_VIEW
    assert may(user, Permission.VACANCIES_VIEW)  # memberships are read once

    with django_assert_num_queries(0):
        assert not user.has_perm(Permission.SEEKERS_VIEW)
        assert user.has_perm(Permission.VACANCIES_VIEW)
    other = DjangoPermission.objects.create(content_type=kind, codename="other", name="y")
    user.user_permissions.add(other)
    assert user.has_perm(f"{kind.app_label}.other")
