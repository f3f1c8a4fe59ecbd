"""A generated area of size S in a database of its own, made once; what a test changes in it is rolled back."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from jobmatching.generator.area import Generated, generate_area
from jobmatching.generator.sizes import Size
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.classifications.models import EmploymentArea
from tests.databases import clone, drop, using_database
from tests.factories import with_role

AS_OF = date(2026, 11, 21)
SEED = 7


@pytest.fixture(scope="session")
def _area_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, Generated]]:
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_generated"
        clone(usual, name)
        with using_database(name):
            call_command("load_builtin", verbosity=0)
            call_command("import_esco", scheme=Scheme.DEMO.value, verbosity=0)
            home = EmploymentArea.objects.get(municipalities__code="851")
            for _coach in range(3):
                with_role(Role.CASE_WORKER, home)
            with_role(Role.MANAGER, home)
            made = generate_area(Size.S, SEED, AS_OF)
    yield name, made
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture
def area(_area_database: tuple[str, Generated], django_db_blocker: DjangoDbBlocker) -> Iterator[Generated]:
    """What was generated. Not together with `db`."""
    name, made = _area_database
    with django_db_blocker.unblock(), using_database(name), transaction.atomic():
        yield made
        transaction.set_rollback(True)
