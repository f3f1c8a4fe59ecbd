"""`manage.py evaluate_matching`: how well the shipped weights order people, against judged pairs of occupations."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from jobmatching.engine.quality import NOT_IN_TAXONOMY, Ranked, measure, rank_candidates, relevances
from jobmatching.engine.rules import Rules, Weights
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.measuring.storing import DECIMALS, store_matching
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_versions import build_taxonomy, engine_rules
from portal.classifications.enums import Scheme
from portal.classifications.models import Occupation

SHIPPED: Final = "shipped weights"
"""Stands for a version where no rules on ESCO are in force."""


class Command(BaseCommand):
    """Rank every candidate for every query in memory and measure the rankings."""

    help = (
        "Measures the matching's order of people (MAP, nDCG@10, R@20) on judged pairs of ESCO occupations, with the"
        " shipped weights and the ESCO that is loaded. Floor and filters are off; every candidate is ranked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--judgements", type=Path, required=True, help="CSV: vacancy_esco, seeker_esco, percent")
        parser.add_argument("--candidates", type=Path, required=True, help="CSV: occupation_uri")
        parser.add_argument("--rankings", type=Path, help="write query_uri, candidate_uri, rank, score here")
        parser.add_argument(
            "--store", action="store_true", help="keep the figures: the system card shows them with their day"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the figures as one JSON object, as the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        judged = list(_rows(options["judgements"], ("vacancy_esco", "seeker_esco", "percent")))
        listed = [row[0] for row in _rows(options["candidates"], ("occupation_uri",))]
        rules = _rules()
        pk_of = dict(Occupation.objects.of(Scheme.ESCO).current().values_list("uri", "pk").order_by("pk"))
        index_of = {pk: place for place, pk in enumerate(rules.taxonomy.occupation_ids.tolist())}

        def index(uri: str) -> int:
            return index_of.get(pk_of.get(uri, 0), NOT_IN_TAXONOMY)

        try:
            judgements = relevances((query, candidate, int(percent)) for query, candidate, percent in judged)
        except ValueError as error:
            raise CommandError(f"{options['judgements']}: {error}") from error
        ranked = rank_candidates(
            rules, {uri: index(uri) for uri in judgements}, {uri: index(uri) for uri in dict.fromkeys(listed)}
        )
        if options["rankings"]:
            _write(options["rankings"], ranked)
        quality = measure(ranked, judgements)
        missing = sum(index(uri) == NOT_IN_TAXONOMY for uri in dict.fromkeys([*judgements, *listed]))
        self.stdout.write(
            f"{quality.queries} queries, {len(set(listed))} candidates ({missing} of them not in the loaded ESCO):"
            f" MAP {quality.map:.4f}, nDCG@10 {quality.ndcg10:.4f}, R@20 {quality.recall20:.4f}, rules {rules.version}"
        )
        figures = {"map": quality.map, "ndcg10": quality.ndcg10, "recall20": quality.recall20}
        if options["store"]:
            version = "" if rules.version == SHIPPED else rules.version
            files = (options["judgements"], options["candidates"])
            number = store_matching(version, files, (quality.queries, len(set(listed))), figures)
            self.stdout.write(f"Kept as measurement {number}.")
        if options["json"]:
            rounded = {name: round(value, DECIMALS) for name, value in figures.items()}
            told = {"queries": quality.queries, **rounded, "rules_version": rules.version}
            self.stdout.write(json.dumps(told))


def _rules() -> Rules:
    """The rules in force where they stand on ESCO; else today's weights on the ESCO that is loaded."""
    version = MatchingRules.objects.filter(state=RulesState.IN_FORCE, scheme=Scheme.ESCO).first()
    if version is not None:
        return engine_rules(version)
    if not Occupation.objects.of(Scheme.ESCO).exists():
        raise CommandError("ESCO is not loaded: run import_esco first.")
    return Rules(SHIPPED, build_taxonomy(Scheme.ESCO), Weights())


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Rows of a CSV file, only the named columns; a clear error where the file or a column is not there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(f"{path}: the column {', '.join(missing)} is missing.")
            for row in reader:
                yield tuple(row[column] for column in columns)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error


def _write(path: Path, ranked: list[Ranked]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Ranked._fields)
        writer.writerows(ranked)
