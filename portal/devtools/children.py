"""Processes of the launcher: direct children that end with it, and are ended in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from portal.devtools.say import Stopped, Trouble
from portal.devtools.system_user import SystemUser

_PR_SET_PDEATHSIG = 1
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_S = 0.05

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: nothing may be loaded after the fork


def install_stop_signals() -> None:
    """Turn Ctrl-C, SIGTERM and SIGHUP into `Stopped`, so that every command cleans up in one way.

    A SIGHUP that nohup ignores stays ignored.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(signal.Signals(number).name)

    for number in _STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Finish what is in the block (an orderly end) even when Ctrl-C is pressed again."""
    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda _number, _frame: None)  # SIG_IGN would be inherited by children
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def before_exec(death_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """What a child does between fork and exec: ask to be ended when the launcher dies, even by kill -9.

    The kernel forgets the request when the user changes; subprocess changes the user before it calls this.
    """
    launcher = os.getpid()
    default, numbers = signal.SIG_DFL, _STOP_SIGNALS

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != launcher:
                os._exit(1)  # the launcher died before the request was made
        for number in numbers:
            signal.signal(number, default)

    return prepare


class Child:
    """A long-running program with its own log, in a process group of its own: Ctrl-C reaches the launcher only."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        log: Path,
        environ: Mapping[str, str],
        folder: Path,
        user: SystemUser | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace_s: float = 10,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        self._grace_s = grace_s
        self._asked_to_stop = False
        with open(log, "ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                list(arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                cwd=folder,
                start_new_session=True,
                preexec_fn=before_exec(stop_signal),
                **(user.popen_options() if user else {}),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Wait for its own end; the exit code."""
        return self._process.wait()

    def ask_to_stop(self) -> None:
        """Send the polite signal, once (a second one is a harder one to some programs), without waiting."""
        if self.exit_code() is None and not self._asked_to_stop:
            self._asked_to_stop = True
            self._process.send_signal(self._stop_signal)

    def end(self) -> None:
        """Wait for a polite end; after the grace time, kill it and all of its group."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self._grace_s)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # its leftovers too
        self._process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of what it logged since this start."""
        with open(self.log, "rb") as file:
            file.seek(self._log_start)
            lines = file.read().decode("utf-8", "replace").splitlines()
        return "\n".join("    " + text for text in lines[-count:])

    def death_notice(self) -> str:
        """One sentence on how it ended, with the end of its log."""
        return (
            f"{self.name} ended by itself (exit code {self.exit_code()}); the end of {self.log}:\n{self.last_lines()}"
        )


def end_all(children: Sequence[Child]) -> None:
    """End children together: every one is asked first, then each is waited for."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.end()


@contextmanager
def ended_on_failure(child: Child) -> Iterator[None]:
    """End the child when the block (waiting for it to come up) fails or is stopped."""
    try:
        yield
    except BaseException:
        with undisturbed():
            child.end()
        raise


def watch(children: Sequence[Child]) -> None:
    """Raise `Trouble` when one of the children has ended by itself."""
    for child in children:
        if child.exit_code() is not None:
            raise Trouble(child.death_notice())


def run(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    *,
    folder: Path,
    watching: Sequence[Child] = (),
    own_ctrl_c: bool = False,
    output: int | None = None,
) -> int:
    """Run a program in the foreground and return its exit code; it ends with the launcher.

    `watching`: children that must live meanwhile. `own_ctrl_c`: the program handles Ctrl-C itself (a shell, pytest),
    the launcher only waits for it; SIGTERM is passed on. `output`: file descriptor for stdout instead of the
    launcher's.
    """
    process = subprocess.Popen(list(arguments), env=dict(environ), cwd=folder, stdout=output, preexec_fn=before_exec())
    return finish(process, watching=watching, own_ctrl_c=own_ctrl_c)


def finish(process: "subprocess.Popen[bytes]", *, watching: Sequence[Child] = (), own_ctrl_c: bool = False) -> int:
    """Wait for a foreground program (see `run`); when the launcher is stopped meanwhile, end it first."""
    try:
        while True:
            try:
                if not watching:
                    return process.wait()
                return process.wait(_POLL_S * 4)
            except subprocess.TimeoutExpired:
                watch(watching)
            except Stopped as stopped:
                if not (own_ctrl_c and str(stopped) == "SIGINT"):
                    raise
    finally:
        _end_foreground(process)


def _end_foreground(process: "subprocess.Popen[bytes]") -> None:
    with undisturbed():
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(ready: Callable[[], bool], child: Child, limit_s: float, problem: str) -> None:
    """Poll `ready` until it is true; raise `Trouble` when the child ends first or `limit_s` seconds pass."""
    deadline = time.monotonic() + limit_s
    while not ready():
        watch([child])
        if time.monotonic() > deadline:
            raise Trouble(f"{problem} within {limit_s:.0f} s; the end of {child.log}:\n{child.last_lines()}")
        time.sleep(_POLL_S)
