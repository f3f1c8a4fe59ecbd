"""How the launcher speaks: one line a step with its time, one sentence for a trouble."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Trouble(Exception):
    """Something a person can mend, said in one sentence; ends the command with exit code 1."""


class Stopped(Exception):
    """Ctrl-C, SIGTERM or SIGHUP asked the launcher to end."""


_stream: TextIO | None = None


def speak_to(stream: TextIO) -> None:
    """Send the launcher's own lines to `stream`; commands whose output is read by programs choose stderr."""
    global _stream  # one launcher, one voice
    _stream = stream


def line(text: str = "") -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(text, file=_stream or sys.stdout, flush=True)


def seconds(since: float) -> str:
    """Time passed since `since` (a time.monotonic()), for people."""
    return f"{time.monotonic() - since:.1f} s"


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step of the set-up and say how long it took."""
    started = time.monotonic()
    line(f"-> {name} ...")
    yield
    line(f"   {name}: {seconds(started)}")
