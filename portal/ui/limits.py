"""How often one person may do what gives away much at once, or costs the portal much.

One table says how often. A view is guarded with `@limited(Limit.EXPORT)`; other code calls `spend`. Whoever goes over
gets the page 429, made by `LimitsMiddleware`. Counts live in the cache: where it does not answer, nothing is given out.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from math import ceil
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
_ROUNDING: Final = 1e-6
_READS: Final = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Pace:
    """At most so many in so many seconds."""

    name: str
    most: int
    seconds: int


class Limit(Enum):
    """What is counted, per person. Far above a day's work, far below what a copy of the register takes."""

    EXPORT = Pace("export", most=30, seconds=3600)
    """Lists of people, employers and vacancies as files."""
    SEARCH = Pace("search", most=240, seconds=3600)
    """Searches for people by words."""
    REVEAL = Pace("reveal", most=40, seconds=3600)
    """Identity codes shown in full."""
    IMPORT = Pace("import", most=60, seconds=3600)
    """Files read: parsing is costly."""
    PREVIEW = Pace("preview", most=12, seconds=24 * 3600)
    """Previews of drafts of the rules: many drafts, each a little other, would show people one by one."""
    CODES_TRIED = Pace("codes-tried", most=40, seconds=24 * 3600)
    """Identity codes of one day of birth in files: there are 898 of each, and a list of people holds a handful."""
    SUBJECT_EXPORT = Pace("subject-export", most=20, seconds=3600)
    """All that is kept of one person as a file."""
    LINK = Pace("link", most=300, seconds=600)
    """Links from messages opened from one network: many people may share it (a library, an office)."""
    UNKNOWN_LINK = Pace("unknown-link", most=100, seconds=600)
    """Links that there are not, opened from one network."""


class TooOften(Exception):
    """The person has done it as often as the limit allows."""

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__(f"Limit {limit.value.name} reached.")
        self.limit = limit
        self.retry_after = retry_after
        """Seconds after which it is possible again, when nothing is spent until then."""


def spend(limit: Limit, who: int | str, cost: int = 1) -> None:
    """Count one more for a person. Raises TooOften, and then counts nothing; always for a cost above the limit.

    The window slides: of the window before, the share counts that is still less than the window's length ago.
    """
    pace = limit.value
    if cost > pace.most:
        raise TooOften(limit, 2 * pace.seconds)
    now = time.time()
    window, passed = divmod(now, pace.seconds)
    current, before = (f"limit.{pace.name}.{who}.{int(window) - back}" for back in (0, 1))
    cache.add(current, 0, timeout=2 * pace.seconds)
    try:
        count = cache.incr(current, cost)
    except ValueError:  # it ran out between the two lines
        cache.set(current, cost, timeout=2 * pace.seconds)
        count = cost
    earlier: int = cache.get(before, 0)
    # Shares of a count are no whole numbers: what fits exactly must not fail for their last digit.
    if count + earlier * (1 - passed / pace.seconds) > pace.most + _ROUNDING:
        cache.decr(current, cost)
        logger.warning("Limit %s reached by user %s.", pace.name, who)
        raise TooOften(limit, ceil(_until_room(pace, count - cost, earlier, passed, cost)))


def _until_room(pace: Pace, spent: int, earlier: int, passed: float, cost: int) -> float:
    """Seconds until `cost` fits: `spent` in this window, of which `passed` seconds are gone, `earlier` in the last."""
    room = pace.most - cost
    if spent <= room:  # what was spent in the window before slides away while this one lasts
        return max(1.0, pace.seconds * (1 - (room - spent) / earlier) - passed)
    return pace.seconds - passed + pace.seconds * (1 - room / spent)


def limited(limit: Limit, *, when_reading: bool = True) -> Callable[[View], View]:
    """Guard a view: one request is one count. With `when_reading=False` only requests that send something count."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if when_reading or request.method not in _READS:
                spend(limit, request.user.pk or "nobody")
            return view(request, *args, **kwargs)

        guarded.limit = limit  # type: ignore[attr-defined]
        return guarded

    return decorate


class LimitsMiddleware:
    """Answer `TooOften` with a page that says when to try again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooOften):
            return None
        minutes = ceil(exception.retry_after / 60)
        response = render(request, "429.html", {"minutes": minutes}, status=429)
        response.headers["Retry-After"] = str(exception.retry_after)
        return response
