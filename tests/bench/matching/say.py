"""What the benchmark tells while it works: on standard error, so that standard output is the result alone."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str) -> None:
    """One line, at once."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell how long the step took, when it has ended."""
    started = time.perf_counter()
    yield
    say(f"   {name}: {time.perf_counter() - started:.1f} s")
