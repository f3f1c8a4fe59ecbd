"""What one request asks of the access log: narrowed how, from when to when. Page and export share it."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.privacy.access.forms import LogFilter
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.access.querysets import EntryQuerySet
from portal.privacy.access.recording import hashes_of_words
from portal.ui.chips import chips_of, without
from portal.ui.formats import day_year
from portal.ui.parts import Chip

WORDS: Final = "s"
"""Parameter that stands for words that were searched for; the session keeps their hashes."""
USUAL_DAYS: Final = 7
"""Days that are shown where none are asked for: the log of all years is long."""
MOST_COUNTED: Final = 10_000
_SESSION: Final = "audit.words"
_KEPT: Final = 20


class LogPaginator(Paginator):
    """Pages of the log; rows beyond the first ten thousand are not counted: whoever needs them narrows the search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: MOST_COUNTED + 1].count())


@dataclass(frozen=True)
class Search:
    """The rows that were asked for, and all that the page says about them."""

    form: LogFilter
    found: EntryQuerySet
    start: date
    end: date | None
    chips: list[Chip]
    words_lost: bool
    person: int | None

    @property
    def about(self) -> str:
        """What was asked, for the log itself: names of filters and numbers, no words."""
        given = [name for name, value in self.form.cleaned_data.items() if value]
        return ", ".join([*given, f"{self.start.isoformat()}..{self.end.isoformat() if self.end else ''}"])


def search_of(request: HttpRequest) -> Search:
    """Read the address, and the session for words."""
    form = LogFilter(request.GET)
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    end: date | None = given.get("end")
    start: date = given.get("start") or (end or timezone.localdate()) - timedelta(days=USUAL_DAYS - 1)
    found = AccessLogEntry.objects.between(_midnight(start), _midnight(end + timedelta(days=1)) if end else None)
    if person := given.get("person"):
        found = found.of_subject(person)
    if user := given.get("user"):
        found = found.by_user(user.pk)
    if actions := given.get("action"):
        found = found.doing(actions)
    chips = chips_with_days(form, request.GET)
    key = request.GET.get(WORDS, "")
    hashes = _kept_words(request, key) if key else None
    if hashes:
        found = found.filter(words_hashes__contains=hashes)
        chips.insert(0, Chip(_("Searched for words that you wrote"), without(request.GET, WORDS)))
    if form.errors:
        found = found.none()
    return Search(form, found.latest_first(), start, end, chips, bool(key) and not hashes, person)


def keep_words(request: HttpRequest, words: str) -> str:
    """Keep the hashes of words in the session; return the key that stands for them in the address."""
    kept: dict[str, list[str]] = request.session.get(_SESSION, {})
    key = secrets.token_urlsafe(6)
    request.session[_SESSION] = dict([*kept.items(), (key, hashes_of_words(words))][-_KEPT:])
    return key


def _kept_words(request: HttpRequest, key: str) -> list[str] | None:
    kept: dict[str, list[str]] = request.session.get(_SESSION, {})
    return kept.get(key)


def chips_with_days(form: forms.Form, query: QueryDict) -> list[Chip]:
    """The filters in force, their days as people write them."""
    days = {name: form.cleaned_data[name] for name in ("start", "end") if form.cleaned_data.get(name)}
    as_typed = {without(query, name) for name in days} | {
        without(query, name, day.isoformat()) for name, day in days.items()
    }
    chips = [chip for chip in chips_of(form, query) if chip.remove_url not in as_typed]
    return chips + [
        Chip(f"{form.fields[name].label}: {day_year(day)}", without(query, name)) for name, day in days.items()
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
