"""`manage.py evaluate_search`: how well the occupation search finds known titles."""

import hashlib
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.classifications.enums import Scheme
from portal.classifications.search.evaluation import DEPTH, evaluate, read_titles
from portal.classifications.search.index import LANGUAGES
from portal.effects import emit


class Command(BaseCommand):
    """Search every title of a file and report ranks and times."""

    help = "Measures the occupation search on a CSV file of titles (columns title_<language> and esco_uri)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, language, scheme, form of the answer."""
        parser.add_argument("--titles", type=Path, required=True, metavar="FILE", help="CSV file of titles")
        parser.add_argument("--language", choices=LANGUAGES, default="fi", help="of the titles and the reader")
        parser.add_argument("--scheme", choices=Scheme.values, default=Scheme.ESCO.value, help="default: esco")
        parser.add_argument(
            "--store", action="store_true", help="keep the figures: the system card shows them with their day"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the figures as one JSON object, as the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate and print."""
        try:
            titles = read_titles(options["titles"], options["language"])
        except (OSError, ValueError) as error:
            raise CommandError(f"The titles cannot be read: {error}") from error
        quality, ranks = evaluate(titles, Scheme(options["scheme"]), options["language"])
        if options["store"]:
            figures = asdict(quality)
            sample = figures.pop("queries")
            digest = hashlib.sha256(options["titles"].read_bytes()).hexdigest()
            emit(
                "search.measured",
                options["scheme"],
                options["language"],
                options["titles"].name,
                digest,
                sample,
                figures,
            )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(quality)))
            return
        missed = sum(rank == 0 for rank in ranks)
        for name, value in (
            ("titles searched", f"{quality.queries}"),
            ("mean reciprocal rank", f"{quality.mrr:.3f}"),
            ("right one first", f"{quality.hit1:.1%}"),
            ("right one among ten", f"{quality.hit10:.1%}"),
            (f"not among the first {DEPTH}", f"{missed}"),
            ("time a query, 95th percentile", f"{quality.p95_ms:.1f} ms"),
        ):
            self.stdout.write(f"{name:32s}{value:>10s}")
