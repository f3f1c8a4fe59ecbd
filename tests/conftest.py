"""What every test stands on: strict templates, random order of unordered querysets, servers of `dev.py test`."""

from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _no_stale_permissions() -> Iterator[None]:
    """Leave no language switched on for the next test."""
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
