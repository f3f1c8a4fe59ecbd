"""Take people who have come under non-disclosure out of all that matching keeps of the nights before.

From the moment that somebody is hidden no page shows or counts what is stored of them: all readers ask anew
(`people_shown_to`). What is stored goes minutes later, here: it is not read past the portal either, and no later
run compares itself with it. Nothing names whom it is about: neither the event nor the task.
"""

import logging
from typing import Final

from django.db import connection

from jobmatching.nightly.enums import Side
from jobmatching.nightly.forgetting import MatchingGoesOn, forget_seekers
from jobmatching.nightly.models import RunInput, SeekerVector
from jobmatching.nightly.storing import tables_of_runs
from jobmatching.seekers.models import JobSeeker
from portal.runs.services import only_one

logger = logging.getLogger(__name__)

LOCK: Final = "forget-hidden"


def sweep_soon() -> None:
    """Have the workers do it now; where none can be reached, the sweep of every five minutes does."""
    from jobmatching.nightly.tasks import sweep_hidden

    try:
        sweep_hidden.delay()
    except Exception:
        logger.warning("The sweep after a change was not sent; the next one of its own makes up for it.")


def forget_hidden() -> int:
    """Cut all that is kept of hidden people out of what matching has derived; return of how many there was something.

    While a run goes on nothing is done (0): it has read them already, and the next sweep comes after it.
    """
    with only_one(LOCK) as mine:
        found = _kept_of_hidden() if mine else []
        try:
            forget_seekers(found)
        except MatchingGoesOn:
            return 0
        return len(found)


def _kept_of_hidden() -> list[int]:
    """Ids of hidden people of whom something derived is kept."""
    hidden = list(JobSeeker.objects.filter(non_disclosure=True).order_by("pk").values_list("pk", flat=True))
    if not hidden:
        return []
    found = set(SeekerVector.objects.filter(seeker__in=hidden).values_list("seeker_id", flat=True))
    frozen = RunInput.objects.filter(side=Side.SEEKERS, ids__overlap=hidden).order_by("pk")
    for (ids,) in frozen.values_list("ids"):
        found |= set(ids) & set(hidden)
    with connection.cursor() as cursor:
        for table in tables_of_runs():
            cursor.execute(f"SELECT DISTINCT seeker_id FROM {table.name} WHERE seeker_id = ANY(%s)", [hidden])  # noqa: S608  names of ours
            found |= {pk for (pk,) in cursor.fetchall()}
    return sorted(found)
