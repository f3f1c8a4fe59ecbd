"""`manage.py permission_matrix`: who gets what at every address, asked of the portal itself."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

_RUN = "tests.permission_run"
_OUTSIDER = ", outsider"
_LAST_LINE = "rows"


class Command(BaseCommand):
    """Ask every address x method x role x object, and print what came beside what should come."""

    help = (
        "Asks every address with every method as every role, about own and other objects, on throw-away databases of"
        " its own, and prints what came. Exit code 1 where something unexpected came."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--json",
            action="store_true",
            help="one JSON object a line (url, method, role, object, expected, got); the last: rows, unexpected",
        )
        parser.add_argument(
            "--only", default="", metavar="BEGINNING", help="only addresses whose names begin so: seekers: or admin:"
        )
        parser.add_argument(
            "--processes", type=int, default=0, help="how many processes ask (default: one for each processor)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the questions of the test suite in a process with the settings of the tests."""
        if not settings.DEMO_ACCOUNTS:
            raise CommandError("The permission matrix works with invented people: it is refused in production.")
        if not (settings.BASE_DIR / "tests" / "permission_run.py").exists():
            raise CommandError("The permission matrix needs the folder tests/ of the source, which is not here.")
        processes = options["processes"] or os.cpu_count() or 2
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        run = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", _RUN, str(max(1, processes)), options["only"]],
            cwd=settings.BASE_DIR,
            env=environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            out, err = run.communicate()
        finally:
            if run.poll() is None:
                run.terminate()  # it throws its databases away
                run.wait()
        lines = [line for line in out.splitlines() if line]
        counts = json.loads(lines[-1]) if lines else {}
        if run.returncode not in (0, 1) or _LAST_LINE not in counts:
            raise CommandError(f"The permission matrix could not be asked: {_reason(err)}")
        if err:
            self.stderr.write(err.strip())
        for line in lines if options["json"] else _table([json.loads(line) for line in lines[:-1]], counts):
            self.stdout.write(line)
        if counts["unexpected"]:
            sys.exit(1)


def _reason(err: str) -> str:
    """The last line of what the process said: the error itself."""
    lines = err.strip().splitlines()
    missing = next((line for line in lines if line.startswith("ModuleNotFoundError")), "")
    if missing:
        return f"{missing.partition(': ')[2]} (is requirements/dev.txt installed?)"
    return lines[-1] if lines else "the process ended without a word."


def _table(rows: list[dict[str, Any]], counts: dict[str, int]) -> Iterator[str]:
    """A line for each address, method and kind of object; a column for each role."""
    roles = list(dict.fromkeys(row["role"].removesuffix(_OUTSIDER) for row in rows))
    yield from (f"{number:>3} {role}" for number, role in enumerate(roles, start=1))
    lines: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        outsider = row["role"].endswith(_OUTSIDER)
        key = (row["url"], row["method"], "outsider" if outsider else row["object"])
        shown = str(row["got"]) if row["got"] == row["expected"] else f"{row['got']}!{row['expected']}"
        lines.setdefault(key, {})[row["role"].removesuffix(_OUTSIDER)] = shown
    width = max((len(url) for url, _method, _kind in lines), default=0)
    yield f"{'':{width}} {'':<6} {'':<8} {_columns(str(number) for number in range(1, len(roles) + 1))}"
    for (url, method, kind), got in lines.items():
        yield f"{url:{width}} {method:<6} {kind:<8} {_columns(got.get(role, '') for role in roles)}"
    for row in rows:
        if row["got"] != row["expected"]:
            asked = f"{row['method']} {row['url']} by {row['role']} ({row['object']})"
            yield f"UNEXPECTED {asked}: {row['got']}, not {row['expected']}"
    yield f"{counts['rows']} questions, {counts['unexpected']} unexpected answers."


def _columns(cells: Iterable[str]) -> str:
    return " ".join(f"{cell:>4}" for cell in cells)
