"""`dev.py test`: the whole suite on throw-away servers."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.devtools import browser, children, environment, postgres, say, servers, translations, variables
from portal.devtools.paths import (
    CHECKOUT,
    PYTHON,
    SYSTEM_STATE,
    StateFolder,
    others_can_reach,
    state_folder,
    venv_program,
)

_SETTINGS = "portal.settings.test"
_PREFIX = "kohtaanto-test-"
_ABANDONED_AFTER_S = 60
_QUICK = "not browser and not slow"
_NO_BROWSER = "not browser"


def test(arguments: Sequence[str], *, quick: bool) -> int:
    """Run pytest; its exit code."""
    given = variables.given()
    environment.ensure(environment.DEV, given)
    leave_out = _QUICK if quick else _without_browser(given)
    if leave_out is None:
        return 1
    if translations.to_compile(CHECKOUT):
        # Tests see the pages as people do, whether or not a demo has run here before.
        compiling = [str(PYTHON), "-m", "portal.devtools.translations", "--compile"]
        if code := children.run(compiling, given, folder=CHECKOUT):
            return code
    with throw_away_state() as state, servers.own(state, given, postgres.THROW_AWAY, "test") as running:
        environ = variables.for_portal(given, state, running.secrets, running.urls, _SETTINGS)
        environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
        lasting = state_folder(given)  # compiled kernels stay good from run to run
        lasting.make()
        environ["NUMBA_CACHE_DIR"] = str(lasting.numba_cache)
        command = [venv_program("pytest"), *pytest_arguments(arguments, leave_out)]
        return children.run(command, environ, folder=CHECKOUT, watching=running.children, own_ctrl_c=True)


def _without_browser(given: dict[str, str]) -> str | None:
    """The mark expression that leaves the browser tests out where they cannot run; None where they must (CI=true)."""
    lacking = browser.provide(given)
    if not lacking:
        return ""
    say.line(f"Browser tests need {', '.join(lacking)}: apt-get install --no-install-recommends {' '.join(lacking)}")
    if given.get("CI", "").lower() == "true":
        say.line("With CI=true they must run.")
        return None
    say.line("WARNING: the browser tests are left out of this run.")
    return _NO_BROWSER


def pytest_arguments(arguments: Sequence[str], leave_out: str) -> list[str]:
    """The person's arguments with ours: two processes unless they chose, and both mark expressions combined."""
    rest: list[str] = []
    marks: list[str] = []
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if argument == "-m" and position + 1 < len(arguments):
            marks.append(arguments[position + 1])
            position += 1
        elif argument.startswith("-m") and not argument.startswith("--"):
            marks.append(argument[2:].removeprefix("="))
        else:
            rest.append(argument)
        position += 1
    if leave_out:
        marks.append(leave_out)
    chosen = any(one.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for one in rest)
    own = [] if chosen else ["-n", "2", "--dist", "worksteal"]
    expression = ["-m", " and ".join(f"({mark})" for mark in marks)] if marks else []
    return [*own, "--durations=20", *expression, *rest]


@contextmanager
def throw_away_state() -> Iterator[StateFolder]:
    """A state folder that is removed afterwards; those of killed runs are removed first."""
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_temporary()))
    try:
        yield StateFolder(folder)
    finally:
        with children.undisturbed():
            shutil.rmtree(folder, ignore_errors=True)


def _temporary() -> Path:
    """The temporary folder, unless root has a closed one that the servers' user cannot enter."""
    usual = Path(tempfile.gettempdir())
    if os.geteuid() != 0 or others_can_reach(usual):
        return usual
    SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
    return SYSTEM_STATE


def _remove_abandoned() -> None:
    for folder in _temporary().glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _ABANDONED_AFTER_S:
                continue  # perhaps just being made
            with open(StateFolder(folder).owner_lock, "a", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # somebody else's, in use, or gone meanwhile
            continue
