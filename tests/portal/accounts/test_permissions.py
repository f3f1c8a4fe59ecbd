"""Whose membership opens which employment area."""

import pytest

from employers.models import Vacancy
from portal.accounts.permissions import areas_where, may
from portal.accounts.roles import Permission, Role
from tests.factories import EmploymentAreaFactory, VacancyFactory, with_role

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
