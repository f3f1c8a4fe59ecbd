"""What the steps and counts of a matching run are called."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEPS: Final[dict[str, Promise]] = {
    "vectors": _("Bring changed profiles and vacancies up to date"),
    "freeze": _("Freeze the input"),
    "match": _("Match, shard by shard"),
    "merge": _("Merge the shards"),
    "explain": _("Write down the reasons"),
    "compare": _("Compare with the previous result"),
    "store": _("Store the pairs"),
    "index": _("Build the indexes"),
    "changes": _("Note what has changed"),
    "publish": _("Publish the result"),
    "clean_up": _("Remove old results"),
}
"""The steps of a run by their names in `JobRun.seconds`, in order."""

SHOWN_STEPS: Final[dict[str, Promise]] = {
    "vectors": _("Profiles"),
    "freeze": _("Input"),
    "match": _("Matching"),
    "merge": _("Merging"),
    "explain": _("Reasons"),
    "store": _("Storing"),
    "publish": _("Publishing"),
}
"""The steps that the progress of a run shows; the others are part of the one before them."""

SEEN: Final[dict[str, Promise]] = {
    "pairs_looked_at": _("Pairs looked at"),
    "pairs_reachable": _("Pairs within the way to work"),
    "pairs_feasible": _("Pairs without a known miss"),
    "pairs_above_floor": _("Pairs above the floor"),
    "seekers_matched": _("Jobseekers with a match"),
    "vacancies_matched": _("Vacancies with a match"),
    "vectors_built": _("Profiles and vacancies brought up to date"),
}
"""Counts beside the key figures, in the order of the work."""

SKIPPED: Final[dict[str, Promise]] = {
    "seeker_search_not_open": _("Jobseekers whose search is not open"),
    "seeker_processing_restricted": _("Jobseekers the processing of whose data is restricted"),
    "seeker_matching_paused": _("Jobseekers whose matching is paused"),
    "seeker_in_full_time_service": _("Jobseekers in a full-time service"),
    "seeker_edited_meanwhile": _("Jobseekers whose profile was being edited"),
    "seeker_broken": _("Jobseekers whose profile could not be read"),
    "vacancy_broken": _("Vacancies that could not be read"),
}
"""Who was left out, and why. People under non-disclosure are in no count."""
