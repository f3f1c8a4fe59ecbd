"""The main navigation: one entry per part of the portal, shown to those who may open it.

This floor knows addresses and permissions by their names only; `rules` answers for the permissions.
"""

from dataclasses import dataclass
from typing import Any, Final

import rules
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The package has no types.
_RULES: Any = rules


@dataclass(frozen=True)
class Entry:
    """A part of the portal: the name of its first page, its word, and the permission that opens it."""

    url_name: str
    label: Promise
    permission: str


@dataclass(frozen=True)
class Item:
    """An entry as one person sees it on one page."""

    url: str
    label: Promise
    current: bool


@dataclass(frozen=True)
class SearchTarget:
    """Where the search field of the bar leads, and what the field says.

    A search for people is sent by POST: names never stand in addresses.
    """

    url_name: str
    label: Promise
    permission: str
    by_post: bool = False


@dataclass(frozen=True)
class Search:
    """The search field as one person has it."""

    url: str
    label: Promise
    by_post: bool


ENTRIES: Final = (
    Entry("seekers:list", _("Jobseekers"), "seekers.view"),
    Entry("vacancies:list", _("Vacancies"), "vacancies.view"),
    Entry("classifications:occupations", _("Occupations"), "classifications.view"),
    Entry("runs:list", _("Nightly runs"), "runs.view"),
    Entry("trust:index", _("Trust"), "trust.view"),
    Entry("admin:index", _("Administration"), "admin.use"),
)
ACCOUNT_ENTRIES: Final = (
    Entry("accounts:teams", _("Teams and stand-ins"), "teams.manage"),
    Entry("accounts:people", _("Accounts"), "users.manage"),
    Entry("accounts:roles", _("Roles and permissions"), "roles.view"),
)
"""What stands in the menu of one's own account: kept by few, and seldom."""
FIRST_PAGES: Final = (
    ("audit:log", "audit.view"),
    ("accounts:people", "users.manage"),
)
"""Where those start whose work is in no entry of the main navigation: address and the permission that tells them."""
SEARCH_TARGETS: Final = (
    SearchTarget("seekers:search", _("Search jobseekers"), "seekers.view", by_post=True),
    SearchTarget("vacancies:list", _("Search vacancies"), "vacancies.view"),
)


def address(url_name: str) -> str | None:
    """The address of a page, None where this installation does not have it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def open_to(user: object, permission: str) -> bool:
    """Whether a role held today gives the permission."""
    return bool(_RULES.perm_exists(permission) and _RULES.has_perm(permission, user))


def navigation(request: HttpRequest) -> tuple[Item, ...]:
    """The entries open to this person; the one whose part this page belongs to is current."""
    return _items(request, ENTRIES)


def account_menu(request: HttpRequest) -> tuple[Item, ...]:
    """The entries of the menu of one's own account that are open to this person."""
    return _items(request, ACCOUNT_ENTRIES)


def _items(request: HttpRequest, entries: tuple[Entry, ...]) -> tuple[Item, ...]:
    items = []
    for entry in entries:
        url = address(entry.url_name) if open_to(request.user, entry.permission) else None
        if url is not None:
            items.append(Item(url, entry.label, request.path.startswith(url)))
    return tuple(items)


def search_target(request: HttpRequest) -> Search | None:
    """Where the search field of the bar leads for this person; None where there is nothing to search."""
    for target in SEARCH_TARGETS:
        url = address(target.url_name) if open_to(request.user, target.permission) else None
        if url is not None:
            return Search(url, target.label, target.by_post)
    return None


def first_page(request: HttpRequest) -> str | None:
    """The page that a person starts from: that of their own work, or the first entry open to them."""
    for url_name, permission in FIRST_PAGES:
        if open_to(request.user, permission) and (url := address(url_name)) is not None:
            return url
    items = navigation(request)
    return items[0].url if items else None
