"""A generated area small enough to match in a blink, with rules in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from jobmatching.generator.area import generate_area
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft
from portal.classifications.enums import Scheme
from tests.databases import clone, drop, using_database

DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Few:
    """An area of a size that tests can afford (jobmatching.generator.sizes has the real ones)."""

    seekers: int = 240
    vacancies: int = 60
    employers: int = 20
    whole_country: bool = False
    name: str = "few"


@pytest.fixture(scope="session")
def area_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A clone of the test database with classifications, a small area as of DAY, and rules in force."""
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_night"
        clone(usual, name)
        with using_database(name):
            call_command("load_builtin", verbosity=0)
            call_command("import_esco", scheme=Scheme.DEMO.value, verbosity=0)
            generate_area(Few(), seed=7, as_of=DAY)  # type: ignore[arg-type]
            put_in_force(draft(Scheme.DEMO), None, "Tests need rules.")
    yield name
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture
def area(area_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The small area; what a test changes in it is rolled back. Not together with `db`."""
    with django_db_blocker.unblock(), using_database(area_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committed_area(area_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the small area of the test's own, for work on several connections; its name."""
    name = f"{area_database}_own"
    with django_db_blocker.unblock():
        clone(area_database, name)
        with using_database(name):
            yield name
        drop(name)
