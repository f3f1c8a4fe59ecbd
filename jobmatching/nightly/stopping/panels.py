"""The way to the stop switch, for the list of runs (PAGE_PANELS)."""

from typing import Any

from django.http import HttpRequest


def way_to_switch(request: HttpRequest, runs: object) -> tuple[str, dict[str, Any]] | None:
    """A link to the switch; everybody who sees the runs may look at it."""
    return "nightly/stopping/way.html", {}
