"""Generates believable people and vacancies for demos, tests and measurements; nobody in them exists."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobmatching.generator.area import NotEmpty, Progress, generate_area
from jobmatching.generator.sizes import Size
from jobmatching.generator.world import NotReady
from portal.classifications.enums import Scheme
from portal.privacy.history import HistoryNeeded


class Command(BaseCommand):
    """`generate_area --size S|M|L --seed N`."""

    help = (
        "Generates employers, vacancies and jobseekers: S 4,000 jobseekers and 1,000 vacancies, M 60,000 and 6,000, "
        "L 500,000 and 60,000. The same size, seed and day give the same area."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size",
            choices=[size.name for size in Size],
            default=Size.S.name,
            help="how many people and vacancies (S)",
        )
        parser.add_argument("--seed", type=int, default=1, help="any whole number from 0 up")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day of the area's present (default: today)")
        parser.add_argument("--scheme", choices=Scheme.values, help="default: ESCO where it is loaded")
        parser.add_argument(
            "--area", help="code of the employment area (default: the one whose statistics are built in)"
        )
        parser.add_argument("--replace", action="store_true", help="delete the generated people and vacancies first")
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object on the last line")

    def handle(self, **options: Any) -> None:
        if options["seed"] < 0:
            raise CommandError("Give a seed from 0 up.")
        try:
            made = generate_area(
                Size[options["size"]],
                options["seed"],
                options["as_of"] or timezone.localdate(),
                scheme=Scheme(options["scheme"]) if options["scheme"] else None,
                area_code=options["area"],
                replace=options["replace"],
                progress=Progress(say=self.stdout.write) if options["verbosity"] else None,
            )
        except (NotReady, NotEmpty, HistoryNeeded) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            told = asdict(made) | {"size": made.size.name, "as_of": made.as_of.isoformat(), "scheme": made.scheme.value}
            self.stdout.write(json.dumps(told))
