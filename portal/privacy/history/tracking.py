"""Which tables have a history, and what of their rows is written into it.

Each source of PRIVACY_SOURCES has a plain `HISTORY`: model label -> `Tracked` or `NotTracked`. A many-to-many field has
a table of its own, whose label Django makes: "jobmatching.JobSeeker_places". A test walks all models and fails for one
that is in no list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise


@dataclass(frozen=True)
class Tracked:
    """A table whose every change is written down."""

    owner: str = ""
    """The field that says whose row it is (the jobseeker of a skill); "": the row stands for itself."""
    owned_by: str = ""
    """Label of the owner's model, where the field is a bare number."""
    also: tuple[str, ...] = ()
    """Other fields that name somebody in whose history the change is told, too, and with whom it goes."""
    named_by: tuple[str, ...] = ()
    """The fields by which people tell the row from its neighbours: kept beside a change of the others."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Field -> why its values are not written down. Times of the row itself never are."""
    kind: str | Promise = ""
    """What people call the rows, where the model is another's making and has no name for people."""
    concealed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field -> columns: told is only that it was given, changed (all of the columns did) or taken away."""


@dataclass(frozen=True)
class NotTracked:
    """A table without a history."""

    reason: str


Entry = Tracked | NotTracked
History = Mapping[str, Entry]


def entries() -> dict[str, Entry]:
    """All lists as one. ValueError where two sources name one model."""
    gathered: dict[str, Entry] = {}
    for source in settings.PRIVACY_SOURCES:
        history: History = getattr(import_module(source), "HISTORY", {})
        if twice := gathered.keys() & history.keys():
            raise ValueError(f"{source} names models that another source names: {', '.join(sorted(twice))}")
        gathered |= history
    return gathered


def tracked_models() -> dict[type[models.Model], Tracked]:
    """Every tracked model with its entry, in the order of the lists."""
    return {apps.get_model(label): entry for label, entry in entries().items() if isinstance(entry, Tracked)}


def stored_models() -> Iterator[type[models.Model]]:
    """Every model that has a table, those of many-to-many fields included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and not model._meta.swapped:
            yield model


_OF_THE_ROW: Final = ("auto_now", "auto_now_add")


@dataclass(frozen=True)
class Table:
    """A tracked table as the triggers need to know it: names of columns, not of fields."""

    name: str
    label: str
    key: str
    columns: tuple[str, ...]
    """Those whose values are written down, in the order of the table; the key is among them."""
    left_out: tuple[str, ...]
    named_by: tuple[str, ...]
    concealed: tuple[tuple[str, tuple[str, ...]], ...]
    owner: tuple[str, str]
    """Label of the model that the owner is of, and the column with its number."""
    also: tuple[tuple[str, str], ...]


def table_of(model: type[models.Model], entry: Tracked, columns: tuple[str, ...]) -> Table:
    """The table of a model that has these columns in the database now.

    Raises ImproperlyConfigured where the entry names a field that is not there, and where encrypted or packed bytes
    would be written into the history.
    """
    meta = model._meta
    by_name: dict[str, Any] = {one.name: one for one in meta.concrete_fields}
    named = {entry.owner, *entry.also, *entry.named_by, *entry.left_out, *entry.concealed} - {""}
    if unknown := named - by_name.keys():
        raise ImproperlyConfigured(f"The history of {meta.label} names fields that it has not: {sorted(unknown)}")
    hidden = {by_name[name].column for name in (*entry.left_out, *entry.concealed)}
    hidden |= {column for group in entry.concealed.values() for column in group}
    hidden |= {one.column for one in meta.concrete_fields if any(getattr(one, kind, False) for kind in _OF_THE_ROW)}
    packed = [one.name for one in meta.concrete_fields if isinstance(one, models.BinaryField)]
    if open_bytes := [name for name in packed if by_name[name].column not in hidden]:
        raise ImproperlyConfigured(f"Bytes never go into the history: leave {open_bytes} of {meta.label} out.")
    return Table(
        name=meta.db_table,
        label=meta.label_lower,
        key=_column(meta.pk),
        columns=tuple(column for column in columns if column not in hidden),
        left_out=tuple(column for column in columns if column in hidden),
        named_by=tuple(by_name[name].column for name in entry.named_by),
        concealed=tuple(sorted(entry.concealed.items())),
        owner=_owner_of(model, entry),
        also=tuple(_pointed_at(by_name[name]) for name in entry.also),
    )


def _owner_of(model: type[models.Model], entry: Tracked) -> tuple[str, str]:
    """The label of the owner's model, and the column with its number."""
    if not entry.owner:
        return model._meta.label_lower, _column(model._meta.pk)
    one = model._meta.get_field(entry.owner)
    return (entry.owned_by.lower(), _column(one)) if entry.owned_by else _pointed_at(one)


def owner_label(model: type[models.Model], entry: Tracked) -> str:
    """The label (in lower case) of the model whose objects' history the rows belong to."""
    return _owner_of(model, entry)[0]


def _column(field: Any) -> str:
    """The column of a field (Any: Django's types know fields without one)."""
    column: str = field.column
    return column


def _pointed_at(field: Any) -> tuple[str, str]:
    """The label of the model that a foreign key points at, and its column."""
    return field.related_model._meta.label_lower, field.column
