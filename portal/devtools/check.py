"""`dev.py check`: every quality tool, two at a time; one that fails does not hide the others."""

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from portal.devtools import children, environment, say, variables
from portal.devtools.paths import CHECKOUT, PYTHON, state_folder, venv_program
from portal.devtools.secrets import new_secrets

_SETTINGS = "portal.settings.test"
_AT_ONCE = 2
_POLL_S = 0.05
_SHOWN_LINES = 120
_NOWHERE = {
    # Nothing listens there: makemigrations only looks at the files, and must not depend on a database.
    "DATABASE_URL": "postgres://check:check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@dataclass(frozen=True)
class Tool:
    """One check: exit code 0 means that all is well."""

    name: str
    command: Sequence[str]


def tools() -> list[Tool]:
    """The checks, the longest first."""
    python = str(PYTHON)
    return [
        Tool("mypy", [venv_program("mypy")]),
        # Linted, not formatted: the space between inline tags is seen on the page, and the formatter adds some.
        Tool("djlint", [venv_program("djlint"), "templates", "--lint", "--quiet"]),
        Tool("floors (import-linter)", [venv_program("lint-imports")]),
        Tool("migrations", [python, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Tool("system card", [python, "-W", "ignore", "manage.py", "write_system_card", "--check"]),
        Tool("translations", [python, "-m", "portal.devtools.translations", "--check"]),
        Tool("ruff check", [venv_program("ruff"), "check", "."]),
        Tool("ruff format", [venv_program("ruff"), "format", "--check", "."]),
        Tool("locks", [python, "-m", "portal.devtools.lock", "--check"]),
    ]


@dataclass
class _Run:
    tool: Tool
    process: "subprocess.Popen[bytes]"
    output: IO[bytes]
    started: float


def check() -> int:
    """Run all tools; 0 when every one is content."""
    given = variables.given()
    environment.ensure(environment.DEV, given)
    state = state_folder(given)
    state.make()
    environ = variables.for_portal(given, state, new_secrets(), _NOWHERE, _SETTINGS)
    environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS  # whatever .env says for the demo
    started = time.monotonic()
    failed = run_tools(tools(), environ)
    if failed:
        say.line(f"{len(failed)} of {len(tools())} checks failed ({say.seconds(started)}): {', '.join(failed)}")
        return 1
    say.line(f"All {len(tools())} checks passed ({say.seconds(started)}).")
    return 0


def run_tools(waiting: Sequence[Tool], environ: Mapping[str, str]) -> list[str]:
    """Run the tools two at a time, print a line for each as it ends, and the output of those that fail."""
    queue = list(waiting)
    running: list[_Run] = []
    failed: list[str] = []
    try:
        while queue or running:
            while queue and len(running) < _AT_ONCE:
                running.append(_start(queue.pop(0), environ))
            for run in [run for run in running if run.process.poll() is not None]:
                running.remove(run)
                if not _report(run):
                    failed.append(run.tool.name)
            time.sleep(_POLL_S)
    finally:
        for run in running:
            run.process.kill()
            run.process.wait()
    return failed


def _start(tool: Tool, environ: Mapping[str, str]) -> _Run:
    # Not a pipe, which could fill up and stop the tool; closed when its content is reported.
    output = tempfile.TemporaryFile()  # noqa: SIM115  it outlives this function
    process = subprocess.Popen(
        list(tool.command),
        env=dict(environ),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=children.before_exec(),
    )
    return _Run(tool, process, output, time.monotonic())


def _report(run: _Run) -> bool:
    passed = run.process.returncode == 0
    say.line(f"{'ok    ' if passed else 'FAILED'} {run.tool.name} ({say.seconds(run.started)})")
    with run.output as output:
        output.seek(0)
        text = output.read().decode("utf-8", "replace").strip()
    if not passed and text:
        lines = text.splitlines()
        say.line("\n".join(f"       {line}" for line in lines[:_SHOWN_LINES]))
        if len(lines) > _SHOWN_LINES:
            say.line(f"       ... {len(lines) - _SHOWN_LINES} more lines of {' '.join(run.tool.command)}")
    return passed
