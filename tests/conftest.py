"""What every test stands on: strict templates, random order, a clean language and cache, a small world."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import clone, drop, using_database
from tests.strict.order import random_where_unordered
from tests.strict.templates import FailWhereOurs
from tests.world import World, build_world


def pytest_configure() -> None:
    """Make undefined variables of our templates fail, before anything has loaded the template engine."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailWhereOurs()


@pytest.fixture(autouse=True, scope="session")
def _random_order() -> Iterator[None]:
    """Rows without an order come in a random one."""
    with random_where_unordered():
        yield


@pytest.fixture(autouse=True)
def _no_traces_of_other_tests() -> Iterator[None]:
    """Each test starts in the first language and the portal's time zone, with an empty cache."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    cache.clear()
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """The test database, also for a run whose tests all use a clone of it (pytest-django would make none then)."""
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(0, interactive=False, keepdb=keep, aliases=["default"], serialized_aliases=[])
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, 0)


@pytest.fixture(scope="session")
def world_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, World]]:
    """A clone of the test database, filled once per process with the small world."""
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_world"
        clone(usual, name)
        with using_database(name):
            world = build_world()
    yield name, world
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture
def world(world_database: tuple[str, World], django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The small world; what a test changes in it is rolled back. Not together with `db`."""
    name, filled = world_database
    with django_db_blocker.unblock(), using_database(name), transaction.atomic():
        yield filled
        transaction.set_rollback(True)
