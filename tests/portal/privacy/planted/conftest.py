"""Copies of the small world whose rows are committed, each walked through once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import clone, drop, using_database
from tests.world import World

Copy = Callable[[str], AbstractContextManager[World]]


@pytest.fixture(scope="session")
def copy_of_world(world_database: tuple[str, World], django_db_blocker: DjangoDbBlocker) -> Copy:
    """A copy of the small world by name; thrown away at the end of the block."""
    source, world = world_database

    @contextmanager
    def copied(name: str) -> Iterator[World]:
        target = f"{source}_{name}"
        with django_db_blocker.unblock():
            clone(source, target)
            try:
                with using_database(target):
                    yield world
            finally:
                drop(target)

    return copied
