"""`manage.py run_retention`: delete what is due now, or say what would be deleted."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.privacy.retention.models import RetentionReport
from portal.privacy.retention.night import MatchingGoesOn, NotAllDone, Planned, dry_run, run_here
from portal.privacy.retention.rules import Block
from portal.runs.services import RunGoingOn
from portal.runs.stopping import JobStopped


class Command(BaseCommand):
    """Follow every rule of retention in this process, and print the proof."""

    help = (
        "Deletes data whose retention time has passed, after notice, and keeps a proof. --dry-run only says what would"
        " be deleted. No ids are printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing: say what a run would do")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="with --dry-run: the day, today or later, as 2026-11-22; today unless given",
        )
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object, as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options["as_of"] and not options["dry_run"]:
            raise CommandError("--as-of goes with --dry-run: what is deleted is deleted by the time of today.")
        if options["as_of"] and options["as_of"] < today:
            raise CommandError("--as-of: give today or a later day.")
        told = _planned(dry_run(options["as_of"] or today)) if options["dry_run"] else self._run(today)
        for line in told["rules"]:
            blocked = sum(line["blocked"].values())
            self.stdout.write(
                f"{line['rule']:<18} due {line['found']:>7}  told {line['noticed']:>6}  waiting {line['waiting']:>6}"
                f"  blocked {blocked:>6}  deleted {line['deleted']:>7}  failed {line['failed']:>4}"
            )
        for code, error in told["not_followed"].items():
            self.stdout.write(f"{code:<18} not followed: {error}")
        if options["json"]:
            self.stdout.write(json.dumps(told))
        if told["failed"]:
            raise CommandError("Not all that is due was deleted.")

    def _run(self, today: date) -> dict[str, Any]:
        """Run, and tell the proof (Any: JSON)."""
        try:
            return _proof(run_here(today))
        except NotAllDone:
            report = RetentionReport.objects.order_by("-started_at", "-pk").first()
            assert report is not None  # the run that failed has just made it
            return _proof(report)
        except (RunGoingOn, MatchingGoesOn, JobStopped) as not_now:
            raise CommandError(str(not_now)) from None


def _planned(planned: Planned) -> dict[str, Any]:
    """A dry run as JSON (Any: JSON)."""
    return {
        "for_date": planned.day.isoformat(),
        "dry_run": True,
        "failed": bool(planned.not_followed),
        "not_followed": planned.not_followed,
        "rules": [
            {
                "rule": line.rule.code,
                "class": line.row.code,
                "months": line.row.months,
                "time_valid_from": line.row.valid_from.isoformat(),
                "found": line.found,
                "noticed": line.noticed,
                "waiting": line.waiting,
                "withdrawn": line.withdrawn,
                "blocked": {Block(block).value: count for block, count in sorted(line.blocked.items())},
                "deleted": line.deleted,
                "failed": 0,
            }
            for line in planned.lines
        ],
    }


def _proof(report: RetentionReport) -> dict[str, Any]:
    """The proof of a run as JSON (Any: JSON)."""
    lines = report.lines.select_related("row").order_by("place")
    return {
        "report": report.pk,
        "for_date": report.for_date.isoformat(),
        "dry_run": False,
        "origin": report.origin,
        "failed": report.failed,
        "not_followed": report.run.counts.get("not_followed", {}) if report.run else {},
        "rules": [
            {
                "rule": line.rule,
                "class": line.row.code,
                "months": line.row.months,
                "time_valid_from": line.row.valid_from.isoformat(),
                "found": line.found,
                "noticed": line.noticed,
                "waiting": line.waiting,
                "withdrawn": line.withdrawn,
                "blocked": line.blocked,
                "counted": line.counted,
                "deleted": line.deleted,
                "busy": line.busy,
                "failed": line.failed,
                "errors": line.errors,
                "digest": line.digest,
            }
            for line in lines
        ],
    }
