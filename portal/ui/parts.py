"""What components are made of: small values that a view builds and a tag draws."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Choice:
    """One link of a row of views (`k-seg`, `k-tabs`): where it leads, its word, and how many things are there."""

    url: str
    label: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Tile:
    """A ready queue: how many, of what, and a smaller line about them."""

    url: str
    count: int
    label: str
    small: str = ""
    current: bool = False


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the first level to this page; the last one has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Fact:
    """A fact with its name; `small` tells where it comes from."""

    label: str
    value: object
    small: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """A key figure with what it is counted from and how it has changed (`tone` says whether that is good)."""

    label: str
    value: str
    small: str = ""
    change: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened, for a timeline."""

    title: str
    at: datetime
    text: str = ""
    now: bool = False


@dataclass(frozen=True)
class Step:
    """A step of work in several steps."""

    label: str
    done: bool = False
    current: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a long piece of work is.

    `poll_url` answers with the same part of a page again while the work goes on; empty when it has ended.
    `percent` is 0..100, None while the length of the work is not known.
    """

    label: str
    steps: Sequence[Step] = field(default_factory=tuple)
    percent: int | None = None
    poll_url: str = ""
    page_url: str = ""
    said: str = ""
