"""The benchmark of the access log as a command: a database of its own, thrown away afterwards."""

import json
from typing import Final

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests.bench.access_log import LONGEST_MS, measure, own_ms
from tests.bench.matching.say import step
from tests.databases import drop, using_database

DATABASE: Final = "bench_access_log"


def run(reads: int, rows: int, *, as_json: bool) -> int:
    """Measure and print; 1 where a request spends more than it may.

    That is by the median, and by the 95th percentile without what a bare round trip takes in the same moments.
    """
    drop(DATABASE)
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    try:
        with using_database(DATABASE):
            with step("Tables"):
                call_command("migrate", verbosity=0)
            with step(f"{rows} rows, then {reads} reads"):
                found = measure(reads, rows)
    finally:
        drop(DATABASE)
    good = found["median_ms"] < LONGEST_MS and own_ms(found, "p95_ms") < LONGEST_MS
    if as_json:
        print(json.dumps({**found, "limit_ms": LONGEST_MS, "good": good}))
    else:
        print(
            f"record(): median {found['median_ms']} ms, 95 % within {found['p95_ms']} ms, 99 % within"
            f" {found['p99_ms']} ms, longest {found['longest_ms']} ms, of {found['reads']} reads; SELECT 1 beside it:"
            f" median {found['select_1']['median_ms']} ms, 95 % within {found['select_1']['p95_ms']} ms"
            f" ({'waits' if found['waits_for_disk'] else 'does not wait'} for the disk; limit {LONGEST_MS} ms)"
        )
    return 0 if good else 1
