"""A run ends once: who comes later changes nothing of how it stands."""

from datetime import date

import pytest

from portal.runs.models import JobRun, RunState
from portal.runs.services import RunEnded, begin, fail, open_run, succeed
from portal.runs.stopping import stop

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


def test_a_run_that_was_given_up_does_not_succeed_afterwards() -> None:
    run = open_run("matching", DAY)
    begin(run)
    fail(run.pk, "No sign of life.")
    with pytest.raises(RunEnded):
        succeed(run)
    kept = JobRun.objects.get(pk=run.pk)
    assert (kept.state, kept.error) == (RunState.FAILED, "No sign of life.")


def test_a_run_that_was_stopped_does_not_succeed_afterwards() -> None:
    run = open_run("matching", DAY)
    begin(run)
    stop("matching", None, "The lists look wrong.")
    run.counts = {"pairs": 7}
    with pytest.raises(RunEnded):
        succeed(run)
    kept = JobRun.objects.get(pk=run.pk)
    assert (kept.state, kept.counts) == (RunState.STOPPED, {})


def test_a_run_that_goes_on_succeeds_with_what_it_found() -> None:
    run = open_run("matching", DAY)
    begin(run)
    run.counts, run.result_hash = {"pairs": 7}, "a" * 64
    succeed(run)
    kept = JobRun.objects.get(pk=run.pk)
    assert (kept.state, kept.counts, kept.result_hash, kept.step) == (RunState.SUCCEEDED, {"pairs": 7}, "a" * 64, "")
    assert (run.state, run.finished_at) == (kept.state, kept.finished_at)
