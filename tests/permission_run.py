"""The whole permission matrix, asked by several processes on throw-away databases: `manage.py permission_matrix`.

Started as `python -m tests.permission_run` with the settings of the tests. Each process has a clone of the small world.
Standard output is JSON: one line an answer, in the order of the tables; the last line counts.
"""

import json
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.queues import SimpleQueue
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

if TYPE_CHECKING:
    from tests.permission_answers import Answer, Visitors
    from tests.world import World

_HARNESSES = ("tests.strict.", "zeal.")
"""Middleware that looks at something else than who may come in, and makes each request slower."""
_world: "World | None" = None
_visitors: "Visitors | None" = None
_MOST_AT_ONCE = 8


def main(processes: int, beginning: str) -> int:
    """Build the world, ask about addresses whose names have this beginning, print; the number of unexpected answers."""
    logging.disable(logging.CRITICAL)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(_HARNESSES)]
    settings.DATABASES["default"]["TEST"] = {"NAME": f"{settings.DATABASES['default']['NAME']}_{os.getpid()}_matrix"}
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the databases are thrown away

    from django.db import connection, connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.databases import clone, drop, drop_abandoned
    from tests.permission_answers import gaps
    from tests.world import build_world

    global _world  # handed to the processes by fork
    drop_abandoned(settings.DATABASES["default"]["NAME"])
    with ExitStack() as stack:
        made = setup_databases(0, interactive=False, aliases=["default"], serialized_aliases=[])
        stack.callback(teardown_databases, made, 0)
        _world = build_world()
        usual = connection.settings_dict["NAME"]
        names = [f"{usual}_{number}" for number in range(processes)]
        for name in names:
            stack.callback(drop, name)
            clone(usual, name)
        connections.close_all()
        found = [*_gap_rows([] if beginning else gaps()), *_ask_all(names, beginning)]
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    unexpected = sum(row["got"] != row["expected"] for row in found)
    print(json.dumps({"rows": len(found), "unexpected": unexpected}))
    return unexpected


def _gap_rows(gaps: list[str]) -> Iterator[dict[str, Any]]:
    """What the tables do not say is as unexpected as a wrong answer."""
    for gap in gaps:
        print(gap, file=sys.stderr)
        yield {"url": gap, "method": "GET", "role": "anonymous", "object": "none", "expected": 200, "got": 0}


def _ask_all(names: list[str], beginning: str) -> list[dict[str, Any]]:
    """The answers of the rows and rules, in their order."""
    from tests.addresses import addresses
    from tests.permission_matrix import ROWS, RULES

    known = addresses()
    rows = [("row", n) for n, row in enumerate(ROWS) if row.name in known and row.name.startswith(beginning)]
    rules = [("rule", n) for n, rule in enumerate(RULES) if rule.prefix.startswith(beginning)]
    fork = multiprocessing.get_context("fork")
    own_databases: SimpleQueue[str] = fork.SimpleQueue()
    for name in names:
        own_databases.put(name)
    with fork.Pool(len(names), initializer=_open_own, initargs=(own_databases,)) as pool:
        # The administration, the longest, is begun first; whoever is free takes the next.
        answered = dict(pool.imap_unordered(_ask, [*rules, *rows]))
    return [answer for part in [*rows, *rules] for answer in answered[part]]


def _open_own(names: "SimpleQueue[str]") -> None:
    """A process works on a database of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from django.db import connections

    name = names.get()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name


def _ask(part: tuple[str, int]) -> tuple[tuple[str, int], list[dict[str, Any]]]:
    """The answers of one row or rule."""
    from django.core.cache import cache

    from tests.permission_answers import Visitors, answers_of, rule_answers
    from tests.permission_matrix import ROWS, RULES

    assert _world is not None
    global _visitors
    _visitors = _visitors or Visitors(raises=False)
    kind, number = part
    cache.clear()
    if kind == "row":
        return part, [_row(answer) for answer in answers_of(ROWS[number], _world, _visitors)]
    return part, [_row(answer) for answer in rule_answers(RULES[number], _world, _visitors)]


def _row(answer: "Answer") -> dict[str, Any]:
    case = answer.case
    return {
        "url": case.url,
        "method": case.method,
        "role": case.who,
        "object": case.object,
        "expected": answer.expected,
        "got": answer.got,
    }


if __name__ == "__main__":
    sys.exit(1 if main(min(int(sys.argv[1]), _MOST_AT_ONCE), *sys.argv[2:]) else 0)
