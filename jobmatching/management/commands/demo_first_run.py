"""`manage.py demo_first_run`: the demo's first two nights through the workers, or a missed night; else nothing."""

import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jobmatching.generator.day import change_a_day
from jobmatching.management.commands.seed_demo import SEED
from jobmatching.nightly import night
from portal.runs.models import JobRun, RunState
from portal.runs.schedule import last_due
from portal.runs.services import RunGoingOn
from portal.runs.stopping import stop_in_force


class Command(BaseCommand):
    """Match as of yesterday, change a day's worth of people and vacancies, match as of today."""

    help = "Runs the demo's first matching (yesterday, a day's changes, today), or a night that was missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", type=int, default=1800, help="seconds to wait for one run")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate()
        if stop_in_force(night.JOB, now) is not None:
            self.stdout.write("   Matching has been stopped: no run is made.")
            return
        done = JobRun.objects.succeeded().filter(job=night.JOB)
        if not done.exists():
            self._run(today - timedelta(days=1), options["wait"])
            started = time.perf_counter()
            change_a_day(today, SEED)
            self.stdout.write(f"   A day's changes: {time.perf_counter() - started:.1f} s")
            self._run(today, options["wait"])
            return
        due = timezone.localdate(last_due(now))
        if done.filter(for_date=due).exists():
            self.stdout.write("   The last night's matching has been done.")
            return
        self.stdout.write("   A night was missed: matching now.")
        self._run(due, options["wait"])

    def _run(self, day: date, wait: int) -> None:
        """Start a run through the workers and follow it to its end."""
        try:
            run = night.start(day)
        except RunGoingOn as going_on:
            run = going_on.run
        step = ""
        until = time.monotonic() + wait
        while run.is_active and time.monotonic() < until:
            time.sleep(0.2)
            run = JobRun.objects.get(pk=run.pk)
            if run.step and run.step != step:
                step = run.step
                self.stdout.write(f"   {day}: {step} ({run.percent} %)")
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"The run of {day} did not succeed: {run.error or 'no worker took it up in time'}")
        self.stdout.write(
            f"   {day}: {run.counts['seekers']} jobseekers x {run.counts['vacancies']} vacancies,"
            f" {run.counts['pairs_kept']} matches, {run.counts['new']} new, {run.counts['gone']} gone,"
            f" {run.counts['moved']} moved, in {run.duration_s:.1f} s"
        )
