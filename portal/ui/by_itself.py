"""Views that a page asks for by itself, again and again, while nobody does anything."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])


def fetched_by_itself(view: ViewT) -> ViewT:
    """Mark a view that keeps no session alive (`portal.accounts.sessions`): the outermost decorator."""
    view.fetched_by_itself = True  # type: ignore[attr-defined]
    return view


def is_fetched_by_itself(view: Callable[..., HttpResponseBase]) -> bool:
    """Whether a view is marked so."""
    return bool(getattr(view, "fetched_by_itself", False))
