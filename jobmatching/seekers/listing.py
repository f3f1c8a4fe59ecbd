"""What one request asks of the list of jobseekers: whose, narrowed how, in which order. Page and export share it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jobmatching.seekers.filters import SeekerFilter
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.querysets import JobSeekerQuerySet, finnish_order
from portal.accounts.models import User
from portal.accounts.permissions import roles_of
from portal.accounts.roles import Role
from portal.ui import words
from portal.ui.chips import chips_of, without
from portal.ui.parts import Chip

OWN: Final = "own"
AREA: Final = "area"
DEFAULT_ORDER: Final = "name"

_NAME: Final = (finnish_order("last_name"), finnish_order("first_name"), F("pk"))
# A home that is not shown does not give itself away by its place in the list.
_SHOWN_HOME: Final = Case(When(non_disclosure=True, then=None), default=F("home__name_fi"))
_COACH: Final = Concat("coach__last_name", Value(" "), "coach__first_name")

ORDERS: Final[dict[str, Any]] = {
    "municipality": _SHOWN_HOME,
    "situation": F("situation"),
    "since": F("situation_since"),
    "coach": _COACH,
}
"""Sort keys beside the name, as expressions over `JobSeekerQuerySet.for_list`."""


@dataclass(frozen=True)
class Listing:
    """The rows that were asked for, and all that the page says about them."""

    day: date
    scope: str
    counts: dict[str, int]
    """Open searches of the own jobseekers and of the whole area."""
    key: str
    """Stands in the address for the words."""
    words: str
    words_lost: bool
    """The address has a key that the session knows nothing of."""
    filter: SeekerFilter
    order: str
    found: "JobSeekerQuerySet"

    @property
    def count(self) -> int | None:
        """How many rows were asked for, where that is known without counting them: nothing narrows the list."""
        return None if self.words or any(self.filter.form.cleaned_data.values()) else self.total

    @property
    def total(self) -> int:
        """Open searches before any filter."""
        return self.counts[self.scope]


def listing_of(request: HttpRequest) -> Listing:
    """Read the address (and the session, for words)."""
    user = request.user
    day = timezone.localdate()
    # Whoever handles a restriction of processing sees the person, but not in lists: there they are for nobody.
    visible = JobSeeker.objects.visible_to(user).unrestricted()
    counts = visible.searching(day).aggregate(area=Count("pk"), own=Count("pk", filter=Q(coach=user.pk)))
    scope = request.GET.get("scope", "")
    if scope not in (OWN, AREA):
        scope = default_scope(user)
    in_scope = visible.filter(coach=user.pk) if scope == OWN else visible
    key = request.GET.get(words.PARAMETER, "")
    kept = words.kept_under(request, key) if key else None
    chosen = SeekerFilter(request.GET, in_scope.called(kept) if kept else in_scope, day=day, scope=in_scope)
    order = request.GET.get("order", DEFAULT_ORDER)
    if order.removeprefix("-") not in (DEFAULT_ORDER, *ORDERS):
        order = DEFAULT_ORDER
    return Listing(
        day=day,
        scope=scope,
        counts=counts,
        key=key if kept else "",
        words=kept or "",
        words_lost=bool(key) and not kept,
        filter=chosen,
        order=order,
        found=ordered(chosen.qs.for_list(day), order),
    )


def chips_in_force(request: HttpRequest, listing: Listing) -> list[Chip]:
    """The words and filters by which the list is narrowed, each with the address of the list without it."""
    chips = chips_of(listing.filter.form, request.GET)
    if listing.words:
        chips.insert(0, Chip(f"{_('Name or word')}: {listing.words}", without(request.GET, words.PARAMETER)))
    return chips


def asked(listing: Listing) -> str:
    """What was asked of the list, for the access log: names of filters, never their values."""
    filters = sorted(name for name, value in listing.filter.form.cleaned_data.items() if value)
    return ", ".join([listing.scope, *filters])


def default_scope(user: Any) -> str:
    """Personal coaches start from their own jobseekers, everybody else from the whole area."""
    return OWN if isinstance(user, User) and Role.CASE_WORKER in roles_of(user) else AREA


def ordered(rows: "JobSeekerQuerySet", order: str) -> "JobSeekerQuerySet":
    """In the order asked for; equal rows by name. What a row does not have comes last, whichever way."""
    name, descending = order.removeprefix("-"), order.startswith("-")
    if name == DEFAULT_ORDER:
        return rows.order_by(*(key.desc() if descending else key.asc() for key in _NAME))
    key = ORDERS[name]
    first = key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)
    return rows.order_by(first, *_NAME)
