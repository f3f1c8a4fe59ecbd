"""`manage.py match_now`: one matching run in this process, without workers."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jobmatching.nightly import night
from jobmatching.nightly.rules_versions import NoRulesInForce
from portal.runs.models import JobRun
from portal.runs.services import RunGoingOn
from portal.runs.stopping import JobStopped


class Command(BaseCommand):
    """Match all open vacancies and jobseekers now, and say what was found."""

    help = "Matches vacancies and jobseekers now, in this process. --as-of matches as of another day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="day to match for, as 2026-11-21; today unless given"
        )
        parser.add_argument("--shards", type=int, help="slices of jobseekers; as many as needed unless given")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object, as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["shards"] is not None and options["shards"] < 1:
            raise CommandError("--shards: give a number of at least 1.")
        day = options["as_of"] or timezone.localdate()
        try:
            run = night.run_here(day, options["shards"])
        except NoRulesInForce:
            raise CommandError(
                "No matching rules are in force. Import a classification and put its draft in force."
            ) from None
        except RunGoingOn as going_on:
            raise CommandError(f"Run {going_on.run.pk} is going on. Wait for its end, then run again.") from None
        except JobStopped as stopped:
            raise CommandError(f"{stopped} Reason: {stopped.stop.reason}") from None
        except night.NotFinished as unfinished:
            raise CommandError(str(unfinished)) from None
        self._tell(run)
        if options["json"]:
            self.stdout.write(json.dumps(told(run)))

    def _tell(self, run: JobRun) -> None:
        self.stdout.write(f"Run {run.pk} for {run.for_date}, rules {run.rules_version}: {run.duration_s:.2f} s")
        for name, seconds in run.seconds.items():
            self.stdout.write(f"  {name:<12} {seconds:8.3f} s")
        for name, count in run.counts.items():
            self.stdout.write(f"  {name:<20} {count}")
        self.stdout.write(f"  result {run.result_hash}")


def told(run: JobRun) -> dict[str, Any]:
    """The run as JSON (Any: JSON)."""
    return {
        "run": run.pk,
        "for_date": run.for_date.isoformat(),
        "state": run.state,
        "rules_version": run.rules_version,
        "counts": run.counts,
        "input_hash": run.input_hash,
        "result_hash": run.result_hash,
        "seconds": run.seconds,
        "duration_s": round(run.duration_s or 0.0, 3),
    }
