"""`manage.py rotate_identity_keys`: encrypt every identity code anew with the first key of the ring."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.privacy.key_rotation import Rotation, rotate


class Command(BaseCommand):
    """Put the new key first in IDENTITY_KEYS, keep the old ones behind it, restart, run this, then take them away.

    The same for the search: the new key in IDENTITY_INDEX_KEY, the old one in IDENTITY_INDEX_FORMER_KEYS.
    """

    help = (
        "Encrypts every identity code anew with the first key of IDENTITY_KEYS and writes its search key anew with "
        "IDENTITY_INDEX_KEY. Can be broken off and run again; people go on working meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows of one transaction (default: 500)")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        def tell(so_far: Rotation) -> None:
            if options["verbosity"] > 1:
                self.stderr.write(f"{so_far.looked_at} looked at, {so_far.written} written")

        if options["batch"] < 1:
            raise CommandError("--batch: give a number above 0.")
        done = rotate(options["batch"], tell)
        self.stdout.write(
            f"{done.looked_at} codes looked at, {done.written} written anew, {done.unreadable} could not be opened."
        )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        if done.unreadable:
            raise CommandError(
                "Some codes open with no key of the ring. Add the key with which they were made to IDENTITY_KEYS and "
                "run this again; take no key away before."
            )
        self.stdout.write("The keys behind the first one, and IDENTITY_INDEX_FORMER_KEYS, may be taken away now.")
