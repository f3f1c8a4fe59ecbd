"""Parts of a page that a higher floor brings: the page names a slot, settings.PAGE_PANELS says who fills it.

A panel is a callable (request, subject) -> (template, context), or None where it has nothing to show. The subject is
the object of the page, or the list of objects that a list shows; such a panel is included once a row, with `row` and
`of`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

PanelFunction = Callable[[HttpRequest, Any], tuple[str, dict[str, Any]] | None]


@dataclass(frozen=True)
class Panel:
    """A template and what it shows."""

    template: str
    context: dict[str, Any]


def panels(slot: str, request: HttpRequest, subject: Any) -> list[Panel]:
    """The panels of a slot that have something to show, in the order of the settings."""
    found: list[Panel] = []
    for path in settings.PAGE_PANELS.get(slot, ()):
        fill: PanelFunction = import_string(path)
        filled = fill(request, subject)
        if filled is not None:
            found.append(Panel(*filled))
    return found
