"""Work that two cores can share: several walks at once, each in a process of its own."""

import gc
import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.db import connections

Told = TypeVar("Told")


class WorkFailed(AssertionError):
    """A process ended without its answer; the message holds what went wrong there."""


def at_once(works: Sequence[Callable[[], Told]]) -> list[Told]:
    """What each work returns, in their order. Each begins with the memory of now and connections of its own.

    What a work changes in memory ends with it. Nothing that runs threads of its own (a night) belongs in here.
    """
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    started = []
    for work in works:
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=_carry_out, args=(work, there))
        process.start()
        there.close()
        started.append((process, here))
    told: list[Told] = []
    try:
        for _process, here in started:
            told.append(_answer(here))
    finally:
        for process, _here in started:
            if len(told) < len(works):
                process.terminate()
            process.join()
    return told


def _answer(here: Connection) -> Any:
    try:
        is_well, answer = here.recv()
    except EOFError:
        raise WorkFailed("A process died.") from None
    if not is_well:
        raise WorkFailed(answer)
    return answer


def _carry_out(work: Callable[[], Any], there: Connection) -> None:
    gc.freeze()  # what was there before is not looked through again and again
    try:
        answer = (True, work())
    except BaseException:
        answer = (False, traceback.format_exc())
    connections.close_all()
    there.send(answer)
    there.close()
