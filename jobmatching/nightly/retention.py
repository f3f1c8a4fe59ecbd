"""How long what matching has kept of runs stays, and what of matching goes with people and vacancies."""

from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.forgetting import forget_runs, forget_seekers, forget_vacancies, left_behind, old_runs
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.models import RulesStep
from portal.privacy.fields import Kept
from portal.privacy.retention.own import Named, NamesInRows
from portal.privacy.retention.rules import BulkRule, Removed, Trace

_OF_RUNS: Final = frozenset(
    f"jobmatching.{name}" for name in ("RunInput", "ResultKeys", "ShardResult", "Match", "NearMiss", "MatchChange")
)


class Runs(BulkRule):
    """What old runs found and froze: changes of pairs by night, and all else that is still there of them."""

    code = "runs"
    kept = Kept.WITH_RUN
    label = _("Results of matching runs")
    covers = _OF_RUNS

    def find(self, before: date) -> Removed:
        runs = old_runs(before)
        return Removed(len(runs), tuple(map(str, runs)))

    def remove(self, before: date) -> Removed:
        runs = old_runs(before)
        forget_runs(runs)
        return Removed(len(runs), tuple(map(str, runs)))


class LeftBehind(BulkRule):
    """What matching still keeps of people who are no longer there, whatever has left it behind."""

    code = "left_behind"
    kept = Kept.WITH_PROFILE
    label = _("Traces in matching of people who have been deleted")
    covers = frozenset()

    def find(self, before: date) -> Removed:
        return Removed(len(left_behind()))

    def remove(self, before: date) -> Removed:
        ids = left_behind()
        forget_seekers(ids)
        return Removed(len(ids), tuple(map(str, ids)))


class NamesInRules(NamesInRows):
    """Who drafted, decided on and approved versions of the matching rules that are no longer in force."""

    code = "names_in_rules"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Names in versions of the matching rules")
    covers = frozenset({"jobmatching.MatchingRules", "jobmatching.RulesStep"})


RUNS: Final = Runs()
NAMES_IN_RULES: Final = NamesInRules(
    Named(MatchingRules, "approved_at", ("approved_by",), ~Q(state=RulesState.IN_FORCE)),
    Named(MatchingRules, "created_at", ("drafted_by",), ~Q(state=RulesState.IN_FORCE)),
    Named(RulesStep, "at", ("by",), ~Q(rules__state=RulesState.IN_FORCE)),
)
LEFT_BEHIND: Final = LeftBehind()
OF_SEEKERS: Final = Trace("jobseekers", forget_seekers, _OF_RUNS, ahead=True)
OF_VACANCIES: Final = Trace("vacancies", forget_vacancies, _OF_RUNS, ahead=True)
