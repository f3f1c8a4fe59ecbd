"""The benchmark of the history as a command: a database of its own, thrown away afterwards."""

import json
from io import StringIO
from typing import Final

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests.bench.history import IMPORTED, ROWS, measure
from tests.bench.matching.say import step
from tests.databases import drop, using_database

DATABASE: Final = "bench_history"


def run(repetitions: int, *, as_json: bool) -> int:
    """Measure and print; 1 where a piece of work was not written down whole, or was where it should not be."""
    drop(DATABASE)
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    try:
        with using_database(DATABASE):
            with step("Tables and code lists"):
                call_command("migrate", verbosity=0)
                call_command("load_builtin", stdout=StringIO())
                call_command("import_esco", scheme="demo", stdout=StringIO())
            with step("An area of size M"):
                call_command("generate_area", size="M", verbosity=0)
            found = measure(ROWS, IMPORTED, repetitions)
    finally:
        drop(DATABASE)
    if as_json:
        print(json.dumps(found))
    else:
        for name, one in found.items():
            print(
                f"{name}: {one['with']:.2f} s with history ({one['events']:,} events), {one['without']:.2f} s without:"
                f" x {one['ratio']:.2f}"
            )
    return 0 if all(one["events"] >= IMPORTED and not one["events_without"] for one in found.values()) else 1
