"""The nightly matching: prepare and freeze, match shard by shard, merge, explain, compare, store, publish.

Every step may be done twice with the same result: the frozen input is written once, a shard's result once, and only one
process merges at a time. A run that fails says so and leaves the previous result in place.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import OperationalError, transaction

from jobmatching.nightly.enums import MATCHING, Side
from jobmatching.nightly.freezing import build_outdated, freeze
from jobmatching.nightly.models import MatchingRules, RunInput, ShardResult
from jobmatching.nightly.rules_versions import in_force
from jobmatching.nightly.sharding import match_shard
from jobmatching.nightly.storing import build_result, clean_up, keep_shard_result, publish
from jobmatching.nightly.the_day import listed
from portal.runs.errors import describe
from portal.runs.models import JobRun, RunState
from portal.runs.services import RunEnded, advance, begin, fail, only_one, open_run, step, succeed

if TYPE_CHECKING:
    from portal.accounts.models import User

JOB: Final = MATCHING

_PARTS_AROUND: Final = 2
"""Parts of a run's progress beside its shards: preparing, and storing."""


class NotFinished(Exception):
    """The run was given up, or is in other hands, before this process had ended it; the message says how it stands."""


def start(for_date: date, started_by: "User | None" = None) -> JobRun:
    """Open a run for a day and let the workers do it.

    Raises RunGoingOn while another goes on, JobStopped while matching is stopped.
    """
    from jobmatching.nightly.tasks import prepare_run

    run = open_run(JOB, for_date, started_by)
    transaction.on_commit(lambda: prepare_run.delay(run.pk))
    return run


def run_here(for_date: date, shards: int | None = None, started_by: "User | None" = None) -> JobRun:
    """The whole run in this process, without workers; raises what went wrong after marking the run as failed.

    Raises NotFinished where somebody else has ended the run or goes on with it, JobStopped while matching is stopped.
    """
    run = open_run(JOB, for_date, started_by)
    try:
        for shard in prepare(run.pk, shards):
            do_shard(run.pk, shard)
        finish(run.pk)
    except RunEnded:
        pass  # how it stands now is told below
    except BaseException as error:
        fail(run.pk, describe(error))
        raise
    run.refresh_from_db()
    if run.state != RunState.SUCCEEDED:
        raise NotFinished(f"Run {run.pk} is {run.state}. {run.error}".strip())
    return run


def prepare(run_id: int, shards: int | None = None) -> list[int]:
    """Bring the vectors up to date, freeze the input; return the shards that have no result yet.

    One process at a time: a task that was delivered twice, or sent again because the run was thought silent, finds the
    other at work and returns nothing.
    """
    with only_one(f"prepare-{run_id}") as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or not run.is_active:
            return []
        begin(run)
        if not RunInput.objects.filter(run=run).exists():
            version = in_force()
            with ExitStack() as stack:
                with step(run, "vectors"):
                    day = stack.enter_context(listed(run.for_date))
                    prepared = build_outdated(version, day)
                run.counts |= {"vectors_built": prepared.built, "skipped": prepared.skipped}
                with step(run, "freeze"):
                    freeze(run, version, day, shards)
        # Counted from what lies frozen: whoever froze it may have been killed before it wrote how much there is.
        finished = set(ShardResult.objects.filter(run=run).values_list("shard", flat=True))
        parts = shards_of(run)
        run.total, run.done = parts + _PARTS_AROUND, 1 + len(finished)
        run.save(update_fields=["total", "done"])
        return [shard for shard in range(parts) if shard not in finished]


def shards_of(run: JobRun) -> int:
    """How many shards the frozen input has; 0 before it is frozen."""
    return RunInput.objects.filter(run=run, side=Side.SEEKERS).count()


def do_shard(run_id: int, shard: int) -> None:
    """Match one shard of the frozen input and keep its lists; does nothing where they are kept already."""
    run = JobRun.objects.get(pk=run_id)
    if not run.is_active or ShardResult.objects.filter(run=run, shard=shard).exists():
        return
    started = time.perf_counter()
    content = match_shard(run_id, shard, rules_of(run), threads=settings.MATCHING_THREADS)
    if keep_shard_result(run_id, shard, content, time.perf_counter() - started):
        advance(run_id)


def finish(run_id: int) -> bool:
    """Merge, explain, compare, store and publish once every shard has its result; tells whether this call did it."""
    with only_one(f"matching-{run_id}") as mine:
        run = JobRun.objects.get(pk=run_id)
        if not mine or run.state != RunState.RUNNING:
            return False
        parts = shards_of(run)
        if not parts or ShardResult.objects.filter(run=run).count() < parts:
            return False
        run.seconds["match"] = round(sum(ShardResult.objects.filter(run=run).values_list("seconds", flat=True)), 3)
        version = rules_of(run)
        built = build_result(run, version)
        with step(run, "publish"), transaction.atomic():
            if not JobRun.objects.select_for_update().filter(pk=run_id, state=RunState.RUNNING).exists():
                return False  # given up meanwhile; another run may be at work, or have been published
            publish(run, version, built)
            run.done = run.total
            run.save(update_fields=["done"])
            succeed(run)
        # The result is there; what follows nobody waits for.
        started = time.perf_counter()
        clean_up(keep=run)
        run.seconds["clean_up"] = round(time.perf_counter() - started, 3)
        run.save(update_fields=["seconds"])
        return True


def rules_of(run: JobRun) -> MatchingRules:
    """The rules version that the run froze."""
    return MatchingRules.objects.get(version=run.rules_version)


def guarded(run_id: int, work: Callable[[], object], *, last_try: bool = True) -> None:
    """Do a part of a run; whatever goes wrong is kept on the run, which then counts as failed.

    Trouble of the moment with the database (a lost connection, a deadlock) fails the run only on the last try.
    """
    try:
        work()
    except RunEnded:
        return
    except OperationalError as error:
        if last_try:
            fail(run_id, describe(error))
        raise
    except Exception as error:
        fail(run_id, describe(error))
        raise
