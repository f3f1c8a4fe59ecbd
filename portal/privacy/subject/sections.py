"""Sections of what a person is given of their own data.

A source of PRIVACY_SOURCES names its exporters beside its TABLE: `EXPORTERS`, a tuple of dotted paths to `Exporter`
objects. What is not told stands in its `NOT_EXPORTED`, model or field -> why. A test holds them to it that every
personal field about jobseekers is told in some section, or said why not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Plain = str | int | float | bool | None
Text = str | Promise


@dataclass(frozen=True)
class Told:
    """A value for machines with its words for people: a code and its label, a day and how it is written."""

    value: Plain
    text: str


Cell = Plain | Told | Sequence[Plain]


@dataclass(frozen=True)
class Column:
    """A column of a section: its key in the JSON document, its heading for people."""

    key: str
    label: Text


@dataclass(frozen=True)
class Section:
    """Rows of one kind about one person."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    """Key of a column -> value; a key that is missing is an empty cell."""
    note: Text = ""
    """A sentence under the heading: where the data comes from, what is left out and why."""


@dataclass(frozen=True)
class Exporter:
    """Makes one section from a person (the row of the jobseeker; Any: the floors below do not know its class)."""

    code: str
    title: Text
    tell: Callable[[Any], Section]
    covers: frozenset[str] = field(default_factory=frozenset)
    """Fields that the section tells, each as "app.Model.field"."""
    steps: int = 1
    """How much of the work it is, beside the others; for the progress."""


def exporters() -> list[Exporter]:
    """The exporters of all sources, those of the last source first: the profile. ValueError where two have one code."""
    found = list(_gather())
    codes = [exporter.code for exporter in found]
    if len(codes) != len(set(codes)):
        raise ValueError("Two exporters have one code.")
    return found


def exported_fields() -> frozenset[str]:
    """Every field that some section tells, as "app.Model.field"."""
    return frozenset(name for exporter in exporters() for name in exporter.covers)


def not_exported() -> dict[str, str]:
    """What no section tells: "app.Model" or "app.Model.field" -> why."""
    told: dict[str, str] = {}
    for source in settings.PRIVACY_SOURCES:
        told |= getattr(import_module(source), "NOT_EXPORTED", {})
    return told


def of_model(label: str, names: Iterable[str]) -> frozenset[str]:
    """Fields of one model by their full names: of_model("jobmatching.JobSeeker", ["email"])."""
    return frozenset(f"{label}.{name}" for name in names)


def _gather() -> Iterator[Exporter]:
    for source in reversed(settings.PRIVACY_SOURCES):
        for path in getattr(import_module(source), "EXPORTERS", ()):
            yield import_string(path)
