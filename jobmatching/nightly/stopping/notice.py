"""What lists say while matching is stopped."""

from typing import Any

from jobmatching.nightly.enums import MATCHING
from portal.runs.stopping import stop_in_force


def notice() -> dict[str, Any]:
    """For the context of a column that matching brings to a list: the template of a notice above the list, and the stop
    that it tells of; empty while nobody has stopped matching."""
    held = stop_in_force(MATCHING)
    return {"notice": "nightly/stopped.html", "stop": held} if held else {}
