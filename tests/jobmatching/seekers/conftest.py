"""An area with a personal coach who is signed in."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from tests.factories import EmploymentAreaFactory, with_role


@pytest.fixture
def area(db: None) -> EmploymentArea:
    return EmploymentAreaFactory()


@pytest.fixture
def coach(area: EmploymentArea) -> User:
    return with_role(Role.CASE_WORKER, area)


@pytest.fixture
def signed_in(client: Client, coach: User) -> Client:
    client.force_login(coach)
    return client
