"""A provider under the test's control, and a database whose rows are really committed."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from portal.outbox.adapters import memory
from tests.databases import clone, drop, using_database
from tests.portal.outbox import providers
from tests.portal.outbox.providers import PROVIDER, Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Mail and text messages go to a provider that the test commands."""
    providers.reset()
    with override_settings(OUTBOX_MAIL_ADAPTER=providers.PATH, OUTBOX_SMS_ADAPTER=providers.PATH):
        yield PROVIDER


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    memory.outbox.clear()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of the test's own, where what is committed is committed: for crashes and several connections."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_outbox"
    with django_db_blocker.unblock():
        clone(usual, name)
        with using_database(name):
            yield name
        drop(name)
