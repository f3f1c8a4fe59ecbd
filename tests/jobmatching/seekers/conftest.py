"""An area with a personal coach who is signed in."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    EducationLevelFactory,
    EmploymentAreaFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    with_role,
)
from tests.jobmatching.seekers.sheets import CODE, Cells, person


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


@pytest.fixture
def registers(db: None) -> None:
    for code in ("fi", "sv", "en"):
        LanguageFactory(code=code)
    for code in ("B", "C1C"):
        DrivingLicenceFactory(code=code)
    for code in ("013", "022"):
        CardFactory(code=code)
    EducationLevelFactory(code="32")
    MunicipalityFactory(code="047", name_fi="Enontekiö", name_sv="Enontekis")
    OccupationFactory(uri="https://test.example/occupation/welder", code="7212.1", name_fi="hitsaaja")
    OccupationFactory(uri="https://test.example/occupation/smith", code="7221.1", name_fi="seppä")


@pytest.fixture
def whole() -> Cells:
    """A row in which every column says something."""
    return person(
        identity_code=CODE,
        home_municipality="047",
        email="aino@example.org",
        phone="'+358 40 123 4567",
        service_language="sv",
        occupations="7221.1;https://test.example/occupation/welder",
        max_travel_minutes="60",
        own_car="kyllä",
        ready_to_move="no",
        available_from="31.12.2026",
        languages="sv:L1;fi:B2",
        licences="C1C;B",
        cards="022;013",
        education_level="32",
        registered_on="2026-01-15",
        situation="unemployed",
    )
