"""Which fields hold personal data: on which ground, for how long, and who sees them.

Each module in settings.PRIVACY_SOURCES has a plain `TABLE`: model label -> field name -> class. A test walks every
model of ours: a new field without a class fails it, and so does an entry whose field is gone. Retention, exports for
the person concerned and the record of processing are made from these tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import models


class Basis(Enum):
    """The legal ground on which data is kept. The wording is the controller's to confirm before production."""

    STATUTORY_TASK = "statutory task: arranging employment services for the person"
    IDENTIFICATION = "statutory task: telling the person apart from others with certainty"
    PROTECTION = "statutory duty: non-disclosure for personal safety"
    EQUAL_TREATMENT = "statutory duty: showing that jobseekers are treated equally"
    CO_OPERATION = "task in the public interest: co-operation with employers about vacancies"
    USE_OF_PORTAL = "task in the public interest: sign-in, rights and accountability of those who use the portal"


@dataclass(frozen=True)
class Retention:
    """A retention class: how many months after what the data is deleted."""

    code: str
    after: str
    months: int
    provisional: bool = True
    """The time is a working assumption until the controller's archiving plan says otherwise."""


class Kept(Enum):
    """The retention classes. Every time is provisional."""

    WITH_PROFILE = Retention("profile", "the last registration spell has ended", 24)
    WITH_ACCOUNT = Retention("account", "the account was closed", 12)
    WITH_EMPLOYER = Retention("employer", "the employer's last vacancy was closed", 24)
    WITH_VACANCY = Retention("vacancy", "the vacancy was closed or filled", 24)
    WITH_RUN = Retention("run", "the run", 6)
    FOR_ACCOUNTABILITY = Retention("accountability", "the rules were replaced or the run was made", 120)


class Audience(Enum):
    """Who sees a field, as the portal shows it."""

    COACHES = "those who may see the jobseeker (visible_to)"
    ON_DEMAND = "those who may see the jobseeker, each time on demand and logged"
    MATCHING = "nobody: only the matching engine reads it"
    REPORT = "nobody: only figures of groups are made from it"
    VACANCY_READERS = "those who may see the vacancy or the employer (visible_to)"
    COLLEAGUES = "those who work with the same jobseekers or vacancies"
    RUN_READERS = "those who may see the runs"
    ADMINISTRATORS = "the person and administrators"
    NOBODY = "nobody: the portal uses it without showing it"


@dataclass(frozen=True)
class PersonalField:
    """A field that tells something about a person."""

    basis: Basis
    kept: Kept
    seen_by: Audience


@dataclass(frozen=True)
class NotPersonal:
    """A field (or all fields of a model) that tells nothing about a person."""

    reason: str


FieldClass = PersonalField | NotPersonal
Table = Mapping[str, Mapping[str, FieldClass] | NotPersonal]

ROW = NotPersonal("key and times of the row itself: they go when the row goes")
ROW_FIELDS = frozenset({"id", "created_at", "updated_at"})


def each(field_class: FieldClass, *names: str) -> dict[str, FieldClass]:
    """Give several fields one class."""
    return dict.fromkeys(names, field_class)


def tables() -> dict[str, Mapping[str, FieldClass] | NotPersonal]:
    """All tables as one: model label -> its entry. ValueError where two sources name one model."""
    gathered: dict[str, Mapping[str, FieldClass] | NotPersonal] = {}
    for source in settings.PRIVACY_SOURCES:
        table: Table = import_module(source).TABLE
        if twice := gathered.keys() & table.keys():
            raise ValueError(f"{source} names models that another source names: {', '.join(sorted(twice))}")
        gathered |= table
    return gathered


def fields_of(model: type[models.Model]) -> list[str]:
    """Names of the fields that a model stores itself, many-to-many ones included."""
    return [field.name for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)]


def field_classes() -> dict[str, FieldClass]:
    """Every classified field of the installed models: "app.Model.field" -> its class."""
    classes: dict[str, FieldClass] = {}
    for label, entry in tables().items():
        for name in fields_of(apps.get_model(label)):
            if isinstance(entry, NotPersonal):
                classes[f"{label}.{name}"] = entry
            elif name in entry:
                classes[f"{label}.{name}"] = entry[name]
            elif name in ROW_FIELDS:
                classes[f"{label}.{name}"] = ROW
    return classes


def personal_fields(model: type[models.Model]) -> dict[str, PersonalField]:
    """The fields of a model that hold personal data."""
    prefix = f"{model._meta.label}."
    return {
        key.removeprefix(prefix): one
        for key, one in field_classes().items()
        if key.startswith(prefix) and isinstance(one, PersonalField)
    }
