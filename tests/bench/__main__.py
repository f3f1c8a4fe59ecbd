"""`python -m tests.bench`, started by `dev.py bench`: benchmarks on databases of their own."""

import argparse
import os
import sys
from pathlib import Path

import django


def main(arguments: list[str]) -> int:
    """Run one benchmark; the exit code of the process."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Benchmarks; see docs/benchmarks.md.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("matching", help="the nightly matching beside its peers, and the whole night")
    one.add_argument("--size", choices=("S", "M", "L"), default="S", help="4,000 / 60,000 / 500,000 jobseekers")
    one.add_argument("--json", action="store_true", help="print the figures as one JSON object, as the last line")
    one.add_argument("--esco", type=Path, metavar="PATH", help="folder or zip of the official ESCO CSV download")
    one.add_argument(
        "--municipalities",
        type=Path,
        metavar="PATH",
        help="national key (folder or CSV) instead of an invented country",
    )
    one.add_argument("--people", type=int, help=argparse.SUPPRESS)
    one.add_argument("--vacancies", type=int, help=argparse.SUPPRESS)
    two = commands.add_parser("access_log", help="how long a read waits for its row in the access log")
    two.add_argument("--reads", type=int, default=5_000, help="reads that are noted (5,000)")
    two.add_argument("--rows", type=int, default=300_000, help="rows that the log has before (300,000)")
    two.add_argument("--json", action="store_true", help="print the figures as one JSON object, as the last line")
    three = commands.add_parser("history", help="what it costs that every change is written down")
    three.add_argument("--repetitions", type=int, default=5, help="how often each piece of work is done (5)")
    three.add_argument("--json", action="store_true", help="print the figures as one JSON object, as the last line")
    four = commands.add_parser("pages", help="how long people wait for a page, with the access log and without it")
    four.add_argument("--size", choices=("S", "M", "L"), default="M", help="4,000 / 60,000 / 500,000 jobseekers")
    four.add_argument("--requests", type=int, default=300, help="requests of each page that count (300)")
    four.add_argument("--warm-up", type=int, default=40, help="requests of each page before those (40)")
    four.add_argument("--log-rows", type=int, default=300_000, help="rows that the access log has before (300,000)")
    four.add_argument("--json", action="store_true", help="print the figures as one JSON object, as the last line")
    four.add_argument("--people", type=int, help=argparse.SUPPRESS)
    four.add_argument("--vacancies", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    django.setup()
    if options.command == "access_log":
        from tests.bench.access_log import suite

        return suite.run(options.reads, options.rows, as_json=options.json)
    if options.command == "history":
        from tests.bench.history.suite import run as measure_history

        return measure_history(options.repetitions, as_json=options.json)
    from tests.bench.matching.database import Wishes

    if options.command == "pages":
        from tests.bench.pages import suite as pages

        wishes = Wishes(options.size, people=options.people, vacancies=options.vacancies)
        plan = pages.Plan(options.requests, options.warm_up, options.log_rows)
        return pages.run(wishes, plan, as_json=options.json)
    from tests.bench.matching.suite import run

    found = run(
        Wishes(options.size, _whole(options.esco), _whole(options.municipalities), options.people, options.vacancies)
    )
    print(found.table())
    if options.json:
        print(found.json_line())
    return 0 if found.exact else 1


def _whole(path: Path | None) -> Path | None:
    return path.expanduser().resolve() if path else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
