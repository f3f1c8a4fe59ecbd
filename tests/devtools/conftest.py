"""Launchers for the tests of dev.py: each in a state folder of its own that the servers' system user can reach."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.devtools.paths import CHECKOUT, StateFolder


class Launcher:
    """A `dev.py` process."""

    def __init__(self, state: StateFolder, *arguments: str) -> None:
        self.state = state
        outside = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        environ = {name: value for name, value in os.environ.items() if name not in outside}
        self.process = subprocess.Popen(
            [sys.executable, CHECKOUT / "dev.py", *arguments],
            env=environ | {"KOHTAANTO_STATE_DIR": str(state.root), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url_when_up(self) -> str:
        """The DATABASE_URL that `services` prints; fails with the launcher's own words when it ends instead."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Servers are up"):
                return next(one.split("=", 1)[1].strip() for one in lines if one.startswith("DATABASE_URL="))
        pytest.fail(f"the launcher ended: {lines} {self.finish()}")

    def finish(self) -> tuple[int, str]:
        """Exit code and what was said on stderr, once it has ended by itself."""
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


class Launchers:
    """Starts launchers and sees that none outlives its test."""

    def __init__(self, folder: Path) -> None:
        self.state = StateFolder(folder / "state")
        self._started: list[Launcher] = []

    def start(self, *arguments: str) -> Launcher:
        launcher = Launcher(self.state, *arguments)
        self._started.append(launcher)
        return launcher

    def end_all(self) -> None:
        for launcher in self._started:
            launcher.end(signal.SIGTERM)


@contextmanager
def _open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kohtaanto-devtools-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that other users can enter (pytest's own are closed, and root's servers are other users)."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture
def launchers(open_folder: Path) -> Iterator[Launchers]:
    """Launchers on one state folder."""
    started = Launchers(open_folder)
    yield started
    started.end_all()


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[Launcher, str]]:
    """Running servers with their DATABASE_URL, for tests that leave them as they are."""
    with _open_folder() as folder:
        started = Launchers(folder)
        launcher = started.start("services")
        yield launcher, launcher.url_when_up()
        started.end_all()


def processes_in(folder: Path) -> list[int]:
    """Living processes whose working folder is `folder` or below it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")).is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def all_gone(folder: Path, within_s: float) -> bool:
    """Whether every process that works in `folder` ends in time."""
    deadline = time.monotonic() + within_s
    while processes_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
