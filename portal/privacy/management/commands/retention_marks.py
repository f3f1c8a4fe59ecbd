"""`manage.py retention_marks`: take the marks of deletions out, and delete again after a backup was restored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.privacy.retention.proofs import names_of_keys
from portal.privacy.retention.replay import Mark, delete_again, marks, still_there


class Command(BaseCommand):
    """Print the marks, or delete again what has one."""

    help = (
        "Prints the marks of deletions, one JSON object a line: keep them beside the backups. --delete-again FILE"
        " deletes what has one of these marks and is there again; --check FILE only says how much that is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--check", metavar="FILE", help="say how much of what has a mark is there")
        either.add_argument("--delete-again", metavar="FILE", help="delete what has a mark and is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            found = still_there(_read(options["check"]))
            for code, pks in found.items():
                self.stdout.write(f"{code:<18} {len(pks)}")
            self.stdout.write(f"{sum(map(len, found.values()))} are there again.")
        elif options["delete_again"]:
            try:
                report = delete_again(_read(options["delete_again"]))
            except ValueError as not_now:
                raise CommandError(str(not_now)) from None
            self.stdout.write(f"{report.deleted_total} deleted again; proof {report.pk}.")
        else:
            # By which keys: whoever reads the marks after a change of keys is told when none of them fits.
            self.stdout.write(json.dumps({"keys": names_of_keys()}))
            for one in marks():
                self.stdout.write(json.dumps({"rule": one.rule, "mark": one.mark}))


def _read(name: str) -> list[Mark]:
    """The marks of a file.

    Raises CommandError, without a word of its content; also where a key by which its marks were made is not set here.
    """
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.strip()]
        keys = [str(key) for one in told if "keys" in one for key in one["keys"]]
        found = [Mark(str(one["rule"]), str(one["mark"])) for one in told if "keys" not in one]
    except (OSError, ValueError, KeyError, TypeError):
        raise CommandError("The file cannot be read as marks: one JSON object with rule and mark a line.") from None
    if found and not keys:
        raise CommandError(
            "The file does not say by which keys its marks were made: its first line, with keys, is missing."
        )
    if missing := set(keys) - set(names_of_keys()):
        raise CommandError(
            f"{len(missing)} of the keys by which these marks were made are not set here: nothing that has a mark of"
            " theirs would be found. Add them to the end of RETENTION_KEYS."
        )
    return found
