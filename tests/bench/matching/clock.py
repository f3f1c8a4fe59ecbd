"""Times: wall and CPU seconds, taken in turns so that a busy machine slows all who are compared alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Took:
    """Seconds by the clock on the wall, and of processor time in this process (all threads)."""

    wall: float
    cpu: float

    @classmethod
    def median_of(cls, times: list[Self]) -> Self:
        """Medians of both, each for itself."""
        return cls(median(took.wall for took in times), median(took.cpu for took in times))

    def scaled(self, factor: float) -> "Took":
        """What so many times the work would take."""
        return Took(self.wall * factor, self.cpu * factor)


def clock(work: Callable[[], T]) -> tuple[Took, T]:
    """Do the work once; its time and its result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu), result


def in_turns(works: list[Callable[[], object]], repetitions: int) -> list[list[Took]]:
    """Do the works one after another, again and again; the times of each."""
    times: list[list[Took]] = [[] for _work in works]
    for _repetition in range(repetitions):
        for work, taken in zip(works, times, strict=True):
            taken.append(clock(work)[0])
    return times
