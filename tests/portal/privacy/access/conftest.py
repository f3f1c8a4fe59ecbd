"""A database of the test's own whose log is written on a connection of its own, as in production."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import clone, drop, using_database


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker, settings: Any) -> Iterator[str]:
    """A copy of the empty test database, for work on several connections; its name. Not together with `db`."""
    settings.ACCESS_LOG_DATABASE = "access_log"
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_log"
        clone(usual, name)
        with using_database(name):
            yield name
        drop(name)
