"""Looking for planted words: in answers, logs, tasks, cache, sessions, and every table of the database."""

import io
import logging
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from celery.app.task import Task
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponseBase


def words_in(text: str, words: Mapping[str, str]) -> set[str]:
    """Names of the words that stand in a text, however it is written: HTML, address, any case."""
    lowered = unquote(unescape(text)).casefold()
    return {name for name, word in words.items() if word.casefold() in lowered}


def text_of(response: HttpResponseBase) -> str:
    """Headers and content of an answer; what is packed in a spreadsheet is unpacked."""
    content = b"".join(response) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n\n{content.decode('utf-8', 'replace')}"


class Heard(logging.Handler):
    """All that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self._format = logging.Formatter("%(name)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self._format.format(record))


@contextmanager
def listening() -> Iterator[tuple[list[str], list[str]]]:
    """Lines of the log, and names and arguments of tasks, from here to the end of the block."""
    heard, sent = Heard(), list[str]()
    usual = Task.apply_async

    def noted(task: Any, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        sent.append(f"{task.name} {args!r} {kwargs!r} {options!r}")
        return usual(task, args, kwargs, **options)

    root = logging.getLogger()
    root.addHandler(heard)
    try:
        with patch.object(Task, "apply_async", noted):
            yield heard.lines, sent
    finally:
        root.removeHandler(heard)


def words_in_cache(words: Mapping[str, str]) -> set[str]:
    """Words in keys and values of the cache, which is then emptied (limits count in it)."""
    entries: Mapping[str, bytes] = cache._cache  # type: ignore[attr-defined]  the cache of this process
    text = "\n".join(f"{key} {value.decode('utf-8', 'replace')}" for key, value in entries.items())
    cache.clear()
    return words_in(text, words)


def words_in_sessions(words: Mapping[str, str]) -> set[str]:
    """Words in what the portal remembers of its visitors."""
    return words_in(str([session.get_decoded() for session in Session.objects.order_by("pk")]), words)


@lru_cache(maxsize=1)
def tables() -> tuple[str, ...]:
    """Every table that holds rows; of partitioned ones the parent, which shows all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
        )
        return tuple(name for (name,) in cursor.fetchall())


def tables_with(words: Iterable[str], but: frozenset[str] = frozenset()) -> set[str]:
    """Tables a row of which has one of the words in any column."""
    patterns = [f"%{word}%" for word in words]
    asked = [
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name} t WHERE t::text ILIKE ANY(%(patterns)s))"  # noqa: S608  names from the catalogue
        for name in tables()
        if name not in but
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked), {"patterns": patterns})
        return {name for (name,) in cursor.fetchall()}
