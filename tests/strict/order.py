"""Rows of a queryset without an order come in a random one, as PostgreSQL may give them any day.

The order follows the seed that pytest-randomly prints, so that a failure can be repeated.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.models import QuerySet


@contextmanager
def random_where_unordered() -> Iterator[None]:
    """Shuffle what unordered querysets fetch; one that is cut (`[:5]`) is shuffled before the cut, by the database."""
    fetch_all = QuerySet._fetch_all
    iterate = QuerySet._iterator

    def fetch_all_shuffled(self: QuerySet[Any]) -> None:
        if self._result_cache is not None or self.ordered:
            fetch_all(self)
            return
        asked = self._query  # the property `query` would also change what kind of rows come back
        if _cut_without_order(self):
            self._query = asked.chain()
            self._query.add_ordering("?")
        try:
            fetch_all(self)
        finally:
            self._query = asked
        random.shuffle(self._result_cache)

    def iterate_shuffled(self: QuerySet[Any], use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        rows = iterate(self, use_chunked_fetch, chunk_size)
        if self.ordered:
            yield from rows
            return
        fetched = list(rows)
        random.shuffle(fetched)
        yield from fetched

    with mock.patch.multiple(QuerySet, _fetch_all=fetch_all_shuffled, _iterator=iterate_shuffled):
        yield


def _cut_without_order(rows: QuerySet[Any]) -> bool:
    """Whether the database can be asked to shuffle: not under DISTINCT, UNION or GROUP BY."""
    query = rows.query
    return bool(query.is_sliced) and not (query.distinct or query.combinator or query.group_by)
