"""Copies of the small world whose rows are committed, each walked through once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import clone, drop
from tests.world import World


@dataclass(frozen=True)
class WorldCopy:
    """A database with the rows of the small world; `using_database(copy.name)` works in it."""

    name: str
    world: World


Copy = Callable[[str], AbstractContextManager[WorldCopy]]


@pytest.fixture(scope="session")
def copy_of_world(world_database: tuple[str, World], django_db_blocker: DjangoDbBlocker) -> Copy:
    """A copy of the small world by name; thrown away at the end of the block."""
    source, world = world_database

    @contextmanager
    def copied(name: str) -> Iterator[WorldCopy]:
        target = f"{source}_{name}"
        with django_db_blocker.unblock():
            clone(source, target)
            try:
                with connection.cursor() as cursor:
                    # Nobody needs the copy after a crash: the thousands of rows of logs do not wait for the disk.
                    off = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
                    cursor.execute(off.format(sql.Identifier(target)))
                yield WorldCopy(target, world)
            finally:
                drop(target)

    return copied
