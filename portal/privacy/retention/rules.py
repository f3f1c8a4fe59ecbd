"""How rows of a retention class are found due and go. Each source of PRIVACY_SOURCES names its own.

Three plain tuples of dotted paths may stand beside a source's TABLE:

- `RETENTION`: rules, in the order in which the night follows them; those of the last source come first;
- `TRACES`: what else goes with the objects of a rule, in other rooms;
- `BLOCKS`: what else keeps the objects of a rule from being deleted.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from importlib import import_module
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Kept


class Block(models.TextChoices):
    """Why something whose time has passed is not deleted."""

    OPEN_SEARCH = "open_search", _("the search is open")
    OPEN_REQUEST = "open_request", _("a request of the person is open")
    RESTRICTED = "restricted", _("the processing is restricted")
    LEGAL_HOLD = "legal_hold", _("needed for a legal claim or a matter of an authority")
    NAMED_REASON = "named_reason", _("kept for a reason that a person has given")
    SERVES_SEEKERS = "serves_seekers", _("is the personal coach of jobseekers")
    HAS_VACANCIES = "has_vacancies", _("has vacancies that are still kept")
    NAMED_IN_LOG = "named_in_log", _("the access log that is still kept names the person")


RELEASED_BY: Final[Mapping[Block, Promise]] = {
    Block.OPEN_SEARCH: _("ends with the search"),
    Block.OPEN_REQUEST: _("whoever handles the request, by deciding it"),
    Block.RESTRICTED: _("a team lead, by lifting the restriction"),
    Block.LEGAL_HOLD: _("a team lead, by releasing it"),
    Block.NAMED_REASON: _("the personal coach or a team lead, by releasing it"),
    Block.SERVES_SEEKERS: _("a team lead, by giving the jobseekers another coach"),
    Block.HAS_VACANCIES: _("ends with the time of the vacancies"),
    Block.NAMED_IN_LOG: _("ends with the time of the access log"),
}
"""Who can take a block away, or what ends it."""


class Standing(Enum):
    """How an object stands when its turn has come and it is looked at again under its lock."""

    DUE = "due"
    NOT_DUE = "not due"
    BUSY = "busy"
    """Somebody is changing it at this moment: it waits for the next night."""
    GONE = "gone"


@dataclass(frozen=True)
class Due:
    """An object whose time has passed, and the day from which the time was counted."""

    pk: int
    since: date
    told: bool = True
    """Whether it is in the counts that people read: not who is under non-disclosure, as long as the person is there."""


@dataclass(frozen=True)
class Removed:
    """What a rule without single objects has removed (or would remove): how many rows, and by which keys."""

    rows: int
    keys: tuple[str, ...] = ()
    """What the proof is made from: numbers of runs, names of partitions; never of people."""


class Rule(ABC):
    """What is kept under one retention class, and how it goes."""

    code: ClassVar[str]
    kept: ClassVar[Kept]
    label: ClassVar[Promise]
    """What the rule deletes, in words."""
    covers: ClassVar[frozenset[str]]
    """Labels of the models whose personal fields of this class go by this rule."""


class ObjectRule(Rule):
    """Objects that go one by one, after notice: people, accounts, employers, vacancies."""

    @abstractmethod
    def due(self, before: date) -> Iterable[Due]:
        """Every object whose time was counted from a day before `before`, oldest first."""

    @abstractmethod
    def lock(self, pk: int, before: date) -> Standing:
        """Lock the object without waiting, with all that decides whether it is due, and say how it stands."""

    @abstractmethod
    def delete(self, pk: int) -> None:
        """Delete the object and all of its own rows; the caller holds its lock and the transaction."""

    @abstractmethod
    def all_ids(self) -> Iterable[int]:
        """Numbers of all objects that the rule could ever delete, due or not."""

    def blocks(self, pks: Collection[int]) -> Mapping[int, Collection[Block]]:
        """What keeps objects, beside holds; who is not named is not blocked."""
        return {}

    def responsible(self, pks: Collection[int]) -> Mapping[int, int]:
        """Object -> id of the user who is told of it; who is not named is told to those who keep the class."""
        return {}

    def count(self, pks: Collection[int]) -> None:
        """Add objects to figures that nobody can link to them, before they go. Nothing unless the rule says so."""

    def count_alone(self) -> None:
        """Add one object that goes alone: without any feature, since it would be found among no others."""


class BulkRule(Rule):
    """Rows that go many at once and without notice: partitions, old runs, messages sent."""

    @abstractmethod
    def find(self, before: date) -> Removed:
        """What would go: rows of before `before`."""

    @abstractmethod
    def remove(self, before: date) -> Removed:
        """Remove it. Called outside a transaction of the caller; the second call finds nothing."""


@dataclass(frozen=True)
class Trace:
    """What goes with the objects of a rule elsewhere."""

    rule: str
    remove: Callable[[Sequence[int]], None]
    """Takes ids of objects; may be called again for the same ones."""
    covers: frozenset[str] = frozenset()
    """Labels of models whose rows it removes."""
    ahead: bool = False
    """Removed for many objects at once before they go themselves (large derived rows), not within each object's
    transaction. What was removed ahead for an object that stays after all is made anew by the next night."""


@dataclass(frozen=True)
class Blocker:
    """What keeps objects of a rule, known to a floor above the rule's."""

    rule: str
    find: Callable[[Collection[int]], Mapping[int, Collection[Block]]]


def rules() -> list[Rule]:
    """The rules of all sources, in the order of the night. ValueError where two have one code."""
    found: list[Rule] = list(_named("RETENTION"))
    codes = [rule.code for rule in found]
    if len(codes) != len(set(codes)):
        raise ValueError("Two retention rules have one code.")
    return found


def rule(code: str) -> Rule:
    """The rule of a code; KeyError where there is none."""
    return {one.code: one for one in rules()}[code]


def object_rule(code: str) -> ObjectRule:
    """The rule of a code that deletes objects one by one; KeyError where there is none."""
    found = rule(code)
    if not isinstance(found, ObjectRule):
        raise KeyError(code)
    return found


def traces(code: str) -> list[Trace]:
    """What goes with the objects of a rule."""
    return [trace for trace in _named("TRACES") if trace.rule == code]


def blockers(code: str) -> list[Blocker]:
    """What else keeps the objects of a rule."""
    return [blocker for blocker in _named("BLOCKS") if blocker.rule == code]


def _named(attribute: str) -> Iterator[Any]:
    """What the sources name by dotted paths (Any: each attribute has a type of its own)."""
    for source in reversed(settings.PRIVACY_SOURCES):
        for path in getattr(import_module(source), attribute, ()):
            yield import_string(path)
