"""What every test stands on: strict templates, random order of unordered rows, a clean language and cache."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation

from tests.strict.order import random_where_unordered
from tests.strict.templates import FailWhereOurs


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
