"""The page that tells the history of something: the same for people, vacancies, employers and accounts."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from portal.privacy.history.forms import HistoryFilter
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.querysets import NOTHING, Withheld
from portal.privacy.history.telling import change_sets
from portal.ui.chips import chips_of

PER_PAGE: Final = 50
"""Events, not sets of changes."""


def history_of(request: HttpRequest, owner: models.Model, without: Withheld = NOTHING) -> dict[str, Any]:
    """What `history/list.html` and `history/filter.html` show of an object; the view decides who may see it.

    `without`: what the one who asks may not learn of; the page is as if it had never been written down.
    """
    narrowing = HistoryFilter(request.GET or None, owner=type(owner), without=without)
    events = HistoryEvent.objects.about(owner).without(without)
    found = narrowing.narrowed(events) if narrowing.is_bound else events
    page = Paginator(found.newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "history_filter": narrowing,
        "history_chips": chips_of(narrowing, request.GET),
        "page_obj": page,
        "change_sets": change_sets(list(page), without),
        "now": timezone.now(),
    }
