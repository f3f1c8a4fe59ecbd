"""Events in words: who, when, how, and each field from what to what, as people name them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.outbox.purposes import CONTACT, PURPOSES, UNSUBSCRIBE
from portal.privacy.fields import Audience, PersonalField, field_classes
from portal.privacy.history.context import Source
from portal.privacy.history.enums import Operation
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.querysets import NOTHING, Withheld
from portal.privacy.history.tracking import Tracked, entries
from portal.ui import formats

SHOWN_TO_NOBODY: Final = frozenset({Audience.NOBODY, Audience.MATCHING, Audience.REPORT, Audience.ON_DEMAND})
"""Fields of these classes are told as changed, without what they were or are."""

_NOBODY: Final = {
    Source.WEB: gettext_lazy("nobody signed in"),
    Source.IMPORT: gettext_lazy("the portal itself"),
    Source.COMMAND: gettext_lazy("the maintenance"),
    Source.JOB: gettext_lazy("the portal itself"),
    Source.SQL: gettext_lazy("not known who"),
}
"""Who it was where no person is told."""

_BY_LINK: Final = {
    PURPOSES[CONTACT].url_name: gettext_lazy("the jobseeker, by the link in a message"),
    PURPOSES[UNSUBSCRIBE].url_name: gettext_lazy("the recipient, by the link in a message"),
}
"""Who it was on a page that opens by a link of a message: nobody is signed in there."""

LONG: Final = 200
"""Letters of both sides of a change."""


@dataclass(frozen=True)
class Line:
    """One field of a change; `concealed`: that it changed is told, and nothing more."""

    label: str
    before: str = ""
    after: str = ""
    concealed: bool = False

    @property
    def value(self) -> str:
        """What a row that came has, or one that went had."""
        return self.after or self.before

    @property
    def is_long(self) -> bool:
        """Texts that are read one after the other, not on one line."""
        return len(self.before) + len(self.after) > LONG


@dataclass(frozen=True)
class Told:
    """One event: which row, what happened to it, field by field."""

    event: HistoryEvent
    title: str
    operation: Operation
    lines: Sequence[Line]

    @property
    def tone(self) -> str:
        """Of the tag that says what happened."""
        return {Operation.INSERT: "ok", Operation.UPDATE: "info", Operation.DELETE: "bad"}[self.operation]

    @property
    def icon(self) -> str:
        """Beside it."""
        return {Operation.INSERT: "plus", Operation.UPDATE: "pencil", Operation.DELETE: "trash"}[self.operation]


@dataclass(frozen=True)
class ChangeSet:
    """What one person did at once."""

    at: datetime
    who: str
    how: str
    reason: str
    told: Sequence[Told] = field(default_factory=tuple)


def change_sets(events: Sequence[HistoryEvent], without: Withheld = NOTHING) -> list[ChangeSet]:
    """Events in words, those of one transaction together, in the order in which they are given.

    `without`: fields of which not even a change is told.
    """
    words = Words(events, without=without)
    sets = []
    for _key, group in groupby(events, key=lambda one: (one.transaction, one.actor_id, one.source, one.reason)):
        some = list(group)
        first = some[0]
        sets.append(
            ChangeSet(first.at, words.who(first), how(first), first.reason, [words.told(event) for event in some])
        )
    return sets


def how(event: HistoryEvent) -> str:
    """How a change came about; of what was not done on a page, also the name."""
    label = str(Source(event.source).label)
    return label if event.source == Source.WEB or not event.name else f"{label}: {event.name}"


class Words:
    """The words of some events; whatever they point at is read in a few queries for all of them."""

    def __init__(
        self, events: Iterable[HistoryEvent], hidden: frozenset[Audience] = SHOWN_TO_NOBODY, without: Withheld = NOTHING
    ) -> None:
        """`hidden`: classes of fields whose values are not told; to the person concerned all are."""
        self._events = list(events)
        self._without = without
        self._hidden = hidden
        self._classes = field_classes()
        self._entries = {label.lower(): entry for label, entry in entries().items()}

    def who(self, event: HistoryEvent) -> str:
        """The person; else what did it."""
        if event.actor_id is None and event.source == Source.WEB and event.name in _BY_LINK:
            return str(_BY_LINK[event.name])
        if event.actor_id is None:
            return str(_NOBODY[Source(event.source)])
        return self._names.get((User, str(event.actor_id))) or _("account %(number)s, since deleted") % {
            "number": event.actor_id
        }

    def told(self, event: HistoryEvent) -> Told:
        """An event in words."""
        return Told(event, self.title(event), Operation(event.operation), self.lines(event))

    def title(self, event: HistoryEvent) -> str:
        """Which row: its kind, and what tells it from its neighbours ("Skill: welding")."""
        model = model_of(event.model)
        if model is None:
            return event.model
        kind = kind_of(model)
        entry = self._entries.get(event.model)
        if not isinstance(entry, Tracked) or not entry.owner:
            return kind
        values: Mapping[str, Any] = {**(event.called or {}), **(event.before or {}), **(event.after or {})}
        named = [self._value(model, _column_of(model, name), values) for name in entry.named_by]
        name = ", ".join(text for text in named if text)
        return f"{kind}: {name}" if name else kind

    def lines(self, event: HistoryEvent) -> list[Line]:
        """Field by field; of a row that came or went, what had been given and does not stand in the title."""
        model = model_of(event.model)
        before: Mapping[str, Any] = event.before or {}
        after: Mapping[str, Any] = event.after or {}
        keys = [*after, *(key for key in before if key not in after)]
        keys = [key for key in keys if (event.model, key) not in self._without.columns]
        if model is not None:
            keys = sorted(keys, key=_order_of(model).__getitem__)
        return [line for key in keys if (line := self._line(event, model, key, before, after)) is not None]

    def _line(
        self,
        event: HistoryEvent,
        model: type[models.Model] | None,
        key: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> Line | None:
        changed = event.operation == Operation.UPDATE
        if model is None:
            return Line(key, _plain(before.get(key)), _plain(after.get(key)))
        entry = self._entries.get(event.model)
        one = _fields(model).get(key)
        value = {**before, **after}[key]
        if not changed and (key == model._meta.pk.column or _is_empty(value) or value is False):
            return None
        if not changed and isinstance(entry, Tracked) and one is not None:
            in_title = {entry.owner, *(entry.named_by if entry.owner else ())}
            if one.name in in_title:
                return None
        label = capfirst(str(one.verbose_name)) if one is not None else key
        if self._is_concealed(model, key, entry):
            return Line(label, concealed=True)
        return Line(label, self._value(model, key, before), self._value(model, key, after))

    def _is_concealed(self, model: type[models.Model], key: str, entry: object) -> bool:
        one = _fields(model).get(key)
        name = one.name if one is not None else key
        if isinstance(entry, Tracked) and name in entry.concealed:
            return True
        known = self._classes.get(f"{model._meta.label}.{name}")
        return isinstance(known, PersonalField) and known.seen_by in self._hidden

    def _value(self, model: type[models.Model], key: str, values: Mapping[str, Any]) -> str:
        """A value as people read it; "" where there is none."""
        value = values.get(key)
        if _is_empty(value):
            return ""
        one = _fields(model).get(key)
        if one is None:
            return _plain(value)
        if one.is_relation:
            known = self._names.get((one.related_model, str(value)))
            return known or _("number %(number)s, no longer there") % {"number": value}
        return _in_words(one, value)

    @cached_property
    def _names(self) -> dict[tuple[type[models.Model], str], str]:
        """(model, number) -> name, of all that the events point at."""
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for event in self._events:
            if event.actor_id is not None:
                wanted[User].add(event.actor_id)
            model = model_of(event.model)
            for values in (event.before, event.after, event.called):
                for key, value in (values or {}).items():
                    one = _fields(model).get(key) if model else None
                    if one is not None and one.is_relation and value is not None:
                        wanted[one.related_model].add(value)
        return {
            (model, str(row.pk)): _name_of(row)
            for model, keys in wanted.items()
            for row in model._base_manager.filter(pk__in=keys).order_by("pk")
        }


# --- Kinds and fields ----------------------------------------------------------------------------------------------
def model_of(label: str) -> type[models.Model] | None:
    """The model of a label; None where it is no longer there."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def kind_of(model: type[models.Model]) -> str:
    """What people call the rows; those of a many-to-many field have the field's name."""
    entry = entries().get(model._meta.label)
    if isinstance(entry, Tracked) and entry.kind:
        return capfirst(str(entry.kind))
    if model._meta.auto_created:
        owner: Any = model._meta.auto_created
        for one in owner._meta.local_many_to_many:
            if one.remote_field.through is model:
                return capfirst(str(one.verbose_name))
    return capfirst(str(model._meta.verbose_name))


def _fields(model: type[models.Model]) -> dict[str, Any]:
    """Column (or name of a concealed field) -> field (Any: Django's types know fields without a column)."""
    found: dict[str, Any] = {one.name: one for one in model._meta.concrete_fields}
    return found | {str(one.column): one for one in model._meta.concrete_fields}


def _column_of(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _order_of(model: type[models.Model]) -> dict[str, int]:
    """The order of the model's fields; what it does not know comes last."""
    places: defaultdict[str, int] = defaultdict(lambda: len(model._meta.concrete_fields))
    for place, one in enumerate(model._meta.concrete_fields):
        places[one.name] = places[str(one.column)] = place
    return places


# --- Values --------------------------------------------------------------------------------------------------------
def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _in_words(one: Any, value: Any) -> str:
    """A value that came through JSON, as its field reads (Any: see `_fields`)."""
    if isinstance(one, ArrayField):
        return ", ".join(_in_words(one.base_field, item) for item in value)
    if one.flatchoices:
        return capfirst(str(dict(one.flatchoices).get(value, value)))
    if isinstance(one, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(one, models.DateTimeField):
        return formats.moment(datetime.fromisoformat(value))
    if isinstance(one, models.DateField):
        return formats.day_year(date.fromisoformat(value))
    if isinstance(one, models.IntegerField | models.DecimalField | models.FloatField):
        return formats.number(value)
    return _plain(value)


def _name_of(row: models.Model) -> str:
    """What a row is called; by its kind and number where it has no name."""
    named = type(row).__str__ is not models.Model.__str__
    return str(row) if named else f"{capfirst(str(row._meta.verbose_name))} {row.pk}"


def _plain(value: Any) -> str:
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(map(_plain, value))
    return "" if value is None else str(value)
