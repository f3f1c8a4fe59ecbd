"""`manage.py explain_match VACANCY SEEKER`: why a vacancy and a jobseeker were matched, criterion by criterion."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from jobmatching.nightly.explaining.pairs import Pair, tell_pairs
from jobmatching.nightly.explaining.stories import PairStory
from jobmatching.nightly.explaining.words import RequirementNames
from jobmatching.nightly.models import Match, MatchResult, NearMiss
from portal.privacy.access import Action, record_system


class Command(BaseCommand):
    """Explain one pair of the current result, also while results are hidden; a near miss is told as such."""

    help = "Explains a match of the current result: per criterion points had and possible, state and sources."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vacancy", type=int, help="number of the vacancy")
        parser.add_argument("seeker", type=int, help="number of the jobseeker")
        parser.add_argument("--language", choices=("fi", "sv", "en"), default="fi", help="of the sentences (fi)")
        parser.add_argument("--json", action="store_true", help="print one JSON object, as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        result = MatchResult.objects.newest()
        if result is None:
            raise CommandError("No matching run has succeeded yet: run match_now first.")
        vacancy = Vacancy.objects.for_page().filter(pk=options["vacancy"]).first()
        seeker = JobSeeker.objects.for_page().filter(pk=options["seeker"]).first()
        if vacancy is None or seeker is None:
            raise CommandError("There is no such vacancy." if vacancy is None else "There is no such jobseeker.")
        keys = {"run_id": result.run_id, "vacancy_id": vacancy.pk, "seeker_id": seeker.pk}
        near = NearMiss.objects.filter(**keys).first()
        if near is None and not Match.objects.filter(**keys).exists():
            raise CommandError("The pair is not among the matches or near misses of the current result.")
        record_system(
            "explain_match", Action.PROFILE, view="command", seekers=[seeker.pk], about=f"vacancy {vacancy.pk}"
        )
        with translation.override(options["language"]):
            told = _told(tell_pairs(result, [Pair(vacancy, seeker)])[0], result)
            if near is not None:
                told["near_miss"] = RequirementNames(result.rules).name(near.requirement)
        for row in told["criteria"]:
            self.stdout.write(
                f"{row['criterion']:<14} {row['state']:<10} {row['had']} / {row['possible']}"
                f"  {row['asks']} | {row['has']}"
            )
        self.stdout.write(f"total {told['total']}")
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))


def _told(story: PairStory, result: MatchResult) -> dict[str, Any]:
    """The story as JSON (Any: JSON)."""
    return {
        "vacancy": story.vacancy.pk,
        "seeker": story.seeker.pk,
        "run": story.run.pk,
        "rules_version": result.rules.version,
        "total": story.score,
        "near_miss": None,
        "changed_since": story.changed_since,
        "criteria": [
            {
                "criterion": criterion.criterion.name.lower(),
                "state": criterion.state.name.lower(),
                "had": criterion.had,
                "possible": criterion.possible,
                "asks": criterion.asks,
                "has": criterion.has,
                "sources": list(criterion.sources),
            }
            for criterion in story.criteria
        ],
    }
