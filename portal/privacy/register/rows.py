"""Each personal field as one row: what it is, on which ground, how long, who sees it, where else it goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Audience, Basis, Kept, PersonalField, field_classes
from portal.privacy.history.tracking import Tracked, entries
from portal.privacy.retention.classes import all_in_force
from portal.privacy.retention.models import RetentionClass
from portal.privacy.retention.overview import field_words, model_words
from portal.privacy.subject.sections import exported_fields


class Whose(Enum):
    """Whose data a class is about, as the register groups it."""

    JOBSEEKERS = "jobseekers"
    EMPLOYERS = "employers"
    USERS = "users"
    LOGS = "logs"


WHOSE_LABELS: Final[Mapping[Whose, Promise]] = {
    Whose.JOBSEEKERS: _("Jobseekers"),
    Whose.EMPLOYERS: _("Employers and their contact persons"),
    Whose.USERS: _("Users of the portal"),
    Whose.LOGS: _("Logs and messages"),
}

_GROUPS: Final[Mapping[Kept, Whose]] = {
    Kept.WITH_PROFILE: Whose.JOBSEEKERS,
    Kept.WITH_RUN: Whose.JOBSEEKERS,
    Kept.WITH_EMPLOYER: Whose.EMPLOYERS,
    Kept.WITH_VACANCY: Whose.EMPLOYERS,
    Kept.WITH_ACCOUNT: Whose.USERS,
    Kept.FOR_ACCOUNTABILITY: Whose.USERS,
    Kept.WITH_ACCESS_LOG: Whose.LOGS,
    Kept.WITH_MESSAGE: Whose.LOGS,
    Kept.FOR_REPLAY: Whose.LOGS,
}

INTERNAL: Final = frozenset({Audience.MATCHING, Audience.NOBODY})
"""What nobody is shown: packed copies, hashes, secrets. The public version tells of it in one sentence."""


@dataclass(frozen=True)
class RegisterRow:
    """One personal field."""

    key: str
    """ "app.Model.field", as the code names it."""
    model: str
    field: str
    whose: Whose
    basis: Basis
    kept: Kept
    time: RetentionClass | None
    seen_by: Audience
    in_history: bool
    in_export: bool

    @property
    def whose_label(self) -> Promise:
        """The group in words."""
        return WHOSE_LABELS[self.whose]


def whose(kept: Kept) -> Whose:
    """The group of a class; what no table names is about users."""
    return _GROUPS.get(kept, Whose.USERS)


def register_rows(day: date) -> list[RegisterRow]:
    """Every personal field, by group, model and the order of its fields; times as in force on a day."""
    times = all_in_force(day)
    history = _in_history()
    exported = exported_fields()
    rows = []
    for key, one in field_classes().items():
        if not isinstance(one, PersonalField):
            continue
        label, _dot, name = key.rpartition(".")
        rows.append(
            RegisterRow(
                key=key,
                model=model_words(label),
                field=capfirst(field_words(label, [name])[0]),
                whose=whose(one.kept),
                basis=one.basis,
                kept=one.kept,
                time=times.get(one.kept),
                seen_by=one.seen_by,
                in_history=key in history,
                in_export=key in exported,
            )
        )
    order = list(Whose)
    return sorted(rows, key=lambda row: (order.index(row.whose), row.model))


@dataclass(frozen=True)
class PublicLine:
    """What is kept of one kind, told to everybody: no names of tables, no copies for machines."""

    what: str
    fields: tuple[str, ...]
    bases: tuple[str, ...]
    months: int | None
    after: str
    seen_by: tuple[str, ...]


def public_lines(rows: Iterable[RegisterRow]) -> dict[Whose, list[PublicLine]]:
    """The register in short, by group: per kind of data and class the fields that somebody is shown."""
    grouped: dict[tuple[Whose, str, Kept], list[RegisterRow]] = {}
    for row in rows:
        if row.seen_by not in INTERNAL:
            grouped.setdefault((row.whose, row.model, row.kept), []).append(row)
    told: dict[Whose, list[PublicLine]] = {group: [] for group in Whose}
    for (group, model, kept), fields in grouped.items():
        time = fields[0].time
        told[group].append(
            PublicLine(
                what=model,
                fields=tuple(dict.fromkeys(row.field.lower() for row in fields)),
                bases=tuple(dict.fromkeys(str(row.basis.label) for row in fields)),
                months=time.months if time else None,
                after=str(kept.value.after),
                seen_by=tuple(dict.fromkeys(str(row.seen_by.label) for row in fields)),
            )
        )
    return {group: lines for group, lines in told.items() if lines}


def _in_history() -> frozenset[str]:
    """Fields whose values the history writes down."""
    found: set[str] = set()
    tracked = {label: entry for label, entry in entries().items() if isinstance(entry, Tracked)}
    for model in apps.get_models():
        label = model._meta.label
        if label in tracked:
            hidden = {*tracked[label].left_out, *tracked[label].concealed}
            found |= {f"{label}.{one.name}" for one in model._meta.concrete_fields if one.name not in hidden}
        for many in model._meta.local_many_to_many:
            through: Any = many.remote_field.through
            if through._meta.label in tracked:
                found.add(f"{label}.{many.name}")
    return frozenset(found)
