"""`manage.py verify_access_log`: hold the access log against its seals."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from portal.privacy.access.night import seals_noted_by_nights
from portal.privacy.access.verifying import Report, verify


def _noted(text: str) -> tuple[int, str]:
    """NUMBER:SEAL as the process's log tells it."""
    number, _colon, sha256 = text.partition(":")
    if not number.isdecimal() or len(sha256) != 64:
        raise ArgumentTypeError("Write the seal as NUMBER:SEAL, as the log of the process tells it.")
    return int(number), sha256


class Command(BaseCommand):
    """Ends with 1 where something is not as it was sealed."""

    help = (
        "Checks the chain of seals of the access log, every sealed range and the last seal of each night; names what is"
        " not as it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object in place of sentences")
        parser.add_argument(
            "--noted",
            type=_noted,
            action="append",
            default=[],
            metavar="NUMBER:SEAL",
            help="a seal noted elsewhere, for example in the log of the process; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify([*seals_noted_by_nights(), *options["noted"]])
        self.stdout.write(json.dumps(_as_json(report)) if options["json"] else _as_text(report))
        if not report.in_order:
            raise SystemExit(1)


def _as_json(report: Report) -> dict[str, Any]:
    checked = report.checked
    return {
        "in_order": report.in_order,
        "seals": checked.seals,
        "dropped_seals": checked.dropped,
        "rows": checked.rows,
        "unsealed": checked.unsealed,
        "oldest_unsealed": checked.oldest_unsealed.isoformat() if checked.oldest_unsealed else None,
        "head": {"seal": report.head[0], "sha256": report.head[1]} if report.head else None,
        "findings": [
            asdict(finding) | {"month": finding.month.isoformat() if finding.month else None, "text": str(finding)}
            for finding in checked.findings
        ],
    }


def _as_text(report: Report) -> str:
    checked = report.checked
    lines = [
        f"{checked.rows} rows, {checked.seals} seals ({checked.dropped} of rows that retention has dropped),"
        f" {checked.unsealed} rows not sealed yet."
    ]
    if report.head:
        lines.append(f"Last seal: {report.head[0]}:{report.head[1]}")
    if report.in_order:
        lines.append("The log is as it was sealed.")
    lines += [f"NOT IN ORDER: {finding}" for finding in checked.findings]
    return "\n".join(lines)
