"""The command line of dev.py."""

import argparse
import errno
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portal.devtools import children, environment, postgres, say, servers, translations, variables
from portal.devtools.audit import audit
from portal.devtools.check import check
from portal.devtools.demo import SIZES, Wishes, demo
from portal.devtools.lock import lock
from portal.devtools.paths import CHECKOUT, PYTHON, state_folder
from portal.devtools.suite import test

_DEV_SETTINGS = "portal.settings.dev"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up, run, test and check the portal.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    one = commands.add_parser("demo", help="set everything up and serve the portal with invented people")
    one.add_argument("--size", choices=SIZES, help="S 4,000 seekers, M 60,000, L 500,000 (default: as before, else S)")
    one.add_argument("--port", type=_port, default=8000)
    one.add_argument("--esco", type=Path, metavar="PATH", help="folder or zip of the official ESCO CSV download")
    one.add_argument("--fresh", action="store_true", help="forget the demo's data and begin anew")

    one = commands.add_parser("test", help="the test suite on throw-away servers; further arguments go to pytest")
    one.add_argument("--quick", action="store_true", help="without browser and slow tests")

    commands.add_parser("check", help="linters, types, floors, migrations, translations, locks")
    commands.add_parser("bench", help="the benchmarks of tests/bench", add_help=False)
    commands.add_parser("manage", help="a manage.py command, with environment and servers up", add_help=False)
    one = commands.add_parser("code", help="the present sign-in code of one of the demo's people")
    one.add_argument("email", metavar="EMAIL", help="the address, or its part before the @")

    commands.add_parser("services", help="run PostgreSQL and Valkey only, until Ctrl-C")
    commands.add_parser("lock", help="write the locks of requirements/ anew; further arguments go to uv (--upgrade)")
    commands.add_parser("audit", help="known vulnerabilities of the locked packages")
    commands.add_parser("translations", help="compile the Finnish and Swedish texts")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code of the process."""
    try:
        children.install_stop_signals()
        return _run(arguments)
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


def _run(arguments: Sequence[str]) -> int:
    if arguments[:1] in (["manage"], ["bench"]):  # everything after the name is theirs, --help too
        say.speak_to(sys.stderr)
        return {"manage": manage, "bench": bench}[arguments[0]](arguments[1:])
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if options.command == "test":
        return test(rest, quick=options.quick)
    if options.command == "lock":
        return lock(rest)
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if options.command == "demo":
        esco = options.esco.expanduser().resolve() if options.esco else None
        demo(Wishes(options.size, options.port, esco, options.fresh))
        return 0
    if options.command == "code":
        return code(options.email)
    return {"check": check, "services": services, "audit": audit, "translations": compile_translations}[
        options.command
    ]()


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


def code(email: str) -> int:
    """Print the six digits that stand in the authenticator app of one of the demo's people now."""
    say.speak_to(sys.stderr)
    return manage(["demo_code", email])


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks; they make databases of their own on the servers."""
    return _with_servers([str(PYTHON), "-m", "tests.bench", *arguments], "bench", environment.DEV)


def _with_servers(command: Sequence[str], name: str, lock_file: Path) -> int:
    given = variables.given()
    environment.ensure(lock_file, given)
    state = state_folder(given)
    with servers.join_or_own(state, given, postgres.DEMO, name) as running:
        environ = variables.for_portal(given, state, running.secrets, running.urls, _DEV_SETTINGS)
        return children.run(command, environ, folder=CHECKOUT, watching=running.children, own_ctrl_c=True)


def compile_translations() -> int:
    """Compile the .po files that changed."""
    given = variables.given()
    environment.ensure(environment.BASE, given)
    count = len(translations.to_compile(CHECKOUT))
    code = children.run([str(PYTHON), "-m", "portal.devtools.translations", "--compile"], given, folder=CHECKOUT)
    say.line(f"Compiled: {count}.")
    return code
