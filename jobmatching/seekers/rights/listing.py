"""How the list of requests is narrowed: whose, of which kind, open or decided. All of it stands in the address."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import QueryDict

from jobmatching.seekers.rights.enums import RequestKind, RequestState
from jobmatching.seekers.rights.models import SubjectRequest
from jobmatching.seekers.rights.querysets import RequestQuerySet
from portal.accounts.models import User

OPEN: Final = "open"
MINE: Final = "mine"
LATE: Final = "late"
DECIDED: Final = "decided"
VIEWS: Final = (OPEN, MINE, LATE, DECIDED)


@dataclass(frozen=True)
class Requests:
    """The requests that were asked for, and how many each view has."""

    view: str
    kind: str
    counts: dict[str, int]
    found: Any  # a queryset, cut into pages


def requests_of(query: QueryDict, user: User, day: date) -> Requests:
    """Read the address."""
    visible = SubjectRequest.objects.visible_to(user)
    view = query.get("nakyma", OPEN)
    view = view if view in VIEWS else OPEN
    kind = query.get("laji", "")
    kind = kind if kind in RequestKind.values else ""
    views = {name: _narrowed(visible, name, user, day) for name in VIEWS}
    found = views[view].filter(kind=kind) if kind else views[view]
    ordered = found.for_list().order_by("-decided_at", "-pk") if view == DECIDED else found.for_list()
    return Requests(view, kind, {name: rows.count() for name, rows in views.items()}, ordered)


def _narrowed(visible: RequestQuerySet, view: str, user: User, day: date) -> RequestQuerySet:
    if view == MINE:
        return visible.open().filter(handler=user)
    if view == LATE:
        return visible.late(day)
    if view == DECIDED:
        decided: RequestQuerySet = visible.exclude(state=RequestState.OPEN)
        return decided
    return visible.open()
