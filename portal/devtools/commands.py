"""The command line of dev.py."""

import argparse
import errno
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portal.devtools import children, environment, postgres, say, servers, variables
from portal.devtools.paths import CHECKOUT, PYTHON, state_folder

_DEV_SETTINGS = "portal.settings.dev"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up, run, test and check the portal.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("services", help="run PostgreSQL and Valkey only, until Ctrl-C")
    commands.add_parser("manage", help="a manage.py command, with environment and servers up", add_help=False)
    commands.add_parser("bench", help="the benchmarks of tests/bench", add_help=False)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code of the process."""
    options, rest = _parser().parse_known_args(arguments)
    passes_on = {"manage": manage, "bench": bench}
    try:
        children.install_stop_signals()
        if options.command in passes_on:
            say.speak_to(sys.stderr)
            return passes_on[options.command](arguments[1:])
        if rest:
            _parser().error(f"unknown arguments: {' '.join(rest)}")
        return services()
    except say.Trouble as trouble:
        print(f"dev.py: {trouble}", file=sys.stderr)
        return 1
    except say.Stopped:
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print("dev.py: The disk is full: make room and start again.", file=sys.stderr)
        elif error.errno in (errno.EACCES, errno.EPERM):
            print(f"dev.py: No permission for {error.filename}: was it made by another user?", file=sys.stderr)
        else:
            raise
        return 1


def services() -> int:
    """Run the servers alone and print their addresses."""
    given = variables.given()
    environment.ensure(environment.BASE, given)
    with servers.own(state_folder(given), given, postgres.DEMO, "services") as running:
        for name, url in running.urls.items():
            say.line(f"{name}={url}")
        say.line("Servers are up; Ctrl-C ends them.")
        while True:
            children.watch(running.children)
            time.sleep(0.5)


def manage(arguments: Sequence[str]) -> int:
    """Run a manage.py command in the portal's environment."""
    return _with_servers([str(PYTHON), "manage.py", *arguments], "manage", environment.BASE)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks; they make databases of their own on the servers."""
    return _with_servers([str(PYTHON), "-m", "tests.bench", *arguments], "bench", environment.DEV)


def _with_servers(command: Sequence[str], name: str, lock: Path) -> int:
    given = variables.given()
    environment.ensure(lock, given)
    state = state_folder(given)
    with servers.join_or_own(state, given, postgres.DEMO, name) as running:
        environ = variables.for_portal(given, state, running.secrets, running.urls, _DEV_SETTINGS)
        return children.run(command, environ, folder=CHECKOUT, watching=running.children, own_ctrl_c=True)
